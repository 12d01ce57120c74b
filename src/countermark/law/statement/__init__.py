"""The statement of reasons of the Digital Services Act: built, checked, said to the seller, sent to the database."""

from countermark.law.statement.building import build_statement, seller_sections
from countermark.law.statement.decision import Automation, Besides, Decision, Measure, Origin, puid_of
from countermark.law.statement.faults import Fault
from countermark.law.statement.personal_data import Sighting, find_personal_data
from countermark.law.statement.sending import Answer, Verdict, batches, doubled, read_answer
from countermark.law.statement.validating import Checked, validate

__all__ = [
    "Answer",
    "Automation",
    "Besides",
    "Checked",
    "Decision",
    "Fault",
    "Measure",
    "Origin",
    "Sighting",
    "Verdict",
    "batches",
    "build_statement",
    "doubled",
    "find_personal_data",
    "puid_of",
    "read_answer",
    "seller_sections",
    "validate",
]

"""What the law asks, as data: see README.md."""

from countermark.law.advancing import Advanced, advance
from countermark.law.asked import Asked, Declaration, Field, Ground, Paper
from countermark.law.by_hand import ByHand, count_period, count_rule
from countermark.law.choices import Choice, choices, late
from countermark.law.confirming import unconfirmed
from countermark.law.counting import Counted, CountingRule, Status, count
from countermark.law.deadlines import Clock, Deadline, Due, ServiceTarget
from countermark.law.drafts import Draft, Earlier, Facts, Item, Mandate, Problem, Proof, Signed, Standing
from countermark.law.history import migrate, replay
from countermark.law.keeping import keep, read_kept
from countermark.law.lawbook import Lawbook, read_lawbook, shipped_lawbook
from countermark.law.matter import Event, Happened, Matter, open_matter
from countermark.law.preflight import can_be_sent, preflight, wanted_declarations, wanted_fields
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime, read_regime
from countermark.law.regime_file import Channel, Subject
from countermark.law.rule import Basis, Role, Rule
from countermark.law.tags import Review, Source, Tag
from countermark.law.targets import read_targets, shipped_targets

__all__ = [
    "Advanced",
    "Asked",
    "Basis",
    "ByHand",
    "Channel",
    "Choice",
    "Clock",
    "Counted",
    "CountingRule",
    "Deadline",
    "Declaration",
    "Draft",
    "Due",
    "Earlier",
    "Event",
    "Facts",
    "Field",
    "Ground",
    "Happened",
    "Item",
    "Lawbook",
    "Mandate",
    "Matter",
    "MoveRefused",
    "Paper",
    "Problem",
    "Proof",
    "Regime",
    "Review",
    "Role",
    "Rule",
    "ServiceTarget",
    "Signed",
    "Source",
    "Standing",
    "Status",
    "Subject",
    "Tag",
    "advance",
    "can_be_sent",
    "choices",
    "count",
    "count_period",
    "count_rule",
    "keep",
    "late",
    "migrate",
    "open_matter",
    "preflight",
    "read_kept",
    "read_lawbook",
    "read_regime",
    "read_targets",
    "replay",
    "shipped_lawbook",
    "shipped_targets",
    "unconfirmed",
    "wanted_declarations",
    "wanted_fields",
]

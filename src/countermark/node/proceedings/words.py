"""The words of a step in their one spelling, over which its hash is taken."""

from collections.abc import Mapping

from countermark.node.evidence.purchases.words import fresh_salt
from countermark.node.evidence.store import digest
from countermark.node.proceedings.models import Step, StepWords
from countermark.proof.canonical import canonical

FORMAT = "countermark-step/1"


def text_of(facts: Mapping[str, str], note: str, salt: str) -> bytes:
    """The words of a step as canonical JSON (RFC 8785)."""
    return canonical({"facts": dict(facts), "format": FORMAT, "note": note, "salt": salt})


def digest_of(facts: Mapping[str, str], note: str, salt: str) -> str:
    """SHA-256 over `text_of`, hex."""
    return digest(text_of(facts, note, salt))


def keep(step: Step, facts: Mapping[str, str], note: str) -> None:
    """Write a step with its words beside it. In a transaction."""
    salt = fresh_salt()
    step.digest = digest_of(facts, note, salt)
    step.save()
    StepWords.objects.create(step=step, facts=dict(facts), note=note, salt=salt)

"""In which states cases can be, and which entries speak of them."""

from enum import StrEnum

from django.db.models import TextChoices


class CaseState(TextChoices):
    """Whether a case goes on."""

    OPEN = "open", "open"
    CLOSED = "closed", "closed"


class CaseEntry(StrEnum):
    """Types of entries whose subject is a case."""

    OPENED = "case.opened"
    COMMENTED = "case.commented"
    ASSIGNED = "case.assigned"
    DUE_SET = "case.due_set"
    ATTACHED = "case.attached"
    DETACHED = "case.detached"
    CLOSED = "case.closed"
    REOPENED = "case.reopened"
    CORRECTED = "case.corrected"
    #: Bytes of a file that an earlier `case.attached` described; told apart by their SHA-256.
    FILE = "case.file"


class SharedEntry(StrEnum):
    """Types of entries whose subject is a listing, a finding or a piece of evidence."""

    LISTING = "listing.shared"
    FINDING = "finding.shared"
    WITHDRAWN = "withdrawn"
    #: Hash and times of a seal; a bag that names this entry shows that the partner knew of it.
    SEALED = "evidence.sealed"


class AttachedKind(TextChoices):
    """What can be attached to a case."""

    LISTING = "listing", "listing"
    FINDING = "finding", "finding"
    FILE = "file", "file"


class Outcome(TextChoices):
    """How a case ended, as far as the two sides say; only a court finds."""

    STOPPED = "stopped", "the offers are gone"
    PARTLY = "partly", "some of the offers are gone"
    LAWFUL = "lawful", "nothing unlawful was found"
    MISTAKE = "mistake", "it was opened by mistake"
    COURT = "court", "it goes on in court"
    OTHER = "other", "otherwise"


class TakenBack(TextChoices):
    """Why something that was shared is withdrawn."""

    MISTAKE = "mistake", "it was shared by mistake"
    WRONG = "wrong", "it turned out to be wrong"
    NOT_NEEDED = "not_needed", "it is no longer needed"
    ASKED = "asked", "someone concerned asked for it"

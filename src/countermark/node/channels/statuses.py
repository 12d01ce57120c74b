"""How something that was sent stands at the other side, in one vocabulary; the other side's own word is kept beside."""

from enum import StrEnum


class Status(StrEnum):
    """Normalised states of platforms; source: §5 of the rule catalogue."""

    SUBMITTED = "submitted"
    SUBMISSION_FAILED = "submission_failed"
    RECEIVED = "received"
    CLARIFICATION_REQUIRED = "clarification_required"
    UNDER_REVIEW = "under_review"
    REJECTED = "rejected"
    TAKEN_DOWN = "taken_down"
    COUNTERED = "countered"
    COUNTER_ACCEPTED = "counter_accepted"
    COUNTER_REJECTED = "counter_rejected"
    REINSTATED = "reinstated"
    WITHDRAWN_BY_COMPLAINANT = "withdrawn_by_complainant"
    ESCALATED = "escalated"
    UNKNOWN = "unknown"


#: After these nobody asks again: nothing more is said of them.
ENDS = frozenset({Status.SUBMISSION_FAILED, Status.REJECTED, Status.REINSTATED, Status.WITHDRAWN_BY_COMPLAINANT})

"""What eBay says of a reported item, in our words. A word that is not known here is kept as it is."""

from countermark.node.channels.statuses import Status

_ITEMS = {
    "NONE": Status.SUBMITTED,
    "RECEIVED": Status.RECEIVED,
    "SUBMITTED": Status.UNDER_REVIEW,
    "SUBMISSION_FAILED": Status.SUBMISSION_FAILED,
    "CLARIFICATION_REQUIRED": Status.CLARIFICATION_REQUIRED,
    "REMOVED": Status.TAKEN_DOWN,
}


def status_of(raw: str) -> Status:
    """Normalised; source: the item states of the reference (§5 of the rule catalogue)."""
    return _ITEMS.get(raw.strip().replace(" ", "_").upper(), Status.UNKNOWN)

"""In which states agreements and feeds can be."""

from django.db.models import TextChoices


class AgreementState(TextChoices):
    """Life of an agreement. What is allowed in each state: `docs/reference/exchange-rules.md`."""

    DRAFT = "draft", "draft"
    OFFERED = "offered", "offered by us"
    RECEIVED = "received", "offered by the partner"
    AGREED = "agreed", "in force"
    SUSPENDED = "suspended", "suspended"
    ENDED = "ended", "ended"
    DECLINED = "declined", "declined"


#: Both have signed, and it has not ended: also while it is suspended.
IN_FORCE = (AgreementState.AGREED, AgreementState.SUSPENDED)
#: The two nodes talk: also after the end, so that receipts and deletions arrive.
TALKING = (*IN_FORCE, AgreementState.ENDED)
#: Nothing has been signed by both yet; a version is under discussion.
DISCUSSED = (AgreementState.DRAFT, AgreementState.OFFERED, AgreementState.RECEIVED)
#: Nothing comes of it any more.
CLOSED = (AgreementState.ENDED, AgreementState.DECLINED)


class FeedState(TextChoices):
    """Whether a feed goes on."""

    OPEN = "open", "open"
    FROZEN = "frozen", "frozen"
    ENDED = "ended", "ended"

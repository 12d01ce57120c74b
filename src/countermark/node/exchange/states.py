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


class FeedState(TextChoices):
    """Whether a feed goes on."""

    OPEN = "open", "open"
    FROZEN = "frozen", "frozen"
    ENDED = "ended", "ended"

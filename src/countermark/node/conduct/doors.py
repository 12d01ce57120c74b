"""The way in for a seller whose payments are held: a link that cannot be guessed, and that ends."""

import secrets
from datetime import datetime, timedelta

from countermark.node.conduct.models import Measure, PayeeLink
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.node.notices.links import LASTS, hash_of, is_token

#: So long it opens after the last day of the measure, that its end can be read there.
AFTER = timedelta(days=30)


def make(measure: Measure, at: datetime) -> str:
    """A new link: 256 random bits, given out once. It lasts as long as the measure, and as it can be answered."""
    token = secrets.token_urlsafe(32)
    lasts = max(LASTS, measure.ends_on - at.date() + AFTER)
    PayeeLink(measure=measure, token_hash=hash_of(token), made_at=at, expires_at=at + lasts).save()
    return token


def find(token: str) -> PayeeLink | None:
    """The link that a token opens, with its measure; None for one that is unknown or over."""
    if not is_token(token):
        return None
    rows = PayeeLink.objects.select_related("measure__organisation")
    found: PayeeLink | None = rows.filter(token_hash=hash_of(token), expires_at__gt=now()).first()
    return found


def follow(token: str) -> PayeeLink:
    """As `find`. Raises NotFound: nobody learns whether it is unknown or over."""
    link = find(token)
    if link is None:
        raise NotFound("such page; the link may be over. Ask the payment platform for a new one")
    return link

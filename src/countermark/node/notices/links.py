"""The way in for a seller who has no account: a link that cannot be guessed, that ends, and that opens one notice."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.node.notices.models import Notice, SellerLink

#: Longer than the six months in which a decision can be contested in the Union.
LASTS = timedelta(days=200)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def make(notice: Notice, at: datetime) -> str:
    """A new link to a notice: 256 random bits. It is given out once and cannot be read again from the database."""
    token = secrets.token_urlsafe(32)
    SellerLink(notice=notice, token_hash=hash_of(token), made_at=at, expires_at=at + LASTS).save()
    return token


def follow(token: str) -> SellerLink:
    """The link that a token opens, with its notice. NotFound for one that is unknown or over: nobody learns which."""
    link: SellerLink | None = None
    if is_token(token):
        rows = SellerLink.objects.select_related("notice__agreement", "notice__organisation")
        link = rows.filter(token_hash=hash_of(token), expires_at__gt=now()).first()
    if link is None:
        raise NotFound("such page; the link may be over. Ask the marketplace for a new one")
    return link


def is_token(text: str) -> bool:
    """Whether a text has the form of what a link ends in."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """What is kept of a token: who reads the table cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()

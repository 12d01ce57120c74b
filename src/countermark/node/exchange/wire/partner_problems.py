"""How asking a partner's node can fail: it is not there, it says no, or it does not keep to the exchange."""

from datetime import datetime, timedelta
from http import HTTPStatus

#: By code, for `PartnerUnreachable` and `PartnerMisbehaved`. Published in docs/reference/exchange.md.
REASONS = {
    "not-allowed": "Its address is none that this node may speak to.",
    "unreachable": "No connection could be made, or it broke off.",
    "tls": "Its certificate does not fit its name, or nobody we trust vouches for it.",
    "too-slow": "It did not answer in time.",
    "redirect": "It answered with another address instead of with what was asked.",
    "compressed": "It compressed its answer, although that was not asked for.",
    "too-long": "Its answer is larger than any honest one.",
    "wrong-type": "Its answer is not of the type that was asked for.",
    "not-json": "Its answer is not JSON of the strict kind.",
    "not-http": "What answered does not speak HTTP, or ended in the middle.",
}


class PartnerProblem(Exception):
    """A request that brought nothing.

    Attributes:
        code: short and stable.
        detail: what was seen, in words; nothing of a body.
    """

    def __init__(self, code: str, detail: str = "", *, sentence: str = "") -> None:
        super().__init__(f"{sentence or REASONS[code]} {detail}".strip())
        self.code = code
        self.detail = detail

    @property
    def passes(self) -> bool:
        """Whether it is worth asking again by itself, later; otherwise a person has to look."""
        return True


class PartnerUnreachable(PartnerProblem):
    """The partner's node was not reached: not-allowed, unreachable, tls or too-slow."""

    @property
    def passes(self) -> bool:
        """A network mends itself; what the operator does not allow, and a certificate, do not."""
        return self.code not in {"not-allowed", "tls"}


class PartnerMisbehaved(PartnerProblem):
    """What answered does not keep to the exchange."""


class PartnerRefused(PartnerProblem):
    """The partner's node says no.

    Attributes:
        status: HTTP status, 400 to 599.
        code: the partner's, in small letters; empty when it names none.
        detail: the partner's sentence, at most 300 characters, one line; to be shown as text, never as a page.
        retry_after: how long it asks us to wait; None when it does not say.
        date: the partner's present moment, as its answer says; None when it does not say.
    """

    def __init__(
        self, status: int, code: str, detail: str, retry_after: timedelta | None, date: datetime | None = None
    ) -> None:
        said = f"{status} {code}" if code else f"{status}"
        super().__init__(code, detail, sentence=f"The partner's node refused with {said}.")
        self.status = status
        self.retry_after = retry_after
        self.date = date

    @property
    def passes(self) -> bool:
        """Whether the same request may be welcome later."""
        waits = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status in waits

"""The access token: got with the application's id and secret, kept in memory only until it ends.

Source: OAuth client credentials grant (RFC 6749, 4.4) as eBay's identity service has it.
"""

from base64 import b64encode
from datetime import datetime, timedelta

from django.conf import settings

from countermark.node.channels.connector import TryLater
from countermark.node.channels.line import Line, NotReached
from countermark.node.channels.standing import HOUR
from countermark.node.kernel.time import now

SCOPE = "https://api.ebay.com/oauth/api_scope/commerce.vero"
_PATH = "/identity/v1/oauth2/token"
#: A token is given up this long before it ends.
_EARLY = timedelta(minutes=2)


class Tokens:
    """One token at a time; a process that starts again asks for another."""

    def __init__(self) -> None:
        self._token, self._for, self._end = "", "", now()

    def header(self, line: Line) -> dict[str, str]:
        """The header of a request. Raises TryLater."""
        whose = f"{settings.COUNTERMARK_EBAY_URL} {settings.COUNTERMARK_EBAY_CLIENT_ID}"
        if not self._token or whose != self._for or now() >= self._end:
            self._token, self._end = _ask(line)
            self._for = whose
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """eBay does not accept it any more."""
        self._token = ""


def _ask(line: Line) -> tuple[str, datetime]:
    pair = f"{settings.COUNTERMARK_EBAY_CLIENT_ID}:{settings.COUNTERMARK_EBAY_CLIENT_SECRET()}"
    headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    form = {"grant_type": "client_credentials", "scope": SCOPE}
    try:
        reply = line.ask("POST", settings.COUNTERMARK_EBAY_URL + _PATH, headers=headers, form=form)
    except NotReached as problem:
        raise TryLater("not-reached", problem.detail) from problem
    token, seconds = reply.said.get("access_token") if isinstance(reply.said, dict) else None, reply.text("expires_in")
    if reply.status == 200 and isinstance(token, str) and token:
        lasts = timedelta(seconds=int(seconds) if seconds.isdecimal() else 0)
        return token, now() + max(lasts - _EARLY, timedelta(0))
    if reply.status in (400, 401, 403):
        mend = "Look at COUNTERMARK_EBAY_CLIENT_ID, its secret file, and the scope of the application."
        said = f"eBay does not accept the application (HTTP {reply.status})."
        raise TryLater("token", said, mend=mend, retry_after=HOUR)
    raise TryLater("their-error", f"eBay answered with HTTP {reply.status}.", retry_after=reply.retry_after)

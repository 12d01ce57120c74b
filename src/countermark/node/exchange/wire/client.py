"""Asks a partner's node: signed, bounded in time and size, and with one family of errors."""

import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import h11
import httpx

from countermark.node.exchange.wire.backoff import read_date, read_retry_after
from countermark.node.exchange.wire.partner_problems import PartnerMisbehaved, PartnerRefused, PartnerUnreachable
from countermark.node.exchange.wire.signed_requests import sign
from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.answers import AnswerTooLong, encoding_of, read_packed
from countermark.node.kernel.deadlines import TooSlow, deadline
from countermark.node.kernel.reaching import GuardedTransport, Resolver, look_up
from countermark.proof.canonical import canonical
from countermark.proof.ijson import Plain, read_ijson
from countermark.proof.keys import Signer
from countermark.proof.refusals import Refused

JSON = "application/json"
#: Of an answer that says no.
_MOST_BYTES_OF_REFUSAL = 64 * 1024
_MOST_CHARACTERS_OF_DETAIL = 300
_PATH = re.compile(r"(?:/[A-Za-z0-9_~:@!$&'()*+,;=-][A-Za-z0-9._~:@!$&'()*+,;=-]*)+/?|/")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how much.

    Attributes:
        step: seconds for each step: connect, one read, one write.
        total: seconds for the whole request, from looking the name up to the last byte.
        most_bytes: of an answer.
    """

    step: float = 10.0
    total: float = 60.0
    most_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What a partner's node answered.

    Attributes:
        status: HTTP status, 200 to 299.
        media_type: in small letters, without parameters; empty when it names none.
        body: as it came.
        date: the partner's present moment, as its answer says; None when it does not say.
    """

    status: int
    media_type: str
    body: bytes
    date: datetime | None = None

    def read(self) -> Plain:
        """The body as strict JSON.

        Raises:
            PartnerMisbehaved: wrong-type or not-json.
        """
        if self.media_type != JSON:
            raise PartnerMisbehaved("wrong-type", f"Expected {JSON}.")
        try:
            return read_ijson(self.body)
        except Refused as refused:
            raise PartnerMisbehaved("not-json") from refused

    def read_object(self) -> dict[str, Plain]:
        """The body as strict JSON that is an object.

        Raises:
            PartnerMisbehaved: wrong-type or not-json.
        """
        found = self.read()
        if not isinstance(found, dict):
            raise PartnerMisbehaved("not-json", "Expected an object.")
        return found


class PartnerClient:
    """Speaks with one partner's node. Close it, or use it in a `with`; one thread at a time.

    Every method raises `PartnerUnreachable`, `PartnerRefused` or `PartnerMisbehaved`, and nothing else, for whatever
    the other side does. It does not try again: `backoff.next_try` says when to.
    """

    def __init__(
        self,
        base_url: str,
        signer: Signer,
        party: str,
        guard: Reach,
        clock: Callable[[], datetime],
        *,
        bounds: Bounds | None = None,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = look_up,
    ) -> None:
        """Nothing is sent yet.

        Args:
            base_url: where the partner's exchange begins, such as `https://bazaar.example/exchange`.
            signer: holds our key of purpose `http`.
            party: our id in agreements with this partner.
            guard: where we may reach.
            clock: gives the present moment, aware.
            bounds: how long and how much.
            tls: what is trusted; None for the certificate authorities of the Mozilla list.
            resolver: for tests.

        Raises:
            ValueError: a base URL with user name, query or fragment, or of another scheme than the guard allows.
        """
        self._base = _base(base_url, guard)
        self._signer, self._party, self._clock = signer, party, clock
        self._bounds = bounds or Bounds()
        # Not a client of httpx: that would keep cookies and follow what a partner says of other addresses.
        self._transport = GuardedTransport(guard, tls, resolver)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Reply:
        """Ask for something.

        Args:
            path: below the base URL, with a leading slash, in unreserved characters.
            query: no personal data: it stands in logs.

        Raises:
            ValueError: a path that could be read in two ways.
        """
        return self._send("GET", self._url(path, query), b"", JSON)

    def post(self, path: str, said: dict[str, Plain] | bytes, *, media_type: str = "") -> Reply:
        """Hand something over.

        Args:
            path: as for `get`.
            said: an object, sent as canonical JSON, or bytes, sent as they are.
            media_type: of bytes; `application/octet-stream` when not given.
        """
        if isinstance(said, bytes):
            return self._send("POST", self._url(path, None), said, media_type or "application/octet-stream")
        return self._send("POST", self._url(path, None), canonical(said), JSON)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _url(self, path: str, query: Mapping[str, str | int] | None) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError("A path has a leading slash, no empty or dotted part, and nothing to be escaped.")
        return f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")

    def _send(self, method: str, url: str, body: bytes, media_type: str) -> Reply:
        headers = {"Accept": JSON, "Accept-Encoding": "identity", "User-Agent": "countermark"}
        headers |= sign(method, url, body, self._signer, party=self._party, now=self._clock(), content_type=media_type)
        step = self._bounds.step
        patience = {"connect": step, "read": step, "write": step, "pool": step}
        request = httpx.Request(method, url, headers=headers, content=body, extensions={"timeout": patience})
        if str(request.url) != url:
            raise ValueError("The URL would be sent in another spelling than the signed one.")
        try:
            with deadline(self._bounds.total):
                return self._ask(request)
        except AddressRefused as refused:
            raise PartnerUnreachable("not-allowed", str(refused)) from refused
        except (TooSlow, httpx.TimeoutException) as slow:
            raise PartnerUnreachable("too-slow") from slow
        except httpx.RemoteProtocolError as error:
            raise _broken(error) from error
        except httpx.TransportError as error:
            raise PartnerUnreachable("tls" if _stems_from(error, ssl.SSLError) else "unreachable") from error

    def _ask(self, request: httpx.Request) -> Reply:
        response = self._transport.handle_request(request)
        try:
            return self._read(response)
        finally:
            response.close()

    def _read(self, response: httpx.Response) -> Reply:
        if response.is_redirect or response.status_code < 200 or 300 <= response.status_code < 400:
            raise PartnerMisbehaved("redirect", f"Status {response.status_code}.")
        if encoding_of(response):
            raise PartnerMisbehaved("compressed")
        if response.status_code >= 400:
            raise self._refusal(response)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = _body(response, self._bounds.most_bytes)
        return Reply(response.status_code, media_type, body, read_date(response.headers.get("date", "")))

    def _refusal(self, response: httpx.Response) -> PartnerRefused:
        """What the partner says, as far as it can be read; a refusal in no known form is a refusal still."""
        said: Plain = None
        with suppress(PartnerMisbehaved, Refused, httpx.TransportError):
            said = read_ijson(_body(response, _MOST_BYTES_OF_REFUSAL))
        words = said if isinstance(said, dict) else {}
        code, detail = words.get("code"), words.get("detail")
        return PartnerRefused(
            response.status_code,
            code if isinstance(code, str) and _CODE.fullmatch(code) else "",
            _one_line(detail) if isinstance(detail, str) else "",
            read_retry_after(response.headers.get("retry-after", ""), self._clock()),
            read_date(response.headers.get("date", "")),
        )


def _base(written: str, guard: Reach) -> str:
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL as error:
        raise ValueError("The base URL of a partner cannot be read.") from error
    if url.scheme != "https" and not (url.scheme == "http" and guard.allow_loopback_http):
        raise ValueError("The base URL of a partner begins with https://.")
    if not url.host or url.userinfo or url.query or url.fragment or "?" in written or "#" in written:
        raise ValueError("The base URL of a partner is a host and perhaps a path, and nothing else.")
    return str(url).rstrip("/")


def _body(response: httpx.Response, most: int) -> bytes:
    try:
        return read_packed(response, most)
    except AnswerTooLong as error:
        raise PartnerMisbehaved("too-long", f"More than {most} bytes.") from error


def _broken(error: httpx.RemoteProtocolError) -> PartnerUnreachable | PartnerMisbehaved:
    """An idle connection that was closed while we used it is no fault of anybody; h11 names everything else."""
    if _stems_from(error, h11.RemoteProtocolError):
        return PartnerMisbehaved("not-http")
    return PartnerUnreachable("unreachable", "It hung up.")


def _stems_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    # httpcore hides causes when it raises an error again; what it was raised in stays.
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _one_line(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text[:_MOST_CHARACTERS_OF_DETAIL])
    return " ".join(shown.split())

"""Fetch what a page needs, through the guard, and record every answer as it came over the wire."""

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from countermark.node.evidence.capturing.orders import Fetch, Order
from countermark.node.evidence.capturing.warcs import Warc
from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.answers import AnswerTooLong, read_packed, read_unpacked
from countermark.node.kernel.deadlines import TooSlow
from countermark.node.kernel.reaching import Resolver, look_up, open_client

MOST_HOPS = 10
LONGEST_URL = 4000
_AGENT = "Mozilla/5.0 (compatible; Countermark evidence capture)"


class NotCaptured(Exception):
    """There is nothing to capture; the message says why, the mend what to do."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its bytes.

    Attributes:
        seen: the facts.
        headers: as they came.
        body: unpacked, to be read or drawn; what is evidence is the recording.
    """

    seen: Fetch
    headers: list[tuple[str, str]]
    body: bytes


def moment() -> str:
    """Now, as proofs write it."""
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"


def check_url(url: str) -> None:
    """Make sure that an address can be captured at all; raises NotCaptured."""
    try:
        read = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise NotCaptured("The address cannot be read.", "Copy it again from the browser.") from error
    if len(url) > LONGEST_URL or read.scheme not in {"http", "https"} or not read.host or read.userinfo:
        raise NotCaptured(
            "Only addresses that begin with http:// or https:// are captured, without a name or password in them.",
            "Copy it again from the browser.",
        )


@dataclass
class Recorder:
    """Fetches for one capture, each address once, all of it recorded."""

    order: Order
    warc: Warc
    certificates: Path
    resolver: Resolver = look_up
    fetches: list[Fetch] = field(default_factory=list)
    offset: int | None = None
    _answers: dict[str, Answer] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=dict)
    _spent: int = 0
    _unfolded: int = 0

    def __post_init__(self) -> None:
        reach = Reach(
            allow_public_http=True,
            allow_loopback_http=self.order.loopback,
            ports=None if self.order.loopback else frozenset({80, 443}),
        )
        self._client = open_client(reach, resolver=self._look_up)
        self._client.headers["User-Agent"] = _AGENT

    def _look_up(self, host: str, port: int) -> list[str]:
        self._names[host] = self.resolver(host, port)
        return self._names[host]

    def follow(self, url: str) -> Answer:
        """Fetch an address and where it leads, each step through the guard; gives the last answer."""
        for _ in range(MOST_HOPS):
            answer = self.fetch(url)
            if not answer.seen.leads_to:
                return answer
            url = answer.seen.leads_to
        return Answer(Fetch(url=url, began=moment(), ended=moment(), problem="It leads on and on."), [], b"")

    def fetch(self, url: str) -> Answer:
        """One answer, of the network or of the first time it was asked for."""
        url = url.partition("#")[0]
        if url not in self._answers:
            self._answers[url] = self._fetch(url)
            self.fetches.append(self._answers[url].seen)
        return self._answers[url]

    def _fetch(self, url: str) -> Answer:
        began = moment()
        if len(self.fetches) >= self.order.requests:
            return self._nothing(url, began, f"More than {self.order.requests} requests.")
        room = min(self.order.item, self.order.total - self._spent)
        try:
            check_url(url)
            with self._client.stream("GET", url) as response:
                # Before the body: a server that closes behind its answer takes both away.
                there, chain = _peer(response), self._chain(_host(url), response)
                return self._record(url, began, response, read_packed(response, room), there, chain)
        except NotCaptured as error:
            return self._nothing(url, began, str(error))
        except AnswerTooLong:
            return self._nothing(url, began, f"More than {room} bytes.")
        except (AddressRefused, httpx.HTTPError, httpx.InvalidURL, OSError, TooSlow) as error:
            return self._nothing(url, began, str(error) or type(error).__name__)

    def _nothing(self, url: str, began: str, problem: str) -> Answer:
        host = _host(url)
        return Answer(
            Fetch(
                url=url[:LONGEST_URL],
                began=began,
                ended=moment(),
                addresses=tuple(self._names.get(host, ())),
                problem=problem[:300],
            ),
            [],
            b"",
        )

    def _record(
        self, url: str, began: str, response: httpx.Response, packed: bytes, there: str, chain: tuple[str, ...]
    ) -> Answer:
        self._spent += len(packed)
        self.warc.write(url, response, packed, began, there)
        seen = Fetch(
            url=url,
            status=response.status_code,
            media_type=response.headers.get("content-type", "")[:200],
            began=began,
            ended=moment(),
            addresses=tuple(self._names.get(_host(url), ())),
            answered_by=there,
            certificates=chain,
            sha256=hashlib.sha256(packed).hexdigest(),
            size=len(packed),
            leads_to=_leads_to(url, response),
        )
        if self.offset is None:
            self.offset = _offset(response)
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WIRE]
        return Answer(seen, headers, self._unpacked(response, packed))

    def _unpacked(self, response: httpx.Response, packed: bytes) -> bytes:
        again = httpx.Response(200, headers=response.headers, stream=httpx.ByteStream(packed))
        again.headers["content-length"] = str(len(packed))
        try:
            # Two hundred small bombs would fill the memory as well as one large one.
            body = read_unpacked(again, max(0, min(self.order.item, self.order.total - self._unfolded)))
        except (AnswerTooLong, httpx.DecodingError):
            return b""
        self._unfolded += len(body)
        return body

    def _chain(self, host: str, response: httpx.Response) -> tuple[str, ...]:
        stream = response.extensions.get("network_stream")
        # The socket, not `ssl_object`: httpcore gives an inner object of Python's there, which is neither class.
        tls = stream.get_extra_info("socket") if stream is not None else None
        if not isinstance(tls, ssl.SSLSocket):
            return ()
        chain = [x509.load_der_x509_certificate(one) for one in _shown_chain(tls)]
        file = self.certificates / f"{hashlib.sha256(host.encode()).hexdigest()[:16]}.pem"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in chain))
        return tuple(hashlib.sha256(one.public_bytes(Encoding.DER)).hexdigest() for one in chain)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _peer(response: httpx.Response) -> str:
    """The address that answers, in numbers; empty when it is gone already."""
    stream = response.extensions.get("network_stream")
    try:
        found = stream.get_extra_info("server_addr") if stream is not None else None
    except OSError:
        return ""
    return str(found[0]) if found else ""


_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}


def _shown_chain(tls: ssl.SSLSocket) -> list[bytes]:
    """The certificates that the server sent, DER; Python 3.13 gives them openly, before that only behind the name."""
    openly: Callable[[], list[bytes]] | None = getattr(tls, "get_unverified_chain", None)
    if openly is not None:
        return list(openly())
    behind: Any = getattr(tls, "_sslobj", None)
    if behind is not None:
        chain = behind.get_unverified_chain() or []
        return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in chain]
    try:
        own = tls.getpeercert(binary_form=True)
    except ValueError:
        return []  # the connection is gone
    return [own] if own else []


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except (httpx.InvalidURL, ValueError):
        return ""


def _leads_to(url: str, response: httpx.Response) -> str:
    place = response.headers.get("location", "")
    if response.status_code not in {301, 302, 303, 307, 308} or not place:
        return ""
    try:
        return str(httpx.URL(url).join(place))
    except (httpx.InvalidURL, ValueError):
        return ""


def _offset(response: httpx.Response) -> int | None:
    try:
        theirs = datetime.strptime(response.headers.get("date", ""), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round((datetime.now(UTC) - theirs).total_seconds())

"""A request of Django, as its sender signed it.

What matters is what stood on the wire. Under ASGI (uvicorn, as a node runs) Django keeps it: every header line, the
path before it was unescaped, the query letter by letter. Under WSGI and in Django's test client it does not:

- Header lines of one name arrive joined by commas, so a repeated one is seen only because the joined value is not a
  good one. That holds for each header that is signed.
- A name with an underscore cannot be told from one with a hyphen. Servers drop those; Django does so under ASGI.
- The path arrives unescaped. It is escaped again in the one way of RFC 3986, so a sender that escapes more than it
  must is refused with `bad-signature`.

Behind a proxy that ends TLS, the scheme is what `SECURE_PROXY_SSL_HEADER` says, and the proxy hands `Host` on as it
came, with its port: it is part of what was signed. A URL that names its default port is none that a client sends.
"""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from countermark.node.exchange.wire.nonces import NonceMemory
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import Caller, KeyFinder, check

_WITHOUT_PREFIX = ("CONTENT_TYPE", "CONTENT_LENGTH")


def caller_of(
    request: HttpRequest, url: str, body: bytes, find_key: KeyFinder, nonces: NonceMemory, now: datetime
) -> Caller:
    """Who sent a request; `signed_requests.check` for Django.

    Args:
        request: as it came; no middleware has changed its path.
        url: what `signed_url` gives for it.
        body: all of it, read by the caller within its own limit.
        find_key: finds a key that may sign requests now.
        nonces: the memory of this node.
        now: aware, by the node's clock.

    Raises:
        RequestRefused: with one of `refusals.REASONS`.
    """
    return check(request.method or "", url, header_lines(request), body, find_key, nonces, now)


def signed_url(request: HttpRequest) -> str:
    """The absolute URL of a request as its sender wrote it.

    Raises:
        RequestRefused: wrong-host, so that a request signed for another node is not replayed here.
    """
    try:
        host = request.get_host()
    except DisallowedHost as error:
        raise RequestRefused("wrong-host") from error
    query = request.META.get("QUERY_STRING", "")
    return f"{request.scheme}://{host}{_path(request)}" + (f"?{query}" if query else "")


def header_lines(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Every header line under ASGI; under WSGI every header."""
    if isinstance(request, ASGIRequest):
        for name, value in request.scope.get("headers", ()):
            yield name.decode("latin-1"), value.decode("latin-1")
        return
    for name, value in request.META.items():
        if name.startswith("HTTP_"):
            yield name.removeprefix("HTTP_").replace("_", "-"), str(value)
        elif name in _WITHOUT_PREFIX and value:
            yield name.replace("_", "-"), str(value)


def _path(request: HttpRequest) -> str:
    raw = request.scope.get("raw_path") if isinstance(request, ASGIRequest) else None
    return raw.decode("latin-1") if raw else escape_uri_path(request.path)

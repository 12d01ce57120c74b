"""Asking other machines over HTTP, so that a name cannot lead a node into its own house (SSRF).

A name is resolved once, each of its addresses is checked, and the connection is made to a checked address, not to the
name: a second answer that leads elsewhere is never asked for. No redirect is followed, no proxy of the environment is
used. `deadlines.deadline` bounds the whole in time, byte by byte; `answers` bounds it in size. Open with `open_client`.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from threading import BoundedSemaphore, Thread
from typing import Any, TypeAlias

import httpcore
import httpx

from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.deadlines import left

#: From a host's name and port to all its addresses in numbers; raises OSError.
Resolver: TypeAlias = Callable[[str, int], list[str]]

#: Names that are looked up at once; one that hangs holds a place until the system gives it up.
_LOOKING_UP = BoundedSemaphore(16)
_PIECE = 16 * 1024
#: Seconds for one step, where the caller says nothing.
PATIENCE = 10.0


def look_up(host: str, port: int) -> list[str]:
    """All addresses of a name, by the system's resolver; it also reads `2130706433` and `0x7f.1` as 127.0.0.1.

    Raises:
        OSError: there is none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("The name cannot be looked up.") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def open_client(
    reach: Reach, *, tls: ssl.SSLContext | None = None, resolver: Resolver = look_up, patience: float = PATIENCE
) -> httpx.Client:
    """A client that reaches no further than `reach`. Close it, or use it in a `with`.

    Args:
        reach: where it may go.
        tls: what is trusted; None for the certificate authorities of the Mozilla list.
        resolver: for tests.
        patience: seconds for each step (connect, one read, one write).

    Its requests raise httpx's errors, `addresses.AddressRefused`, and inside a `deadlines.deadline` also `TooSlow`.
    """
    return httpx.Client(
        transport=GuardedTransport(reach, tls, resolver),
        trust_env=False,
        follow_redirects=False,
        timeout=patience,
        headers={"Accept-Encoding": "identity", "User-Agent": "countermark"},
    )


@cache
def _mozilla_list() -> ssl.SSLContext:
    """Read once for a process. Trusts neither SSL_CERT_FILE nor a key log that the environment names."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.BaseTransport):
    """Carries requests of httpx over connections that `Reach` allows."""

    def __init__(self, reach: Reach, tls: ssl.SSLContext | None = None, resolver: Resolver = look_up) -> None:
        context = tls or _mozilla_list()
        self._pools = {
            scheme: httpcore.ConnectionPool(
                ssl_context=context,
                max_connections=10,
                max_keepalive_connections=5,
                keepalive_expiry=5.0,
                network_backend=GuardedBackend(reach, resolver, secure=scheme == b"https"),
            )
            for scheme in (b"https", b"http")
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer is read as it comes, never decoded."""
        pool = self._pools.get(request.url.raw_scheme)
        if pool is None:
            raise AddressRefused("scheme", request.url.host)
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = pool.handle_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The errors of both libraries have the same names."""
    try:
        yield
    except _ERRORS as error:
        raise getattr(httpx, type(error).__name__, httpx.TransportError)(str(error)) from error


_ERRORS = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class GuardedBackend(httpcore.NetworkBackend):
    """Makes connections to checked addresses."""

    def __init__(self, reach: Reach, resolver: Resolver = look_up, *, secure: bool) -> None:
        self._reach = reach
        self._resolver = resolver
        self._secure = secure
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the name up, check every address, connect to the first that answers.

        Raises:
            AddressRefused: one of the addresses may not be spoken to.
        """
        addresses = self._addresses(host, port, timeout)
        self._reach.check(host, port, addresses, secure=self._secure)
        failed: Exception = httpcore.ConnectError("The name has no address.")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(address, port, left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _checked(stream, address, host)
        raise failed

    def connect_unix_socket(self, *_args: Any, **_kwargs: Any) -> httpcore.NetworkStream:
        """Refused."""
        raise AddressRefused("not-an-address", "a socket of this machine")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """The system's resolver knows no time limit, so it is asked in a thread that may be left behind."""
        found: list[str] = []
        failed: list[OSError] = []
        places = _LOOKING_UP

        def ask() -> None:
            try:
                found.extend(self._resolver(host, port))
            except OSError as error:
                failed.append(error)
            finally:
                places.release()

        if not places.acquire(timeout=left(timeout)):
            raise httpcore.ConnectTimeout("Too many names are being looked up.")
        thread = Thread(target=ask, daemon=True, name="look-up")
        thread.start()
        thread.join(left(timeout))
        if thread.is_alive():
            raise httpcore.ConnectTimeout("The name was not found in time.")
        if failed:
            raise httpcore.ConnectError("The name is not known.") from failed[0]
        return found


def _checked(stream: httpcore.NetworkStream, address: str, host: str) -> httpcore.NetworkStream:
    peer = stream.get_extra_info("server_addr")
    if ip_address(peer[0]) != ip_address(address):
        stream.close()
        raise AddressRefused("rebinding", host)
    return _BoundedStream(stream)


class _BoundedStream(httpcore.NetworkStream):
    """A connection on which no step outlives the deadline, so that a byte a second does not hold a worker for ever."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces: a reader that takes a byte now and then would otherwise hold the whole write.
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

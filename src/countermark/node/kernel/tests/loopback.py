"""Servers of tests on this machine: each takes connections one after the other and says what it is told to."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

#: Seconds after which a test server gives up by itself.
LONGEST = 5.0


@contextmanager
def serving(talk: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that hands each connection to `talk`; gives its port on 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.settimeout(LONGEST)
            with suppress(OSError), connection:
                if tls is None:
                    talk(connection)
                else:
                    with tls.wrap_socket(connection, server_side=True) as secure:
                        talk(secure)

    thread = Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        # Closing alone does not wake a thread that waits in accept.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(LONGEST)


def read_request(connection: socket.socket) -> bytes:
    """Head of one request; empty when the other side has hung up."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        head += byte
    return head


def answer(body: bytes = b"{}", *, status: str = "200 OK", headers: str = "Content-Type: application/json") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", *filter(None, headers.split("\n")), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def saying(data: bytes) -> Callable[[socket.socket], None]:
    """Answers each request on a connection with the same bytes."""

    def talk(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(data)

    return talk

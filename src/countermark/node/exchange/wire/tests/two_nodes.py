"""A node that answers signed requests, on this machine, in a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from countermark.node.exchange.wire.client import Bounds, PartnerClient
from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import check
from countermark.node.exchange.wire.tests.wire_cases import KEY, PARTY, find_key
from countermark.node.kernel.addresses import Reach
from countermark.proof.canonical import canonical

DEMO = Reach(allow_loopback_http=True)
MOST_BYTES = 1024 * 1024


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Node:
    """What the server keeps: its memory of nonces, and what arrived last, as it came over the wire."""

    port: int = 0
    nonces: NoncesInMemory = field(default_factory=NoncesInMemory)
    head: list[tuple[str, str]] = field(default_factory=list)
    start_line: str = ""
    body: bytes = b""

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _handler(node: Node) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_GET(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), MOST_BYTES)
            node.start_line, node.head = self.requestline, self.headers.items()
            node.body = self.rfile.read(length)
            url = f"http://{self.headers['Host']}{self.path}"
            try:
                caller = check(self.command, url, node.head, node.body, find_key, node.nonces, now())
            except RequestRefused as refused:
                self._say(refused.status, {"code": refused.code, "detail": refused.detail})
            else:
                self._say(200, {"party": caller.party, "length": length, "path": self.path})

        def do_POST(self) -> None:
            self.do_GET()

        def _say(self, status: int, words: dict[str, Any]) -> None:
            body = canonical(words)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    return Answering


@contextmanager
def a_node() -> Iterator[Node]:
    """A running node; gives what it keeps."""
    node = Node()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(node))
    server.daemon_threads = True
    node.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def client_of(url: str, **how: Any) -> PartnerClient:
    """A client of Maison Aurelle."""
    how.setdefault("bounds", Bounds(total=30, most_bytes=MOST_BYTES))
    return PartnerClient(url, KEY, PARTY, how.pop("guard", DEMO), now, **how)

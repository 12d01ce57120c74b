"""Processes of a node run together: what is said, and when."""

import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from countermark.cli.node_running import Opening, run_together


class _Node(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200 if self.path == "/health/ready" and self.asked > 1 else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def node() -> Iterator[str]:
    _Node.asked = 0
    server = HTTPServer(("127.0.0.1", 0), _Node)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_addresses_are_told_when_every_node_answers_and_not_before(node):
    opening = Opening((node,), lambda: None)
    assert not opening.is_open()
    assert opening.is_open()


def test_a_node_that_nobody_runs_is_not_open():
    assert not Opening(("http://127.0.0.1:9/",), lambda: None).is_open()


@pytest.fixture
def signals_as_they_were() -> Iterator[None]:
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(one) for one in asked]
    yield
    for one, handler in zip(asked, before, strict=True):
        signal.signal(one, handler)


@pytest.mark.usefixtures("signals_as_they_were")
def test_a_process_that_ends_by_itself_ends_all_and_nothing_is_told():
    told: list[str] = []
    opening = Opening(("http://127.0.0.1:9/",), lambda: told.append("open"))
    assert run_together([(["no-such-command"], {})], opening) is False
    assert told == []

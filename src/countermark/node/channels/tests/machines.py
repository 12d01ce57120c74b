"""Machines of other houses, in a test: a function that answers, reached by hand or over loopback."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from countermark.node.channels.line import Line


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Said:
    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Machine = Callable[[Asked], Said]


def asked_at(url: str, method: str, headers: Mapping[str, str], body: bytes) -> Asked:
    parts = urlsplit(url)
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), {k.lower(): v for k, v in headers.items()}, body)


def line_to(machine: Machine) -> Line:
    """A line that ends in the machine, without a network."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = machine(asked_at(str(request.url), request.method, dict(request.headers), request.read()))
        return httpx.Response(said.status, headers=dict(said.headers), json=said.document)

    return Line(transport=_Streamed(answer))


class _Streamed(httpx.BaseTransport):
    """As the network would: the body is not read yet."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        whole = self._answer(request)
        return httpx.Response(whole.status_code, headers=whole.headers, stream=httpx.ByteStream(whole.content))


@contextmanager
def on_loopback(machine: Machine) -> Iterator[str]:
    """The machine as a server on this one; gives its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            said = machine(asked_at(self.path, self.command, dict(self.headers.items()), body))
            data = json.dumps(said.document).encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

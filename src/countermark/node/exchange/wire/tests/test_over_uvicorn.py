"""The server that a node runs hands over what a check needs: every header line, path and query as they were sent."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
import uvicorn
from django.core.handlers.asgi import ASGIRequest

from countermark.node.exchange.wire.django_requests import caller_of, signed_url
from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import sign
from countermark.node.exchange.wire.tests.two_nodes import client_of, now
from countermark.node.exchange.wire.tests.wire_cases import KEY, PARTY, find_key
from countermark.proof.canonical import canonical
from countermark.proof.ijson import Plain


async def _answering(scope: Any, receive: Any, send: Any) -> None:
    """What Django does with a scope, without the rest of the node."""
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    try:
        request = ASGIRequest(scope, BytesIO(body))
        caller = caller_of(request, signed_url(request), body, find_key, NoncesInMemory(), now())
        said: dict[str, Plain] = {"party": caller.party}
    except RequestRefused as refused:
        said = {"code": refused.code}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": canonical(said)})


@contextmanager
def _running() -> Iterator[int]:
    config = uvicorn.Config(_answering, port=0, log_level="critical", lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with _running() as number:
        yield number


def test_what_our_client_sends_is_accepted(port):
    with client_of(f"http://127.0.0.1:{port}/exchange/v1") as client:
        for query in ({}, {"after": 7}, {"word": "a b&c=é/?#", "": ""}):
            assert client.get("/feeds/agr-1:maison-aurelle", query).read_object() == {"party": PARTY}
        assert client.post("/receipts", {"seq": 7}).read_object() == {"party": PARTY}
        assert client.post("/receipts", bytes(300_000)).read_object() == {"party": PARTY}


def _say(port: int, *more: str, target: str = "/feeds", scheme: str = "http") -> str:
    headers = sign("GET", f"{scheme}://127.0.0.1:{port}{target}", b"", KEY, party=PARTY, now=now())
    lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *more]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.decode()


@pytest.mark.parametrize("target", ["/feeds", "/caf%C3%A9%2F/x", "/a//b/../c", "/feeds?a=%61+b&a=", "/~a;b=c"])
def test_a_target_is_checked_letter_by_letter(port, target):
    assert f'{{"party":"{PARTY}"}}' in _say(port, target=target)


@pytest.mark.parametrize(
    "line", ["Content-Digest: sha-256=:AAAA:", "signature: cm=:AAAA:", "Countermark-Party: bazaar"]
)
def test_a_header_line_that_is_added_on_the_way_is_seen(port, line):
    assert '"repeated-header"' in _say(port, line)


def test_a_name_with_an_underscore_changes_nothing(port):
    assert f'{{"party":"{PARTY}"}}' in _say(port, "Content_Digest: sha-256=:AAAA:")


def test_the_scheme_that_a_proxy_names_is_the_signed_one(port, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert f'{{"party":"{PARTY}"}}' in _say(port, "X-Forwarded-Proto: https", scheme="https")
    assert '"bad-signature"' in _say(port, scheme="https")

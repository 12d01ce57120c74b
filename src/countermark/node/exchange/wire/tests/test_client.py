"""Whatever a partner's node does, the client ends in time with a named error."""

import gzip
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.node.exchange.wire.client import Bounds, PartnerClient
from countermark.node.exchange.wire.partner_problems import (
    REASONS,
    PartnerMisbehaved,
    PartnerProblem,
    PartnerRefused,
    PartnerUnreachable,
)
from countermark.node.exchange.wire.tests.two_nodes import DEMO, client_of, now
from countermark.node.exchange.wire.tests.wire_cases import KEY, PARTY
from countermark.node.kernel.addresses import Reach
from countermark.node.kernel.tests.loopback import answer, read_request, saying, serving

#: Where the end itself is what is looked at, and where it must not come in between on a busy machine.
SHORT, LONG = Bounds(total=0.5, most_bytes=100_000), Bounds(total=30, most_bytes=100_000)


def _ask(talk: Callable[[socket.socket], None], bounds: Bounds = LONG) -> PartnerProblem:
    """The error that a talk of the other side ends in."""
    with serving(talk) as port, client_of(f"http://127.0.0.1:{port}", bounds=bounds) as client:
        with pytest.raises(PartnerProblem) as caught:
            client.get("/feeds").read_object()
        return caught.value


def _endless(start: bytes, piece: bytes, *, pause: float = 0.0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(start)
        with suppress(OSError):
            while True:
                connection.sendall(piece)
                time.sleep(pause)

    return talk


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BOMB = gzip.compress(b" " * 10_000_000)


@pytest.mark.parametrize(
    ("talk", "code"),
    [
        pytest.param(_endless(_HEAD + b"\r\n", b"[" * 65536), "too-long", id="endless body"),
        pytest.param(
            _endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"[" * 4096 + b"\r\n"),
            "too-long",
            id="endless chunks",
        ),
        pytest.param(
            saying(_HEAD + b"Content-Length: 99999999999\r\n\r\n{}"), "too-long", id="length that is announced"
        ),
        pytest.param(_endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 60_000 + b"\r\n"), "not-http", id="endless head"),
        pytest.param(saying(answer(_BOMB, headers="Content-Encoding: gzip")), "compressed", id="gzip bomb"),
        pytest.param(saying(answer(headers="Content-Encoding: br")), "compressed", id="another encoding"),
        pytest.param(
            saying(answer(status="302 Found", headers="Location: http://169.254.169.254/")),
            "redirect",
            id="to metadata",
        ),
        pytest.param(saying(answer(status="302 Found", headers="Location: ::bad::")), "redirect", id="to nowhere"),
        pytest.param(saying(answer(status="304 Not Modified")), "redirect", id="not modified"),
        pytest.param(saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "not-http", id="another protocol"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n"), "not-http", id="broken head"),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "not-http", id="two lengths"
        ),
        pytest.param(saying(answer(b"<html></html>", headers="Content-Type: text/html")), "wrong-type", id="a page"),
        pytest.param(saying(answer(b"{}", headers="")), "wrong-type", id="no type"),
        pytest.param(saying(answer(b'{"a":1,"a":2}')), "not-json", id="a key twice"),
        pytest.param(saying(answer(b'{"a":1.5}')), "not-json", id="a fraction"),
        pytest.param(saying(answer(b'{"a":NaN}')), "not-json", id="no number"),
        pytest.param(saying(answer(b"[" * 50_000)), "not-json", id="a tower"),
        pytest.param(saying(answer(b"\xff{}")), "not-json", id="no UTF-8"),
        pytest.param(saying(answer(b"[]")), "not-json", id="no object"),
        pytest.param(saying(answer(b"")), "not-json", id="nothing"),
    ],
)
def test_a_node_that_misbehaves_ends_in_a_named_error(talk, code):
    problem = _ask(talk)
    assert (type(problem), problem.code) == (PartnerMisbehaved, code)
    assert str(problem).startswith(REASONS[code])
    assert problem.passes


def _cut_off(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(_HEAD + b"Content-Length: 10\r\n\r\n{}")


def test_an_answer_that_ends_in_the_middle_is_no_answer():
    assert _ask(_cut_off).code == "not-http"


def _silent(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


def _hang_up(connection: socket.socket) -> None:
    read_request(connection)


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(_endless(b"", b"H", pause=0.05), id="head, a byte now and then"),
        pytest.param(_endless(_HEAD, b"X", pause=0.05), id="header line, a byte now and then"),
        pytest.param(_endless(_HEAD + b"\r\n", b" ", pause=0.05), id="body, a byte now and then"),
        pytest.param(_endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n", pause=0.05), id="endless patience"),
        pytest.param(_silent, id="silence"),
    ],
)
def test_a_node_that_drips_ends_with_the_total_however_quick_each_byte_is(talk):
    problem = _ask(talk, SHORT)
    assert (type(problem), problem.code) == (PartnerUnreachable, "too-slow")
    assert problem.passes


def test_a_node_that_hangs_up_or_is_not_there_is_unreachable():
    problem = _ask(_hang_up)
    assert (type(problem), problem.code) == (PartnerUnreachable, "unreachable")
    with serving(saying(b"")) as port:
        pass
    with client_of(f"http://127.0.0.1:{port}") as client, pytest.raises(PartnerUnreachable) as caught:
        client.get("/feeds")
    assert caught.value.code == "unreachable"


def test_an_address_that_is_not_allowed_is_not_asked():
    for url in ("https://169.254.169.254", "https://10.0.0.1", "https://[::ffff:127.0.0.1]"):
        with client_of(url) as client, pytest.raises(PartnerUnreachable) as caught:
            client.get("/feeds")
        assert caught.value.code == "not-allowed"
        assert not caught.value.passes


def test_a_server_without_tls_is_named():
    with (
        serving(lambda connection: connection.sendall(answer())) as port,
        client_of(f"https://127.0.0.1:{port}") as client,
        pytest.raises(PartnerUnreachable) as caught,
    ):
        client.get("/feeds")
    assert caught.value.code == "tls"
    assert not caught.value.passes


def _refusal(data: bytes) -> PartnerRefused:
    problem = _ask(saying(data))
    assert isinstance(problem, PartnerRefused)
    return problem


def test_a_refusal_is_read_as_far_as_it_can_be():
    said = answer(
        b'{"code":"too-many","detail":"Wait.\\nPlease <b>wait</b>."}',
        status="429 Too Many Requests",
        headers="Content-Type: application/problem+json\nRetry-After: 30",
    )
    refused = _refusal(said)
    assert (refused.status, refused.code, refused.detail) == (429, "too-many", "Wait. Please <b>wait</b>.")
    assert refused.retry_after == timedelta(seconds=30)
    assert refused.passes


@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b'{"code":7,"detail":[]}', b'{"code":"<script>"}', b"[1]", b"x" * 70_000, b""]
)
def test_a_refusal_in_no_known_form_is_a_refusal_still(body):
    refused = _refusal(answer(body, status="502 Bad Gateway"))
    assert (refused.status, refused.code, refused.detail) == (502, "", "")
    assert refused.passes
    assert str(refused) == "The partner's node refused with 502."


def test_a_long_sentence_of_a_partner_is_cut():
    refused = _refusal(answer(b'{"detail":"' + b"a" * 5000 + b'"}', status="403 Forbidden"))
    assert refused.detail == "a" * 300
    assert not refused.passes


@pytest.mark.parametrize(
    "url", ["http://bazaar.example", "ftp://bazaar.example", "bazaar.example", "https://", "https://[::"]
)
def test_a_base_url_is_https(url):
    with pytest.raises(ValueError, match="base URL"):
        PartnerClient(url, KEY, PARTY, Reach(), now)


@pytest.mark.parametrize(
    "url", ["https://who:word@bazaar.example", "https://bazaar.example/?a=1", "https://bazaar.example/#a"]
)
def test_a_base_url_holds_nothing_else(url):
    with pytest.raises(ValueError, match="base URL"):
        PartnerClient(url, KEY, PARTY, DEMO, now)


@pytest.mark.parametrize(
    "path", ["", "feeds", "//evil.example/", "/a/../b", "/a/./b", "/a b", "/a?b", "/a#b", "/é", "/%41", "/a//b"]
)
def test_a_path_that_could_be_read_in_two_ways_is_not_asked(path):
    with client_of("http://127.0.0.1:9") as client, pytest.raises(ValueError, match="path"):
        client.get(path)


def test_cookies_of_a_partner_are_not_kept():
    seen = []

    def talk(connection: socket.socket) -> None:
        while head := read_request(connection):
            seen.append(head)
            connection.sendall(answer(headers="Content-Type: application/json\nSet-Cookie: a=b"))

    with serving(talk) as port, client_of(f"http://127.0.0.1:{port}") as client:
        client.get("/feeds")
        client.get("/feeds")
    assert len(seen) == 2
    assert b"a=b" not in seen[1]
    assert b"Accept-Encoding: identity" in seen[1]


_LINES = """HTTP/1.1 200 OK|HTTP/1.0 503 No|HTTP/1.1 100 Continue|HTTP/2|Content-Length: 2|Content-Length: -1|{}|0|2
Content-Type: application/json|Transfer-Encoding: chunked|Retry-After: 5|Content-Encoding: gzip|Location: //x
Connection: upgrade| |:|\t|,"""
_PIECES = st.sampled_from(
    [*_LINES.replace("\n", "|").encode().split(b"|"), b"\r\n", b"\r\n\r\n", b"\n", b"\xff", b"\x00"]
)


def test_no_bytes_of_the_other_side_end_in_another_error():
    said = [b""]

    def talk(connection: socket.socket) -> None:
        if read_request(connection):
            connection.sendall(said[0])

    with serving(talk) as port, client_of(f"http://127.0.0.1:{port}", bounds=LONG) as client:

        @settings(deadline=None, max_examples=150)
        @given(st.lists(_PIECES, max_size=14).map(b"".join))
        @example(answer())
        def ask(data: bytes) -> None:
            said[0] = data
            with suppress(PartnerProblem):
                assert client.get("/feeds").read_object() == {}

        ask()

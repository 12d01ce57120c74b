"""Client and check together, over a real connection; and what happens to a request that someone in between has."""

import logging
import socket

import pytest

from countermark.node.exchange.wire.partner_problems import PartnerRefused
from countermark.node.exchange.wire.tests.two_nodes import Node, a_node, client_of
from countermark.proof.ijson import read_object


def _again(node: Node, *, body: bytes | None = None, start_line: str = "", **headers: str) -> tuple[int, str]:
    """Status and code for the request that arrived last, sent once more, changed or not."""
    pairs = {**dict(node.head), **headers, "Connection": "close"}
    head = "\r\n".join([start_line or node.start_line, *(f"{name}: {value}" for name, value in pairs.items())])
    with socket.create_connection(("127.0.0.1", node.port), timeout=5) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + (node.body if body is None else body))
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    top, _, said = answer.partition(b"\r\n\r\n")
    return int(top.split()[1]), str(read_object(said).get("code", ""))


def test_a_signed_request_is_answered_and_names_its_party():
    with a_node() as node, client_of(node.url()) as client:
        got = client.get("/exchange/1/feeds", {"after": 7, "word": "a b&c=é"}).read_object()
        assert got == {
            "party": "maison-aurelle",
            "length": 0,
            "path": "/exchange/1/feeds?after=7&word=a+b%26c%3D%C3%A9",
        }
        assert client.post("/exchange/1/receipts", {"seq": 7}).read_object()["length"] == len(b'{"seq":7}')
        assert client.post("/exchange/1/receipts", b"\x00" * 10).read_object()["length"] == 10
        assert client.post("/exchange/1/receipts", b"").read_object()["length"] == 0


def test_a_base_url_may_end_below_the_root():
    with a_node() as node, client_of(f"{node.url()}/exchange/") as client:
        assert client.get("/feeds").read_object()["path"] == "/exchange/feeds"


def test_a_request_that_is_sent_again_is_refused():
    with a_node() as node, client_of(node.url()) as client:
        client.post("/receipts", {"seq": 7})
        assert _again(node) == (401, "replayed")
        assert _again(node) == (401, "replayed")
        assert client.post("/receipts", {"seq": 7}).status == 200, "The honest client signs anew."


def test_a_flipped_byte_is_refused_wherever_it_is():
    with a_node() as node, client_of(node.url()) as client:
        client.post("/receipts", {"seq": 7})
        assert _again(node, body=b'{"seq":8}') == (401, "digest-mismatch")
        assert _again(node, start_line="POST /receiptz HTTP/1.1") == (401, "bad-signature")
        assert _again(node, start_line="GET /receipts HTTP/1.1") == (401, "bad-signature")
        assert _again(node, Host=f"localhost:{node.port}") == (401, "bad-signature")
        signature = dict(node.head)["Signature"]
        assert (
            _again(node, Signature=signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:])[0] == 401
        )


def test_a_refusal_comes_with_status_code_and_detail():
    from countermark.node.exchange.wire.client import PartnerClient
    from countermark.node.exchange.wire.tests.two_nodes import DEMO, now
    from countermark.node.exchange.wire.tests.wire_cases import KEY, OTHER_KEY

    with a_node() as node:
        with PartnerClient(node.url(), KEY, "bazaar", DEMO, now) as client, pytest.raises(PartnerRefused) as caught:
            client.get("/feeds")
        assert (caught.value.status, caught.value.code, caught.value.passes) == (403, "wrong-signer", False)
        with (
            PartnerClient(node.url(), OTHER_KEY, "bazaar", DEMO, now) as client,
            pytest.raises(PartnerRefused) as caught,
        ):
            client.get("/feeds")
        assert (caught.value.status, caught.value.code) == (401, "unknown-key")


def test_no_body_is_ever_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with a_node() as node, client_of(node.url()) as client:
        client.post("/receipts", {"secret": "a word that nobody else says"})
    assert caplog.records, "httpcore logs at this level, so the test sees something."
    assert "nobody else says" not in caplog.text

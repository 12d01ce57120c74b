"""Examples of RFC 9421, appendix B (code components under the Revised BSD Licence): the library and our keys fit them.

Of the appendix, B.2.6 is Ed25519 and is checked to the last bit. Of the others, made with other algorithms, the
signature base is checked: that is the part which two implementations most easily build differently.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519

from countermark.node.exchange.wire.tests.wire_cases import Receiver, Request
from countermark.proof.encoding import from_base64url
from countermark.proof.keys import PrivateKey

CREATED = datetime.fromtimestamp(1618884473, UTC)
#: B.1.4, test-key-ed25519.
SECRET = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"
PUBLIC = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
DIGEST_OF_ANSWER = "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
LINES = {
    "date": '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    "@method": '"@method": POST',
    "@path": '"@path": /foo',
    "@query": '"@query": ?param=Value&Pet=dog',
    "@authority": '"@authority": example.com',
    "content-type": '"content-type": application/json',
    "content-digest": f'"content-digest": {DIGEST}',
    "content-length": '"content-length": 18',
    '"@query-param";name="Pet"': '"@query-param";name="Pet": dog',
}


@dataclass
class _Asked:
    """The request of B.2."""

    method: str = "POST"
    url: str = "https://example.com/foo?param=Value&Pet=dog"
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Host": "example.com",
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Digest": DIGEST,
            "Content-Length": "18",
        }
    )


@dataclass
class _Answered:
    """The response of B.2."""

    request: _Asked = field(default_factory=_Asked)
    status_code: int = 200
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Date": "Tue, 20 Apr 2021 02:07:56 GMT",
            "Content-Type": "application/json",
            "Content-Digest": DIGEST_OF_ANSWER,
            "Content-Length": "23",
        }
    )


def _base(message, components: tuple[str, ...], **parameters) -> list[str]:
    prepared = HTTPMessageSigner(signature_algorithm=ED25519).prepare(
        message,
        created=CREATED,
        covered_component_ids=components,
        include_alg=False,
        use_existing_digest=True,
        **parameters,
    )
    return prepared.signature_base.decode().split("\n")


def _params(components: tuple[str, ...], rest: str) -> str:
    listed = " ".join(one if one.startswith('"') else f'"{one}"' for one in components)
    return f'"@signature-params": ({listed});created=1618884473;{rest}'


def test_the_published_key_is_the_one_that_we_read():
    key = PrivateKey(Ed25519PrivateKey.from_private_bytes(from_base64url(SECRET)))
    assert key.public.text == PUBLIC


def test_b_2_6_ed25519_is_met_to_the_last_bit():
    components = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    base = _base(_Asked(), components, key_id="test-key-ed25519")
    assert base == [*(LINES[name] for name in components), _params(components, 'keyid="test-key-ed25519"')]
    key = PrivateKey(Ed25519PrivateKey.from_private_bytes(from_base64url(SECRET)))
    message = "\n".join(base).encode()
    assert key.sign(message) == base64.b64decode(SIGNATURE)
    key.public.verify(base64.b64decode(SIGNATURE), message)


@pytest.mark.parametrize(
    ("components", "parameters", "rest"),
    [
        pytest.param(
            (),
            {"key_id": "test-key-rsa-pss", "nonce": "b3k2pp5k7z-50gnwp.yemd"},
            'keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
            id="B.2.1",
        ),
        pytest.param(
            ("@authority", "content-digest", '"@query-param";name="Pet"'),
            {"key_id": "test-key-rsa-pss", "tag": "header-example"},
            'keyid="test-key-rsa-pss";tag="header-example"',
            id="B.2.2",
        ),
        pytest.param(
            ("date", "@method", "@path", "@query", "@authority", "content-type", "content-digest", "content-length"),
            {"key_id": "test-key-rsa-pss"},
            'keyid="test-key-rsa-pss"',
            id="B.2.3",
        ),
        pytest.param(
            ("date", "@authority", "content-type"),
            {"key_id": "test-shared-secret"},
            'keyid="test-shared-secret"',
            id="B.2.5",
        ),
    ],
)
def test_signature_bases_of_requests_are_the_published_ones(components, parameters, rest):
    assert _base(_Asked(), components, **parameters) == [
        *(LINES[name] for name in components),
        _params(components, rest),
    ]


def test_b_2_4_the_signature_base_of_a_response_is_the_published_one():
    components = ("@status", "content-type", "content-digest", "content-length")
    assert _base(_Answered(), components, key_id="test-key-ecc-p256") == [
        '"@status": 200',
        '"content-type": application/json',
        f'"content-digest": {DIGEST_OF_ANSWER}',
        '"content-length": 23',
        _params(components, 'keyid="test-key-ecc-p256"'),
    ]


def test_the_published_request_is_no_request_of_our_profile():
    """It is well signed, and yet covers neither body nor query, has no nonce and no tag."""
    headers = {
        **_Asked().headers,
        "Signature-Input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
        "Signature": f"sig-b26=:{SIGNATURE}:",
    }
    request = Request("POST", _Asked().url, tuple(headers.items()), b'{"hello": "world"}')
    assert Receiver().code(request, now=CREATED) == "wrong-tag"

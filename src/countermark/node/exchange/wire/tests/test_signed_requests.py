"""What a signed request holds, and each way in which one is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.refusals import REASONS
from countermark.node.exchange.wire.signed_requests import NONCE_KEPT, check, sign
from countermark.node.exchange.wire.tests.wire_cases import (
    KEY,
    NOW,
    OTHER_KEY,
    PARTY,
    URL,
    Receiver,
    Request,
    by_hand,
    find_key,
    signed,
)
from countermark.proof.keys import PublicKey
from countermark.proof.refusals import Refused

DIGEST_OF_NOTHING = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def test_what_our_client_signs_is_accepted_and_names_the_caller(receiver):
    caller = receiver.take(signed())
    assert (caller.party, caller.kid, caller.created) == (PARTY, KEY.public.kid, NOW)


def test_a_request_without_a_body_covers_the_digest_of_nothing(receiver):
    request = signed("GET", body=b"")
    assert request.header("Content-Digest") == DIGEST_OF_NOTHING
    assert "content-type" not in request.header("Signature-Input")
    assert receiver.take(request).party == PARTY


def test_the_signer_never_gives_its_private_key_away(receiver):
    class Module:
        """What a hardware module offers."""

        public = KEY.public

        def sign(self, message: bytes) -> bytes:
            return KEY.sign(message)

    headers = sign("GET", URL, b"", Module(), party=PARTY, now=NOW)
    assert receiver.take(Request("GET", URL, tuple(headers.items()), b"")).kid == KEY.public.kid


def test_two_signatures_never_share_a_nonce():
    seen = {signed().header("Signature-Input") for _ in range(50)}
    assert len(seen) == 50


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: Request("PUT", r.url, r.headers, r.body), "bad-signature"),
        (lambda r: Request("post", r.url, r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.replace("receipts", "entries"), r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.replace("after=7", "after=8"), r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL + "&after=8", r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.split("?")[0], r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.replace("bazaar", "alto-pay"), r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.replace("https", "http"), r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, URL.replace(".example", ".example:8443"), r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, "not a URL", r.headers, r.body), "bad-signature"),
        (lambda r: Request(r.method, r.url, r.headers, b'{"seq":8}'), "digest-mismatch"),
        (lambda r: Request(r.method, r.url, r.headers, b'{"seq":7} '), "digest-mismatch"),
        (lambda r: Request(r.method, r.url, r.headers, b""), "digest-mismatch"),
        (lambda r: r.with_header("Content-Digest", DIGEST_OF_NOTHING), "bad-signature"),
        (lambda r: r.with_header("Content-Type", "application/x-www-form-urlencoded"), "bad-signature"),
        (lambda r: r.with_header("Countermark-Party", "bazaar"), "wrong-signer"),
        (lambda r: r.without("Countermark-Party"), "missing-component"),
        (lambda r: r.without("Content-Digest"), "missing-component"),
        (lambda r: r.without("Content-Type"), "missing-component"),
        (lambda r: r.without("Signature"), "unsigned"),
        (lambda r: r.without("Signature-Input"), "unsigned"),
        (lambda r: r.with_header("Signature", ""), "unsigned"),
        (lambda r: r.with_header("Signature", "cm=:AAAA:"), "bad-signature"),
        (lambda r: r.with_header("Signature", "cm=:" + "A" * 86 + "==:"), "bad-signature"),
        (lambda r: r.with_header("Signature", "cm=7"), "bad-signature"),
        (lambda r: r.with_header("Signature", "other=:AAAA:"), "malformed"),
        (lambda r: r.with_header("Signature", r.header("Signature") + ", cm2=:AAAA:"), "several-signatures"),
        (lambda r: r.with_header("Signature", "(((("), "malformed"),
        (lambda r: r.with_header("Content-Encoding", "gzip"), "malformed"),
        (lambda r: r.with_header("Content-Digest", r.header("Content-Digest") + ", md5=:AAAA:"), "malformed"),
        (lambda r: r.with_header("Content-Digest", "sha-512=:AAAA:"), "malformed"),
    ],
)
def test_whatever_is_changed_on_the_way_is_refused(receiver, change, code):
    request = signed()
    assert receiver.code(change(request)) == code
    assert receiver.take(request).party == PARTY, "A refused copy must not use up the nonce of the honest request."


def test_a_request_without_a_body_takes_no_body_on_the_way(receiver):
    request = signed("GET", body=b"")
    with_body = Request("GET", URL, (*request.headers, ("Content-Type", "text/plain")), b"x")
    assert receiver.code(with_body) == "missing-component"


def test_the_same_request_is_accepted_once(receiver):
    request = signed()
    receiver.take(request)
    assert receiver.code(request) == "replayed"
    assert receiver.code(request, now=NOW + timedelta(minutes=4)) == "replayed"


def test_a_nonce_is_remembered_longer_than_its_request_can_live(receiver):
    request = signed(now=NOW + timedelta(seconds=60))
    receiver.take(request)
    for seconds in range(0, int(NONCE_KEPT.total_seconds()) + 120, 15):
        assert receiver.code(request, now=NOW + timedelta(seconds=seconds)) in {"replayed", "too-old"}


@pytest.mark.parametrize(
    ("seconds", "code", "named"),
    [(301, "too-old", "301 seconds"), (3600, "too-old", "3600"), (-61, "from-the-future", "differ by 61 seconds")],
)
def test_a_clock_that_is_wrong_is_named_with_the_seconds(receiver, seconds, code, named):
    refused = receiver.refusal(signed(), now=NOW + timedelta(seconds=seconds))
    assert refused.code == code
    assert named in refused.detail


@pytest.mark.parametrize("seconds", [300, 0, -60])
def test_clocks_may_differ_a_little(receiver, seconds):
    assert receiver.take(signed(), now=NOW + timedelta(seconds=seconds)).party == PARTY


@pytest.mark.parametrize("code", ["unknown-key", "wrong-purpose", "key-not-valid", "key-revoked", "wrong-signer"])
def test_what_the_key_ring_says_is_said_on(code):
    def refuse(kid: str) -> tuple[PublicKey, str]:
        raise Refused(code, "Seen in the ring.")

    request = signed()
    with pytest.raises(Exception, match="Seen in the ring") as caught:
        check(request.method, request.url, request.headers, request.body, refuse, NoncesInMemory(), NOW)
    assert getattr(caught.value, "code", "") == code


def test_a_key_of_another_party_does_not_fit(receiver):
    headers = sign("GET", URL, b"", OTHER_KEY, party=PARTY, now=NOW)
    assert receiver.code(Request("GET", URL, tuple(headers.items()), b"")) == "unknown-key"
    forged = signed("GET", body=b"").header("Signature-Input").replace(OTHER_KEY.public.kid, KEY.public.kid)
    mixed = Request("GET", URL, tuple({**headers, "Signature-Input": forged}.items()), b"")
    assert receiver.code(mixed) == "bad-signature"


def test_a_memory_that_is_full_refuses_instead_of_forgetting():
    receiver = Receiver(NoncesInMemory(most_per_key=2))
    first = signed()
    receiver.take(first)
    receiver.take(signed())
    assert receiver.code(signed()) == "too-many"
    assert receiver.code(first) == "replayed"
    later = NOW + NONCE_KEPT
    assert receiver.take(signed(now=later), now=later).party == PARTY


def test_the_order_of_parameters_and_the_label_are_the_signers_choice(receiver):
    """Another library of RFC 9421 writes them in another order, and may cover more."""
    created = int(NOW.timestamp())
    nonce = "b3k2pp5k7z-50gnwp.yemd".replace(".", "_")
    headers = by_hand(
        ['"content-digest"', '"@target-uri"', '"@method"', '"@authority"'],
        f';keyid="{KEY.public.kid}";tag="countermark-exchange/1";nonce="{nonce}";alg="ed25519";created={created}',
        base=[
            f'"content-digest": {DIGEST_OF_NOTHING}',
            f'"@target-uri": {URL}',
            '"@method": GET',
            '"@authority": bazaar.example',
        ],
        label="sig1",
    )
    pairs = (*headers.items(), ("content-digest", DIGEST_OF_NOTHING))
    assert receiver.take(Request("GET", URL, pairs, b"")).party == PARTY


def _with_parameters(parameters: str, components: tuple[str, ...] = ("@method", "@target-uri", "content-digest")):
    values = {
        "@method": "GET",
        "@target-uri": URL,
        "content-digest": DIGEST_OF_NOTHING,
        "@status": "200",
        "@authority": "bazaar.example",
    }
    headers = by_hand(
        [f'"{name}"' for name in components],
        parameters,
        base=[f'"{name}": {values.get(name, "")}' for name in components],
    )
    return Request("GET", URL, (*headers.items(), ("Content-Digest", DIGEST_OF_NOTHING)), b"")


GOOD = {
    "created": str(int(NOW.timestamp())),
    "keyid": f'"{KEY.public.kid}"',
    "alg": '"ed25519"',
    "nonce": '"0123456789abcdef012345"',
    "tag": '"countermark-exchange/1"',
}


def _parameters(**changes: str | None) -> str:
    return "".join(f";{name}={value}" for name, value in {**GOOD, **changes}.items() if value is not None)


def test_the_cases_written_by_hand_are_good_before_they_are_spoilt(receiver):
    assert receiver.take(_with_parameters(_parameters())).party == PARTY


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tag": None}, "wrong-tag"),
        ({"tag": '"web-bot-auth"'}, "wrong-tag"),
        ({"tag": "countermark-exchange/1"}, "wrong-tag"),
        ({"alg": None}, "wrong-alg"),
        ({"alg": '"hmac-sha256"'}, "wrong-alg"),
        ({"alg": '"rsa-pss-sha512"'}, "wrong-alg"),
        ({"alg": "ed25519"}, "wrong-alg"),
        ({"created": None}, "malformed"),
        ({"created": '"1772442000"'}, "malformed"),
        ({"created": "?1"}, "malformed"),
        ({"created": "1.5"}, "malformed"),
        ({"created": "@1772442000"}, "malformed"),
        ({"created": "-999999999999999"}, "too-old"),
        ({"created": "999999999999999"}, "from-the-future"),
        ({"created": "9999999999999999"}, "malformed"),
        ({"expires": GOOD["created"] + ".0"}, "malformed"),
        ({"expires": "1"}, "too-old"),
        ({"nonce": None}, "malformed"),
        ({"nonce": '"short"'}, "malformed"),
        ({"nonce": f'"{"n" * 65}"'}, "malformed"),
        ({"nonce": "0123"}, "malformed"),
        ({"keyid": None}, "malformed"),
        ({"keyid": '"test-key-ed25519"'}, "malformed"),
        ({"keyid": f'"{OTHER_KEY.public.kid}"'}, "unknown-key"),
        ({"context": '"x"'}, "malformed"),
    ],
)
def test_a_signature_says_exactly_what_the_profile_wants(receiver, changes, code):
    assert receiver.code(_with_parameters(_parameters(**changes))) == code


def test_a_signature_that_ends_later_than_now_is_good(receiver):
    expires = str(int(NOW.timestamp()) + 10)
    assert receiver.take(_with_parameters(_parameters(expires=expires))).party == PARTY


def test_a_parameter_that_stands_twice_is_refused(receiver):
    assert receiver.code(_with_parameters(_parameters() + ';tag="countermark-exchange/1"')) == "malformed"


@pytest.mark.parametrize(
    ("components", "code"),
    [
        (("@method",), "missing-component"),
        (("@method", "@target-uri"), "missing-component"),
        (("@method", "content-digest"), "missing-component"),
        (("@target-uri", "content-digest"), "missing-component"),
        ((), "missing-component"),
        (("@method", "@target-uri", "content-digest", "date"), "missing-component"),
        (("@method", "@target-uri", "content-digest", "@status"), "bad-signature"),
        (("@method", "@target-uri", "content-digest", "@nothing"), "bad-signature"),
        (("@method", "@method", "@target-uri", "content-digest"), "malformed"),
        (("@method", "@target-uri", "content-digest", *(f"x-{n}" for n in range(14))), "malformed"),
    ],
)
def test_a_signature_covers_all_that_matters(receiver, components, code):
    """With its defaults the library accepts the first of these."""
    assert receiver.code(_with_parameters(_parameters(), components)) == code


@pytest.mark.parametrize("flag", [";req", ";bs", ";sf", ';key="sha-256"', ";tr"])
def test_a_part_that_is_covered_in_another_spelling_does_not_count(receiver, flag):
    headers = by_hand(
        ['"@method"', '"@target-uri"', f'"content-digest"{flag}'],
        _parameters(),
        base=['"@method": GET', f'"@target-uri": {URL}', f'"content-digest"{flag}: {DIGEST_OF_NOTHING}'],
    )
    request = Request("GET", URL, (*headers.items(), ("Content-Digest", DIGEST_OF_NOTHING)), b"")
    assert receiver.code(request) == "malformed"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", URL),
        ("GET /", URL),
        ("GET", "/exchange"),
        ("GET", "ftp://bazaar.example/"),
        ("GET", "https://bazaar.example/ä"),
        ("GET", "https://bazaar.example/a b"),
        ("GET", "https://bazaar.example/#part"),
        ("GET", "https://who@bazaar.example/"),
        ("GET", "https://bazaar.example/\r\nX: y"),
        ("GET", "https://bazaar.example/" + "a" * 5000),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_signed(method, url):
    with pytest.raises(ValueError, match=r"^A "):
        sign(method, url, b"", KEY, party=PARTY, now=NOW)


def test_a_longer_url_than_any_honest_one_is_refused(receiver):
    request = signed("GET", body=b"")
    assert receiver.code(Request("GET", URL + "&a=" + "b" * 5000, request.headers, b"")) == "too-large"


def test_each_reason_has_a_sentence_and_a_status_of_a_refusal():
    for code, reason in REASONS.items():
        assert 400 <= reason.status < 500, code
        assert reason.sentence.endswith("."), code


def test_the_moment_of_signing_is_given_in_utc(receiver):
    assert receiver.take(signed()).created == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_the_finder_is_asked_for_the_key_that_the_request_names():
    asked = []

    def find(kid: str) -> tuple[PublicKey, str]:
        asked.append(kid)
        return find_key(kid)

    request = signed()
    check(request.method, request.url, request.headers, request.body, find, NoncesInMemory(), NOW)
    assert asked == [KEY.public.kid]

"""Headers from hands we do not trust: smuggled, doubled, endless, or nonsense."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.node.exchange.wire.headers import read_headers
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.tests.wire_cases import PARTY, Receiver, Request, signed


def _code(*pairs: tuple[str, str]) -> str:
    try:
        read_headers(pairs)
    except RequestRefused as refused:
        return refused.code
    return ""


def test_names_are_folded_and_values_trimmed():
    assert read_headers([("Content-TYPE", " application/json\t")]) == {"content-type": "application/json"}
    assert read_headers({"Host": "bazaar.example"}) == {"host": "bazaar.example"}


@pytest.mark.parametrize(
    "name", ["Signature", "Content-Digest", "Host", "X-Forwarded-Proto", "Content-Length", "X-Own"]
)
def test_a_header_that_stands_twice_is_refused_and_named(name):
    assert _code((name, "a"), (name.lower(), "a")) == "repeated-header"


def test_what_proxies_add_to_may_stand_twice():
    assert _code(("Via", "1.1 a"), ("via", "1.1 b"), ("X-Forwarded-For", "a"), ("X-Forwarded-For", "b")) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nSignature: cm=:AAAA:"),
        ("X", "a\nb"),
        ("X", "a\r\n folded"),
        ("X", "a\x00b"),
        ("Bad Name", "a"),
        ("Bad:Name", "a"),
        ("", "a"),
        ("Nämé", "a"),
        ("X\r\nY", "a"),
    ],
)
def test_a_line_that_hides_another_is_refused(name, value):
    assert _code((name, value)) == "malformed"


def test_more_than_any_honest_request_carries_is_refused():
    assert _code(*((f"X-{n}", "a") for n in range(101))) == "too-large"
    assert _code(("X", "a" * 8193)) == "too-large"
    assert _code(("X" * 101, "a")) == "too-large"
    assert _code(*((f"X-{n}", "a" * 8000) for n in range(5))) == "too-large"
    assert _code(("Signature-Input", "a" * 8192)) == ""


def test_a_signature_longer_than_any_honest_one_is_not_parsed():
    request = signed()
    for name in ("Signature", "Signature-Input"):
        refused = Receiver().refusal(request.with_header(name, "cm=:" + "A" * 3000 + ":"))
        assert refused.code == "too-large"
        assert name.lower() in refused.detail


def test_an_endless_stream_of_headers_is_left_early():
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield f"X-{taken}", "a"

    with pytest.raises(RequestRefused):
        read_headers(endless())
    assert taken == 101


@pytest.mark.parametrize(
    "name", ["Signature", "Signature-Input", "Content-Digest", "Content-Type", "Countermark-Party"]
)
def test_a_second_line_of_what_was_signed_is_refused_before_and_behind(name):
    request, receiver = signed(), Receiver()
    second = (name.upper(), "other")
    assert receiver.code(Request(headers=(*request.headers, second))) == "repeated-header"
    assert receiver.code(Request(headers=(second, *request.headers))) == "repeated-header"
    assert receiver.take(request).party == PARTY


def test_values_that_a_gateway_has_joined_by_commas_are_refused():
    """A server that only gives joined values cannot show that a header stood twice, but it shows a wrong one."""
    request, receiver = signed(), Receiver()
    for name in ("Signature", "Signature-Input", "Content-Digest"):
        joined = f"{request.header(name)},{request.header(name)}"
        assert receiver.code(request.with_header(name, joined)) in {"malformed", "several-signatures"}


def test_a_name_with_an_underscore_is_not_the_one_with_a_hyphen():
    request, receiver = signed(), Receiver()
    spoofed = request.without("Content-Digest").with_header("Content_Digest", request.header("Content-Digest"))
    assert receiver.code(spoofed) == "missing-component"


_NAMES = st.sampled_from(["Signature", "Signature-Input", "Content-Digest", "Content-Type", "Countermark-Party"])
_PIECES = st.sampled_from(
    [*'=:;,()"\\.-*1 \t\x7fé', "cm", "?1", "@1", '%"', "created", "keyid", "tag", "nonce", "alg", "AAAA", "a" * 50]
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=25).map("".join))


@settings(deadline=None)
@given(changes=st.lists(st.tuples(_NAMES, _TEXTS), min_size=1, max_size=4))
@example(changes=[("Signature-Input", "cm")])
@example(changes=[("Signature-Input", "cm=1")])
@example(changes=[("Signature-Input", "cm=()")])
@example(changes=[("Signature-Input", 'cm=("@method";key)')])
@example(changes=[("Signature", "cm")])
@example(changes=[("Signature", "\ud800")])
@example(changes=[("Content-Digest", "\ud800")])
def test_nonsense_in_a_header_is_refused_by_name_and_never_accepted(changes):
    request = honest = signed()
    for name, value in changes:
        request = request.with_header(name, value)
    if any(request.header(name).strip(" \t") != value for name, value in honest.headers):
        refused = Receiver().refusal(request)
        assert refused.code
        assert str(refused)


@settings(deadline=None)
@given(where=st.integers(0, 10_000), char=st.characters(max_codepoint=0x17F), which=_NAMES)
def test_one_changed_character_in_what_was_signed_is_refused(where, char, which):
    request = signed()
    old = request.header(which)
    place = where % len(old)
    new = old[:place] + char + old[place + 1 :]
    if new.strip(" \t") == old:
        return
    # The last character before the padding holds two or four bits that do not count.
    if which == "Signature" and place >= len(old) - 4:
        return
    # A label that is changed in both places alike would be a label still; in one place it is none.
    assert Receiver().refusal(request.with_header(which, new)).code


@settings(deadline=None)
@given(pairs=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=20))
def test_any_headers_give_values_or_a_named_refusal(pairs):
    try:
        found = read_headers(pairs)
    except RequestRefused as refused:
        assert refused.code in {"malformed", "repeated-header", "too-large"}
    else:
        assert set(found) == {name.lower() for name, _ in pairs}

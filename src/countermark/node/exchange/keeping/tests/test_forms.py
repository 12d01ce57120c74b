"""A key signs what has the form of its purpose, and nothing that another key or the organisation signs."""

import itertools
from datetime import timedelta

import pytest

from countermark.node.exchange.keeping.forms import MOST_MESSAGE, Forms
from countermark.node.exchange.keeping.manifest import OPERATIONAL
from countermark.node.exchange.keeping.problems import WrongForm
from countermark.node.exchange.keeping.tests.conftest import NOW, ORIGIN
from countermark.node.exchange.keeping.tests.messages import SIGNATURE_BASE, Recorder, messages
from countermark.proof import Purpose
from countermark.proof.encoding import to_base64url
from countermark.proof.key_ring import rotation_data


def public(folder, purpose):
    return next(kept.public for kept in folder.all_keys() if kept.purpose is purpose)


@pytest.mark.parametrize("purpose", OPERATIONAL)
def test_a_key_signs_its_own_form(folder, purpose):
    message = messages(folder)[purpose]
    signature = folder.signer(purpose, NOW).sign(message)
    public(folder, purpose).public.verify(signature, message)


@pytest.mark.parametrize(
    ("key", "message"), [pair for pair in itertools.product(OPERATIONAL, OPERATIONAL) if pair[0] is not pair[1]]
)
def test_no_key_signs_the_form_of_another_purpose(folder, key, message):
    with pytest.raises(WrongForm, match=f"A key for {key} signs"):
        folder.signer(key, NOW).sign(messages(folder)[message])


@pytest.mark.parametrize("purpose", OPERATIONAL)
@pytest.mark.parametrize(
    "message", [b"countermark-agreement/1\n{}", b"countermark-kept-key/1\nentries\nx", b"countermark-key/1\nf\nlog"]
)
def test_no_key_on_the_node_signs_what_makes_keys_and_agreements(folder, purpose, message):
    with pytest.raises(WrongForm):
        folder.signer(purpose, NOW).sign(message)


@pytest.mark.parametrize("purpose", OPERATIONAL)
def test_a_key_says_of_itself_that_it_is_held_and_of_no_other(folder, purpose):
    new = folder.renew(purpose, NOW)
    data = rotation_data("a-b:aurelle", new.public, folder.signer(purpose, NOW))
    assert data["possession"]
    recorder = Recorder(new.public.public)
    rotation_data("a-b:aurelle", new.public, recorder)
    with pytest.raises(WrongForm):
        folder.signer(purpose, NOW, public(folder, purpose).public.kid).sign(recorder.message)
    for change in (b"2027", b"a-b:aurelle"):
        with pytest.raises(WrongForm):
            folder.signer(purpose, NOW).sign(recorder.message.replace(change, b"\n"))


@pytest.mark.parametrize("purpose", [one for one in OPERATIONAL if one is not Purpose.EVIDENCE])
@pytest.mark.parametrize("message", [b"", b"\n", b"hello", b"\xff" * 40, b"eyJ.e30", b"a.b.c", b"\x00" * 1000])
def test_a_key_signs_no_free_text(folder, purpose, message):
    with pytest.raises(WrongForm):
        folder.signer(purpose, NOW).sign(message)


def test_evidence_may_be_anything_up_to_the_bound(folder):
    signer = folder.signer(Purpose.EVIDENCE, NOW)
    for message in (b"", b"\xff" * 100, b"a.b", b"x" * MOST_MESSAGE):
        signer.sign(message)
    with pytest.raises(WrongForm, match="at most 1048576 bytes"):
        signer.sign(b"x" * (MOST_MESSAGE + 1))


def test_an_entry_names_the_key_that_signs_it(folder):
    old_message = messages(folder)[Purpose.ENTRIES]
    folder.renew(Purpose.ENTRIES, NOW)
    with pytest.raises(WrongForm, match="entries that name it"):
        folder.signer(Purpose.ENTRIES, NOW).sign(old_message)


@pytest.mark.parametrize(
    "change",
    [
        lambda header, _: header + b"." + to_base64url(b'{"v":1}').encode(),
        lambda header, _: header + b".e30",
        lambda header, _: header + b".",
        lambda _, payload: to_base64url(b'{"alg":"none"}').encode() + b"." + payload,
        lambda header, payload: header + b"=." + payload,
        lambda header, payload: header + b"." + payload + b"=",
        lambda header, payload: header + b"." + payload + b".AAAA",
    ],
)
def test_a_changed_signing_input_is_no_entry(folder, change):
    header, payload = messages(folder)[Purpose.ENTRIES].split(b".")
    with pytest.raises(WrongForm):
        folder.signer(Purpose.ENTRIES, NOW).sign(change(header, payload))


def test_a_header_in_a_second_spelling_is_no_entry(folder):
    header, payload = messages(folder)[Purpose.ENTRIES].split(b".")
    kid = public(folder, Purpose.ENTRIES).public.kid
    spaced = to_base64url(f'{{"alg": "Ed25519", "kid": "{kid}", "typ": "acx+jws"}}'.encode()).encode()
    assert spaced != header
    with pytest.raises(WrongForm):
        folder.signer(Purpose.ENTRIES, NOW).sign(spaced + b"." + payload)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (ORIGIN, True),
        (f"{ORIGIN}/log/2026", True),
        (f"{ORIGIN}.evil.example", False),
        ("node.bazaar.example", False),
        ("", False),
    ],
)
def test_the_log_key_signs_checkpoints_of_our_log_only(folder, origin, allowed):
    message = messages(folder)[Purpose.LOG].replace(ORIGIN.encode(), origin.encode())
    assert Forms(ORIGIN).log(message, public(folder, Purpose.LOG)) is allowed
    assert Forms().log(message, public(folder, Purpose.LOG)) is bool(origin)


@pytest.mark.parametrize(
    "change",
    [(b"\n7\n", b"\n07\n"), (b"\n7\n", b"\n-7\n"), (b"\n7\n", b"\n0\n"), (b"=\n", b"=\nmore\n"), (b"=\n", b"=")],
)
def test_a_checkpoint_has_one_spelling(folder, change):
    message = messages(folder)[Purpose.LOG]
    assert message.replace(*change) != message
    assert not Forms(ORIGIN).log(message.replace(*change), public(folder, Purpose.LOG))


def test_a_cosignature_bears_the_present_time_where_a_clock_is_given(folder):
    key, forms = public(folder, Purpose.WITNESS), Forms(ORIGIN, clock=lambda: NOW)
    for seconds, allowed in ((0, True), (299, True), (-299, True), (301, False), (-301, False), (-86_400, False)):
        message = messages(folder, NOW + timedelta(seconds=seconds))[Purpose.WITNESS]
        assert forms.witness(message, key) is allowed
        assert Forms(ORIGIN).witness(message, key)


@pytest.mark.parametrize(
    "change",
    [
        ("time 1", "time  1"),
        ("time 1", "time 01"),
        ("time 1", "time -1"),
        ("cosignature/v1", "cosignature/v2"),
        ("cosignature/v1\n", ""),
        ("\n9\n", "\n9 \n"),
    ],
)
def test_a_cosignature_has_one_spelling(folder, change):
    message = messages(folder)[Purpose.WITNESS].decode()
    assert message.replace(*change) != message
    assert not Forms(ORIGIN).witness(message.replace(*change).encode(), public(folder, Purpose.WITNESS))


@pytest.mark.parametrize(
    "change",
    [
        ("\n", "\r\n"),
        ('"@signature-params"', '"@signature-param"'),
        ('("@method" ', "("),
        ('("@method" "@target-uri"', '("@target-uri" "@method"'),
        (")", ") "),
        (");created", ")created"),
        ('"@method": POST\n', ""),
        ('"@method": POST', "@method: POST"),
        ("POST", "PÖST"),
    ],
)
def test_a_signature_base_covers_exactly_its_lines(folder, change):
    assert SIGNATURE_BASE.replace(*change) != SIGNATURE_BASE
    assert not Forms().http(SIGNATURE_BASE.replace(*change).encode(), public(folder, Purpose.HTTP))


def test_a_request_signed_by_the_library_has_the_form(folder):
    import httpx
    from http_message_signatures import HTTPMessageSigner, algorithms

    request = httpx.Request("POST", "https://bazaar.example/api/entries?after=7", content=b"{}")
    covered = ("@method", "@target-uri", "@authority", "content-digest")
    prepared = HTTPMessageSigner(signature_algorithm=algorithms.ED25519).prepare(
        request, key_id="kid", nonce="n", tag="countermark", covered_component_ids=covered, body=b"{}"
    )
    assert folder.signer(Purpose.HTTP, NOW).sign(prepared.signature_base)
    assert not Forms().evidence(prepared.signature_base, public(folder, Purpose.EVIDENCE))

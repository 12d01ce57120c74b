"""The file for a stranger: it holds as a whole, and any change is named. Two programs say the same."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.proof import standalone_file
from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.entries import sign_entry, write_moment
from countermark.proof.extracts import Contradiction, Extract, ExtractEntry, write_extract
from countermark.proof.key_ring import revocation_data, rotation_data
from countermark.proof.keys import PrivateKey
from countermark.proof.tests.two_parties import END, TwoParties
from countermark.proof.verifying import verify_extract


@pytest.fixture(scope="module")
def whole() -> tuple[TwoParties, Extract]:
    two = TwoParties()
    return two, two.whole_extract()


def _stranger(data: bytes, folder: Path, *trusted: str) -> tuple[int, str]:
    """What the stand-alone script says, in a Python that cannot see this project."""
    file = folder / "extract.json"
    file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", str(standalone_file()), str(file), *trusted], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_a_whole_extract_holds_for_both_programs(whole: tuple[TwoParties, Extract], tmp_path: Path) -> None:
    two, extract = whole
    data = write_extract(extract)
    report = verify_extract(data)
    assert report.holds, report.failure
    assert not report.not_shown
    assert any("node.bazaar.example had seen that by 2026-03-01" in check.words for check in report.checks)
    assert any(two.brand.organisation.public.spoken == digits for digits in report.fingerprints.values())
    code, said = _stranger(data, tmp_path)
    assert code == 0, said
    assert said.count("receipted by the other side") == 3


def test_only_trusted_organisations_are_believed(whole: tuple[TwoParties, Extract], tmp_path: Path) -> None:
    two, extract = whole
    data = write_extract(extract)
    both = [side.organisation.public.kid for side in (two.brand, two.market)]
    assert verify_extract(data, frozenset(both)).holds
    assert _stranger(data, tmp_path, *both)[0] == 0
    report = verify_extract(data, frozenset(both[:1]))
    assert report.failure is not None
    assert report.failure.code == "unknown-key"
    assert _stranger(data, tmp_path, both[0])[0] == 1


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_one_flipped_bit_never_passes_for_another_statement(place: int, bit: int) -> None:
    data = bytearray(FLIPPED)
    data[place % len(data)] ^= 1 << bit
    report = verify_extract(bytes(data))
    if report.holds:
        # White space between fields carries no meaning: what is stated must then be the same.
        assert json.loads(bytes(data)) == json.loads(FLIPPED)


FLIPPED = write_extract(TwoParties().whole_extract())


def test_both_programs_refuse_the_same_flipped_bytes(tmp_path: Path) -> None:
    step = len(FLIPPED) // 40
    for place in range(7, len(FLIPPED), step):
        data = bytearray(FLIPPED)
        data[place] ^= 1
        holds = verify_extract(bytes(data)).holds
        assert (_stranger(bytes(data), tmp_path)[0] == 0) is holds, place


def _entries(extract: Extract, change) -> Extract:
    return msgspec.structs.replace(extract, entries=tuple(change(list(extract.entries))))


def _without(entries: list[ExtractEntry], field: str, place: int = 0) -> list[ExtractEntry]:
    entries[place] = msgspec.structs.replace(entries[place], **{field: None})
    return entries


@pytest.mark.parametrize(
    ("change", "part", "code"),
    [
        (lambda entries: [entries[1], entries[0]], "entries[1].chain", "equivocation"),
        (lambda entries: [entries[0], entries[0]], "entries[1].chain", "equivocation"),
        (
            lambda e: [msgspec.structs.replace(e[0], logged=e[1].logged), *e[1:]],
            "entries[0].logged",
            "not-in-log",
        ),
        (
            lambda e: [msgspec.structs.replace(e[0], receipt=e[1].receipt), *e[1:]],
            "entries[0].receipt",
            "wrong-receipt",
        ),
        (
            lambda e: [msgspec.structs.replace(e[0], beside=e[2].beside), *e[1:]],
            "entries[0].beside",
            "wrong-data",
        ),
    ],
)
def test_parts_that_were_exchanged_are_named(
    whole: tuple[TwoParties, Extract], tmp_path: Path, change, part: str, code: str
) -> None:
    data = write_extract(_entries(whole[1], change))
    failure = verify_extract(data).failure
    assert failure is not None
    assert (failure.part, failure.code) == (part, code)
    assert _stranger(data, tmp_path)[0] == 1


@pytest.mark.parametrize("field", ["beside", "logged", "receipt"])
def test_what_a_file_does_not_show_is_said(whole: tuple[TwoParties, Extract], tmp_path: Path, field: str) -> None:
    data = write_extract(_entries(whole[1], lambda entries: _without(entries, field, 2)))
    report = verify_extract(data)
    assert report.holds, report.failure
    assert [words for words in report.not_shown if words.startswith("entries[2]")]
    assert _stranger(data, tmp_path)[0] == 0


def test_deleted_data_leave_every_proof_whole(whole: tuple[TwoParties, Extract]) -> None:
    report = verify_extract(write_extract(_entries(whole[1], lambda entries: _without(entries, "beside", 2))))
    assert report.holds
    assert "only commits to them" in report.not_shown[0]


def test_a_checkpoint_that_nobody_witnessed_does_not_count(tmp_path: Path) -> None:
    two = TwoParties()
    signed = two.say(two.brand)
    entry = ExtractEntry(signed.token, logged=two.logged(two.brand, signed, None))
    data = write_extract(Extract(agreements=(two.signed_agreement(),), entries=(entry,)))
    failure = verify_extract(data).failure
    assert failure is not None
    assert failure.code == "not-witnessed"
    assert _stranger(data, tmp_path)[0] == 1


def test_a_party_is_no_witness_of_itself() -> None:
    two = TwoParties()
    signed = two.say(two.brand)
    entry = ExtractEntry(signed.token, logged=two.logged(two.brand, signed, two.brand))
    report = verify_extract(write_extract(Extract(agreements=(two.signed_agreement(),), entries=(entry,))))
    assert report.failure is not None
    assert report.failure.code == "not-witnessed"


def test_an_entry_from_the_future_is_named(tmp_path: Path) -> None:
    two = TwoParties()
    signed = two.say(two.brand, time=write_moment(two.clock + timedelta(days=1)))
    entry = ExtractEntry(signed.token, logged=two.logged(two.brand, signed, two.market))
    data = write_extract(Extract(agreements=(two.signed_agreement(),), entries=(entry,)))
    failure = verify_extract(data).failure
    assert failure is not None
    assert failure.code == "later-than-seen"
    assert _stranger(data, tmp_path)[0] == 1


def test_rotated_and_revoked_keys_in_a_file(tmp_path: Path) -> None:
    two = TwoParties()
    first = two.say(two.brand)
    seen = two.logged(two.brand, first, two.market)
    new = PrivateKey.generate()
    key = OperationalKey(Purpose.ENTRIES, new.public.text, write_moment(two.clock), write_moment(END))
    lost = two.brand.keys[Purpose.ENTRIES].public.kid
    rotated = two.say(two.brand, "key.rotated", rotation_data(two.agreement.feed_of("aurelle"), key, new))
    stolen = two.say(two.brand)
    two.brand.keys[Purpose.ENTRIES] = new
    revoked = two.say(two.brand, "key.revoked", revocation_data(lost, two.clock + timedelta(minutes=1)))
    later = two.say(two.brand)
    changes = (rotated.token, revoked.token)
    agreements = (two.signed_agreement(),)

    def file(*entries: ExtractEntry) -> bytes:
        return write_extract(Extract(agreements=agreements, key_changes=changes, entries=entries))

    good = file(ExtractEntry(first.token, logged=seen), ExtractEntry(later.token))
    assert verify_extract(good).holds, verify_extract(good).failure
    assert _stranger(good, tmp_path)[0] == 0
    bad = file(ExtractEntry(stolen.token))
    failure = verify_extract(bad).failure
    assert failure is not None
    assert failure.code == "key-revoked"
    assert _stranger(bad, tmp_path)[0] == 1


def test_two_statements_for_one_place_are_a_proof(tmp_path: Path) -> None:
    two = TwoParties()
    signed = two.say(two.brand)
    key = two.brand.keys[Purpose.ENTRIES]
    other = sign_entry(msgspec.structs.replace(signed.entry, data={"word": "low"}), key)
    agreements = (two.signed_agreement(),)

    def report(first: str, second: str, what: str = "entry"):
        contradictions = (Contradiction(what, first, second),)
        data = write_extract(Extract(agreements=agreements, contradictions=contradictions))
        found = verify_extract(data)
        assert _stranger(data, tmp_path)[0] == (0 if found.holds else 1)
        return found

    assert report(signed.token, other.token).holds
    same = report(signed.token, signed.token).failure
    assert same is not None
    assert same.code == "not-equivocation"
    short = two.checkpoint(two.brand)
    two.brand.log._nodes[0, 0] = b"\1" * 32
    assert report(short, two.checkpoint(two.brand), "checkpoint").holds
    assert report(short, short, "checkpoint").failure is not None


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format":"countermark-extract/2"}', b"\xff", b"{" * 100])
def test_a_file_that_is_no_extract_is_refused(data: bytes, tmp_path: Path) -> None:
    report = verify_extract(data)
    assert report.failure is not None
    assert report.failure.part == "file"
    assert _stranger(data, tmp_path)[0] == 1


def test_a_file_that_shows_nothing_is_said_to_show_nothing(whole: tuple[TwoParties, Extract]) -> None:
    report = verify_extract(write_extract(Extract(agreements=whole[1].agreements)))
    assert report.not_shown == ["The file holds no entry."]

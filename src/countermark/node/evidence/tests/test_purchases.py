"""Test purchases: a chain of acts that nobody rewrites, files in the store, a bag that a stranger verifies."""

import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.evidence import custody, retaining
from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.models import DeletionReceipt, Purchase, PurchaseFile
from countermark.node.evidence.purchases import bagging, checking, fields, kinds, recording, stamps, viewing
from countermark.node.evidence.purchases.acts import MOVING, Act, Done, NotNow, Stage, Standing, standing
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.purchasing import (
    LISTING,
    ORDER,
    WHOLE_PURCHASE,
    WORDS,
    bought,
    box,
    done,
    film,
    paper,
    upload,
)
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.proof import standalone_file, verify_bag
from countermark.proof.seals import check_custody
from countermark.proof.tests.authority import Authority, served
from countermark.proof.timestamps import read_authorities

# --- the machine -----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(Act), st.integers(0, 8)), max_size=14))
def test_only_histories_that_can_have_been_are_accepted_and_none_goes_back(tried):
    order = [None, *Stage]
    found = Standing()
    for seq, (act, corrects) in enumerate(tried, start=1):
        allowed = act in found.allowed() and (act is not Act.CORRECT or corrects in {one.seq for one in found.done})
        try:
            after = found.after(Done(seq, act, {"by": f"p{seq}", "to": f"p{seq}"}, corrects))
        except NotNow:
            assert not allowed
            continue
        assert allowed
        assert order.index(after.stage) >= order.index(found.stage)
        if act is Act.CORRECT:
            assert [(one.seq, one.act) for one in after.done] == [(one.seq, one.act) for one in found.done]
        found = after
    if found.stage is Stage.CLOSED:
        assert found.allowed() == (Act.CORRECT,)
    assert bool(found.holder) == any(one.act in {Act.RECEIVE, Act.HAND_OVER} for one in found.done)


def test_the_whole_way_of_a_purchase():
    found = standing(
        Done(n, act) for n, act in enumerate((Act.ORDER, *WHOLE_PURCHASE, Act.SEAL, Act.EXAMINE, Act.CLOSE), 1)
    )
    assert (found.stage, Stage.SEALED.next, Stage.CLOSED.next) == (Stage.CLOSED, Act.EXAMINE, None)
    with pytest.raises(NotNow):
        standing([Done(1, Act.ORDER), Done(2, Act.OPEN)])


# --- fields and files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "field", "value", "code"),
    [
        (Act.ORDER, "at", "2026-03-01T09:00", "not-a-time"),
        (Act.ORDER, "at", "2999-01-01T00:00:00+00:00", "in-the-future"),
        (Act.ORDER, "account", "4111 1111 1111 1111", "account-number"),
        (Act.ORDER, "payment_reference", "FR7630006000011234567890189", "account-number"),
        (Act.ORDER, "price", "NaN", "not-an-amount"),
        (Act.ORDER, "currency", "€", "not-a-currency"),
        (Act.ORDER, "buyer", "a\nb", "not-one-line"),
        (Act.ORDER, "buyer", "a" * 201, "too-long"),
        (Act.ORDER, "buyer", "", "missing"),
        (Act.SEAL, "seals", "A-1\nA-1", "not-a-list"),
        (Act.EXAMINE, "conclusion", "fake", "unknown-choice"),
    ],
)
def test_a_field_that_cannot_be_is_named_with_its_mend(act, field, value, code):
    with pytest.raises(Invalid) as refused:
        fields.checked(act, WORDS[act] | {field: value})
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == (field, code)
    assert problem.mend


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (film(), "video/mp4"),
        (box(b"ftyp", b"qt  ") + box(b"mdat") + box(b"moov"), "video/quicktime"),
        (box(b"ftyp", b"heic") + box(b"meta") + box(b"mdat"), "image/heic"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm" + b"\0" * 60, "video/webm"),
        (picture_bytes(), "image/jpeg"),
        (picture_bytes(kind="PNG"), "image/png"),
        (b"%PDF-1.7\n%%EOF", "application/pdf"),
    ],
)
def test_a_file_is_what_its_bytes_say(data, media_type):
    assert kinds.known(io.BytesIO(data), len(data), "x").media_type == media_type


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unknown-file"),
        (b"<html><script>alert(1)</script>", "unknown-file"),
        (b"PK\x03\x04" + b"\0" * 60, "unknown-file"),
        (film()[:-1], "file-cut-short"),
        (film() + b"PK\x03\x04", "file-cut-short"),
        (box(b"ftyp", b"isom") + box(b"mdat"), "file-cut-short"),
        (b"%PDF-1.7\n", "file-cut-short"),
        (picture_bytes()[:-20], "picture-damaged"),
        (film(5000), "file-too-large"),
    ],
)
def test_a_file_that_is_cut_short_or_something_else_is_refused(data, code, settings):
    settings.COUNTERMARK_MAX_FILM_BYTES = 4096
    with pytest.raises(Invalid) as refused:
        kinds.known(io.BytesIO(data), len(data), "film.mp4")
    assert refused.value.code == code
    assert "film.mp4" in refused.value.detail


# --- the record ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_purchase_is_a_timeline_with_whose_move_it_is(analyst, counsel):
    purchase_id = bought(analyst, *WHOLE_PURCHASE)
    shown = viewing.purchase(counsel, purchase_id)
    assert [step.act for step in shown.steps] == [Act.ORDER, *WHOLE_PURCHASE]
    assert (shown.row.stage, shown.row.mover, shown.row.opinion) == (Stage.EXAMINED, "counsel", "counterfeit")
    assert (shown.holder, shown.next) == ("Lena Hart", Act.CLOSE)
    assert dict(shown.steps[0].words)["price"] == "89.90"
    assert [one.media_type for one in shown.steps[2].files] == ["video/mp4", "image/jpeg"]
    opened = viewing.open_file(analyst, purchase_id, shown.steps[2].files[0].name)
    with opened.file:
        assert opened.file.read() == film()
    assert viewing.purchase(analyst, purchase_id).steps[-1].action == "opened"
    assert [row.id for row in viewing.purchases_of_listing(analyst, LISTING)] == [purchase_id]
    assert checking.check_purchase(analyst, purchase_id).holds


@pytest.mark.django_db
def test_what_was_wrong_is_corrected_by_a_new_line_and_stays(analyst):
    purchase_id = bought(analyst, Act.RECEIVE)
    mended = WORDS[Act.RECEIVE] | {"by": "Jon Ek", "correction": "The wrong name."}
    for odd, corrects in (({**mended, "correction": " "}, 2), (mended | {"at": "2026-02-01T10:00:00+00:00"}, 2)):
        with pytest.raises(Invalid):
            recording.record(analyst, purchase_id, Act.CORRECT, odd, corrects=corrects)
    with pytest.raises(Conflict):
        recording.record(analyst, purchase_id, Act.CORRECT, mended, corrects=9)
    recording.record(analyst, purchase_id, Act.CORRECT, mended, corrects=2)
    shown = viewing.purchase(analyst, purchase_id)
    assert shown.holder == "Jon Ek"
    assert dict(shown.steps[1].words)["by"] == "Ana Roche"
    assert [name for name, _ in shown.steps[2].words] == ["by", "carrier", "tracking", "place", "witness", "correction"]
    assert (shown.steps[1].corrected, shown.steps[2].corrects) == (True, 2)
    late = ORDER | {"at": "2026-03-01T10:30:00+00:00", "correction": "The hour."}
    with pytest.raises(Invalid, match="later than what came after"):
        recording.record(analyst, purchase_id, Act.CORRECT, late, corrects=1)


@pytest.mark.django_db
def test_acts_out_of_turn_too_early_or_without_a_file_are_refused_and_leave_no_byte(analyst):
    purchase_id = bought(analyst)
    with pytest.raises(Conflict, match="cannot be examined"):
        done(analyst, purchase_id, Act.EXAMINE)
    with pytest.raises(Invalid, match="earlier"):
        done(analyst, purchase_id, Act.RECEIVE, at="2026-02-27T10:00:00+00:00")
    done(analyst, purchase_id, Act.RECEIVE)
    before = sorted(store().root.rglob("*"))
    with pytest.raises(Invalid, match="film or a photograph"):
        done(analyst, purchase_id, Act.OPEN, [paper()])
    with pytest.raises(Invalid, match="is no film"):
        done(analyst, purchase_id, Act.OPEN, [upload(film()), upload(b"<svg>")])
    with pytest.raises(Invalid, match="more than"):
        done(analyst, purchase_id, Act.OPEN, [upload(film())] * (recording.MOST_AT_ONCE + 1))
    assert sorted(store().root.rglob("*")) == before


@pytest.mark.django_db
def test_a_film_is_gone_again_when_somebody_was_faster(analyst, monkeypatch):
    purchase_id = bought(analyst, Act.RECEIVE)

    def taken(*_: object) -> None:
        raise Conflict("Somebody was faster.")

    monkeypatch.setattr(recording, "_write", taken)
    with pytest.raises(Conflict):
        done(analyst, purchase_id, Act.OPEN)
    assert len([path for path in store().root.rglob("*") if path.is_file()]) == PurchaseFile.objects.count()


@pytest.mark.django_db
def test_only_those_who_may_see_it_and_nobody_of_another_house(analyst, counsel, officer, reader, stranger):
    purchase_id = bought(analyst, Act.RECEIVE)
    for other in (officer, reader):
        with pytest.raises(NotPermitted):
            viewing.purchase(other, purchase_id)
        assert viewing.purchases_of_listing(other, LISTING) == ()
        assert viewing.supporting(other, [LISTING]) == {}
        with pytest.raises(NotPermitted):
            recording.order(other, LISTING, ORDER)
    for ask in (viewing.purchase, checking.check_purchase):
        with pytest.raises(NotFound):
            ask(stranger, purchase_id)
    with pytest.raises(NotFound):
        retaining.hold(stranger, purchase_id, "case 17")
    with pytest.raises(NotPermitted):
        bagging.export_purchase(analyst, purchase_id, io.BytesIO())


@pytest.mark.django_db
def test_rows_are_not_rewritten_and_changed_bytes_are_found(analyst, counsel):
    purchase_id = bought(analyst, Act.RECEIVE, Act.OPEN)
    for table in ("evidence_purchaseline", "evidence_purchasefile"):
        for statement in (f"UPDATE {table} SET id = 99", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    first = PurchaseFile.objects.get(name="acts/0001-ordered.json")
    path = store().evidence_path(first.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"BZ-7781", b"BZ-7782"))
    assert "line 1" in viewing.purchase(analyst, purchase_id).broken[0]
    report = checking.check_purchase(analyst, purchase_id)
    assert report.failure is not None
    assert "acts/0001-ordered.json" in report.failure.words
    with pytest.raises(Conflict):
        bagging.export_purchase(counsel, purchase_id, io.BytesIO())


@pytest.mark.django_db
def test_a_purchase_that_was_unpacked_and_not_found_genuine_supports_a_notice(analyst):
    assert recording.order(analyst, LISTING, ORDER) == recording.order(analyst, LISTING, ORDER)
    closed = bought(analyst)
    done(analyst, closed, Act.ADD, [paper()])
    done(analyst, closed, Act.ADD, [paper()])
    assert len(viewing.purchase(analyst, closed).steps) == 2
    done(analyst, closed, Act.CLOSE, why="never-came")
    assert viewing.supporting(analyst, [LISTING]).get(LISTING, ()) == ()
    purchase_id = bought(analyst, *WHOLE_PURCHASE)
    (found,) = viewing.supporting(analyst, [LISTING])[LISTING]
    assert (found.id, found.opinion) == (purchase_id, "counterfeit")
    checking.check_purchase(analyst, purchase_id)
    assert viewing.supporting(analyst, [LISTING])[LISTING][0].digest == found.digest
    done(analyst, purchase_id, Act.EXAMINE, at="2026-03-01T15:00:00+00:00", conclusion="genuine")
    assert viewing.supporting(analyst, [LISTING]).get(LISTING, ()) == ()


# --- the bag, timestamps, retention ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.enable_socket
def test_a_bag_is_verified_by_a_stranger_and_one_flipped_byte_is_pointed_to(analyst, counsel, settings, tmp_path: Path):
    authority = Authority.made(tmp_path / "authority")
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        purchase_id = bought(analyst, Act.RECEIVE, Act.OPEN)
        assert stamps.stamp_waiting() == []
        assert all(step.stamps for step in viewing.purchase(analyst, purchase_id).steps)
        assert checking.check_purchase(counsel, purchase_id).holds
        bag = tmp_path / "bag.zip"
        with bag.open("wb") as out:
            assert bagging.export_purchase(counsel, purchase_id, out) == f"{purchase_id}.zip"
    trusted = [read_authorities(authority.pem)]
    report = verify_bag(bag, authorities=trusted)
    assert report.holds, report.failure
    assert "proof/line-0003.json.stamp-1.tsr" in {check.part for check in report.checks}
    assert alone(bag).returncode == 0
    data = bytearray(bag.read_bytes())
    data[data.index(b"\x2a" * 60)] ^= 1
    bag.write_bytes(data)
    failure = verify_bag(bag, authorities=trusted).failure
    assert failure is not None
    assert "data/files/0003-01.mp4" in failure.words
    said = alone(bag)
    assert said.returncode == 1
    assert b"data/files/0003-01.mp4" in said.stdout


def alone(bag: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-I", str(standalone_file()), str(bag)], capture_output=True, check=False)


@pytest.mark.django_db
def test_retention_takes_the_words_and_films_and_leaves_chain_and_receipt(analyst, counsel):
    purchase_id, other = bought(analyst, Act.RECEIVE, Act.OPEN), bought(counsel)
    row = Purchase.objects.get(public_id=purchase_id)
    assert row.retain_until is not None
    over = row.retain_until + timedelta(days=1)
    retaining.hold(counsel, purchase_id, "case 17", now().date() + timedelta(days=30))
    shown = viewing.purchase(counsel, purchase_id)
    assert (shown.held_by, shown.held_for) == (counsel.actor, "case 17")
    retaining.release(counsel, purchase_id, "case 17 is closed")
    Purchase.objects.filter(public_id=other).update(retain_until=over)
    assert retaining.delete_due(row.retain_until) == 0
    assert retaining.delete_due(over) == 1
    assert retaining.delete_due(over) == 0
    left = {path.name for path in store().root.rglob("*") if path.is_file()}
    assert left == set(PurchaseFile.objects.filter(purchase__public_id=other).values_list("sha256", flat=True))
    receipt = DeletionReceipt.objects.get(subject=purchase_id)
    assert retaining.receipt(counsel, purchase_id).decode() == receipt.text
    assert '"bytes":"deleted"' in receipt.text
    lines = custody.lines_of(row)
    check_custody(lines)
    assert lines[-1].detail["receipt"] == receipt.sha256
    assert all("Ana" not in str(line) for line in lines)
    after = viewing.purchase(analyst, purchase_id)
    assert (after.allowed, after.broken, after.steps[0].words) == ((), (), ())
    assert checking.check_purchase(analyst, purchase_id).holds
    with pytest.raises(Conflict):
        done(analyst, purchase_id, Act.SEAL)
    with pytest.raises(Conflict):
        retaining.hold(counsel, purchase_id, "case 18")


@pytest.mark.django_db
def test_a_deletion_that_was_stopped_half_way_goes_on(counsel, monkeypatch):
    purchase_id = bought(counsel)
    over = (now() + timedelta(days=11 * 366)).date()

    def full(*_: object) -> str:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(retaining, "_bytes_gone", full)
        with pytest.raises(OSError, match="output"):
            retaining.delete_due(over)
    assert not DeletionReceipt.objects.exists()
    assert retaining.delete_due(over) == 1
    assert viewing.purchase(counsel, purchase_id).steps[-1].action == "deleted"
    assert not [path for path in store().root.rglob("*") if path.is_file()]


def test_every_act_has_fields_and_every_moving_act_a_time():
    assert set(fields.FIELDS) == set(Act) - {Act.CORRECT}
    assert all(any(one.name == "at" for one in fields.FIELDS[act]) for act in MOVING)


def test_another_role_is_needed_to_hold(analyst):
    with pytest.raises(NotPermitted):
        retaining.hold(make_member(role=Role.ANALYST), "prc_00000000000000000000000000", "case 17")

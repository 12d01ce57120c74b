"""Imports: good rows kept, bad ones told, killed and resumed without loss or doubling."""

import io
import json
import zipfile

import pytest

from countermark.formats.limits import Limits
from countermark.model import ImageUnavailable
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import picture_bytes
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.listings import importing, selectors, services
from countermark.node.listings.models import Import, ImportProblem, Listing
from countermark.node.listings.spooling import Spool
from countermark.node.listings.states import ImportOutcome, ImportState
from countermark.node.listings.storing import store

pytestmark = pytest.mark.django_db


def lines(count: int, start: int = 0, **more) -> bytes:
    rows = [
        {
            "marketplace": "Bazaar",
            "id": f"item-{number}",
            "title": f"Corvane tote {number}",
            "seller_id": f"shop-{number % 7}",
            "seller_name": "Shop",
            "price": "19.90 EUR",
            "captured_at": "2026-03-01T12:00:00Z",
            **more,
        }
        for number in range(start, start + count)
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def request(member, data: bytes, name="listings.jsonl", **more) -> str:
    return services.request_import(member, io.BytesIO(data), name, **more)


def work(worker="w1", **more) -> ImportOutcome:
    import_id = services.claim_import(worker)
    assert import_id is not None
    return services.run_import(import_id, worker, **more)


def small_batches(monkeypatch, rows=10):
    monkeypatch.setattr(importing, "LIMITS", Limits(batch_rows=rows, name_characters=300))


def test_good_rows_are_kept_and_bad_ones_told_with_row_and_mend(analyst):
    data = lines(3) + b'{"id": "", "title": "no id"}\n' + lines(2, 10)
    import_id = request(analyst, data)
    assert work() is ImportOutcome.DONE
    report = selectors.import_report(analyst, import_id)
    assert report.summary.rows_good == report.summary.rows_new == Listing.objects.count() == 5
    assert [(p.row, bool(p.mend)) for p in report.problems] == [(4, True)]
    assert report.summary.share_done == 1.0


def test_an_import_killed_between_two_batches_goes_on_without_loss_or_doubling(analyst, monkeypatch, clock):
    small_batches(monkeypatch)
    import_id = request(analyst, lines(35) + b"broken\n" + lines(20, 40))
    real = store
    calls = []

    def dies(*args):
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit
        return real(*args)

    monkeypatch.setattr(importing, "store", dies)
    with pytest.raises(SystemExit):
        work()
    row = Import.objects.get()
    assert (row.rows_read, row.state) == (20, Import.State.RUNNING)
    assert Listing.objects.count() == 20
    clock.forward(seconds=importing.CLAIM_SECONDS + 1)
    assert work("w2") is ImportOutcome.DONE
    summary = selectors.import_summary(analyst, import_id)
    assert summary.rows_good == summary.rows_new == Listing.objects.count() == 55
    assert summary.problems_total == ImportProblem.objects.count() == 1


def test_nothing_of_a_batch_stays_when_its_progress_cannot_be_written(analyst, monkeypatch):
    small_batches(monkeypatch)
    request(analyst, lines(15))

    def breaks(*_args):
        raise RuntimeError

    monkeypatch.setattr(importing, "_tell", breaks)
    assert work() is ImportOutcome.RETRY
    assert Listing.objects.count() == 0
    assert Import.objects.get().rows_read == 0


def test_an_import_that_keeps_failing_is_given_up_with_a_reason(analyst, monkeypatch):
    import_id = request(analyst, lines(1))

    def breaks(*_args):
        raise RuntimeError("secret@person.example")

    monkeypatch.setattr(importing, "store", breaks)
    outcomes = [work() for _ in range(3)]
    assert outcomes == [ImportOutcome.RETRY, ImportOutcome.RETRY, ImportOutcome.FAILED]
    summary = selectors.import_summary(analyst, import_id)
    assert "RuntimeError" in summary.reason
    assert "person.example" not in summary.reason
    assert services.claim_import("w1") is None


def test_an_import_whose_worker_dies_each_time_is_given_up(analyst, clock):
    request(analyst, lines(1))
    for _ in range(importing.TRIES):
        assert services.claim_import("w1")
        clock.forward(seconds=importing.CLAIM_SECONDS + 1)
    assert services.claim_import("w1") is None
    assert Import.objects.get().state == Import.State.FAILED


def test_a_worker_that_lost_its_claim_writes_nothing_more(analyst, monkeypatch, clock):
    small_batches(monkeypatch)
    import_id = request(analyst, lines(30))
    assert services.claim_import("slow") == import_id
    clock.forward(seconds=importing.CLAIM_SECONDS + 1)
    assert services.claim_import("quick") == import_id
    assert services.run_import(import_id, "slow") is ImportOutcome.LOST
    assert Listing.objects.count() == 0
    assert services.run_import(import_id, "quick") is ImportOutcome.DONE
    assert Listing.objects.count() == 30


def test_a_worker_told_to_stop_gives_the_import_back_and_the_try_does_not_count(analyst, monkeypatch):
    small_batches(monkeypatch)
    request(analyst, lines(30))
    answers = iter([True, False])
    assert work(keep_going=lambda: next(answers)) is ImportOutcome.RELEASED
    row = Import.objects.get()
    assert (row.state, row.attempts, row.rows_good) == (Import.State.QUEUED, 0, 10)
    assert work() is ImportOutcome.DONE
    assert Listing.objects.count() == 30


def test_a_running_import_is_cancelled_at_its_next_batch_and_keeps_what_it_had(analyst, monkeypatch):
    small_batches(monkeypatch)
    import_id = request(analyst, lines(30))

    def keep_going():
        if Listing.objects.exists() and not Import.objects.get().cancel_requested:
            services.cancel_import(analyst, import_id)
        return True

    assert work(keep_going=keep_going) is ImportOutcome.CANCELLED
    assert Listing.objects.count() == 10
    assert selectors.import_summary(analyst, import_id).state is ImportState.CANCELLED


def test_a_waiting_import_is_cancelled_at_once_and_its_file_removed(analyst):
    import_id = request(analyst, lines(1))
    assert services.cancel_import(analyst, import_id).state is ImportState.CANCELLED
    assert not Spool(import_id).folder.exists()
    with pytest.raises(Conflict):
        services.cancel_import(analyst, import_id)


def test_the_file_is_removed_when_the_import_is_done(analyst):
    import_id = request(analyst, lines(1))
    assert Spool(import_id).listings() is not None
    work()
    assert not Spool(import_id).folder.exists()


def test_a_file_that_is_nothing_we_read_fails_and_says_why(analyst):
    import_id = request(analyst, b"\x00\x01\x02" * 1000, "photo.bin")
    assert work() is ImportOutcome.FAILED
    assert selectors.import_summary(analyst, import_id).reason


def test_the_same_file_again_changes_nothing(analyst):
    request(analyst, lines(12))
    work()
    again = request(analyst, lines(12))
    work()
    summary = selectors.import_summary(analyst, again)
    assert (summary.rows_good, summary.rows_new, summary.rows_changed) == (12, 0, 0)


def test_problems_are_kept_up_to_a_bound_and_counted_beyond(analyst, monkeypatch):
    small_batches(monkeypatch)
    monkeypatch.setattr(importing, "PROBLEMS_KEPT", 5)
    import_id = request(analyst, b"broken\n" * 30 + lines(3))
    work()
    report = selectors.import_report(analyst, import_id)
    assert (report.summary.problems_total, report.problems_kept, len(report.problems)) == (30, 5, 5)


def test_a_marketplace_name_without_room_is_told_and_the_rest_kept(analyst):
    import_id = request(analyst, lines(1, 0, marketplace="B" * 250) + lines(2, 1))
    work()
    report = selectors.import_report(analyst, import_id)
    assert [p.code for p in report.problems] == ["marketplace-too-long"]
    assert report.summary.rows_good == 2


def zipped(**pictures: bytes) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in pictures.items():
            archive.writestr(f"{name}.jpg", data)
    packed.seek(0)
    return packed


def test_pictures_come_with_the_file_in_an_archive(analyst):
    data = lines(1, 0, images=["a.jpg"]) + lines(1, 1, images=["a.jpg", "missing.jpg"])
    import_id = request(analyst, data, pictures=zipped(a=picture_bytes()))
    work()
    summary = selectors.import_summary(analyst, import_id)
    assert (summary.pictures_kept, summary.pictures_missing) == (2, 1)
    rows = selectors.listings(analyst).rows
    assert all(row.capture_id for row in rows)
    pictures = selectors.listing(analyst, rows[0].id).pictures
    assert [bool(p.problem) for p in pictures] == [False, True]


def test_an_archive_that_is_none_is_refused_at_once_and_leaves_nothing(analyst, store):
    with pytest.raises(Invalid) as refused:
        request(analyst, lines(1), pictures=io.BytesIO(b"no archive"))
    assert refused.value.code == "archive-unreadable"
    assert not Import.objects.exists()
    assert not list((store / "uploads").iterdir())


def test_a_hostile_picture_is_told_and_its_listing_kept(analyst):
    polyglot = picture_bytes() + zipped(x=b"y").getvalue()
    import_id = request(analyst, lines(1, 0, images=["a.jpg"]), pictures=zipped(a=polyglot))
    work()
    assert selectors.import_summary(analyst, import_id).pictures_missing == 1
    row = selectors.listings(analyst).rows[0]
    assert selectors.listing(analyst, row.id).pictures[0].problem


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(analyst, settings, store):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 1000
    with pytest.raises(Invalid) as refused:
        request(analyst, lines(100))
    assert refused.value.code == "file-too-large"
    assert not list((store / "uploads").iterdir())


def test_an_empty_file_is_refused(analyst):
    with pytest.raises(Invalid) as refused:
        request(analyst, b"")
    assert refused.value.code == "file-empty"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/x.csv", "a\0b.jsonl", "x" * 4000, "..\\..\\x.csv", ""])
def test_a_hostile_name_touches_no_path(analyst, name, store):
    import_id = request(analyst, lines(1), name)
    kept = Spool(import_id).listings()
    assert kept is not None
    assert kept.resolve().is_relative_to(store.resolve() / "uploads")
    shown = selectors.import_summary(analyst, import_id).name
    assert "/" not in shown
    assert "\0" not in shown


def test_one_who_may_not_import_is_refused_before_anything_is_kept(reader, store):
    with pytest.raises(NotPermitted):
        request(reader, lines(1))
    assert not store.exists()


def test_another_organisation_sees_no_import_of_ours(analyst, stranger):
    import_id = request(analyst, lines(1))
    for ask in (selectors.import_report, selectors.import_summary, services.cancel_import):
        with pytest.raises(NotFound):
            ask(stranger, import_id)
    assert not selectors.imports(stranger).rows


def test_what_a_problem_quotes_is_kept_from_one_who_may_not_see_personal_data(analyst, reader):
    import_id = request(analyst, lines(1, 0, price="Mira Vale"))
    work()
    assert "Mira" in selectors.import_report(analyst, import_id).problems[0].excerpt
    assert selectors.import_report(reader, import_id).problems[0].excerpt == ""


def test_request_and_end_are_in_the_trail(analyst):
    import_id = request(analyst, lines(2))
    work()
    trail = Event.objects.filter(target=import_id).order_by("id")
    assert [(e.actor, e.action) for e in trail] == [(analyst.actor, "import.requested"), ("worker", "import.done")]
    assert trail[1].detail["listings"] == 2


class Folder:
    def read(self, uri: str) -> bytes:
        if uri != "a.jpg":
            raise ImageUnavailable("there is no such picture.")
        return picture_bytes()


def test_a_folder_is_brought_in_at_once(analyst, tmp_path):
    file = tmp_path / "listings.jsonl"
    file.write_bytes(lines(5, 0, images=["a.jpg"]))
    told = []
    report = services.import_folder(analyst, file, Folder(), progress=lambda done, total: told.append((done, total)))
    assert (report.state, report.rows_good, report.problems_total, report.pictures_kept) == (ImportState.DONE, 5, 0, 5)
    assert told[-1][0] == file.stat().st_size


def test_a_command_that_died_is_not_taken_over_without_its_file(analyst, tmp_path, monkeypatch, clock):
    file = tmp_path / "listings.jsonl"
    file.write_bytes(lines(5))

    def dies(*_args):
        raise SystemExit

    monkeypatch.setattr(importing, "store", dies)
    with pytest.raises(SystemExit):
        services.import_folder(analyst, file, Folder())
    assert services.claim_import("w1") is None
    clock.forward(seconds=importing.CLAIM_SECONDS + 1)
    assert work() is ImportOutcome.FAILED
    assert "no longer here" in Import.objects.get().reason


def test_claims_of_a_dead_worker_are_given_back(analyst):
    request(analyst, lines(1))
    services.claim_import("dead")
    assert services.workers_claiming() == ("dead",)
    assert services.release_claims("dead") == 1
    assert work() is ImportOutcome.DONE

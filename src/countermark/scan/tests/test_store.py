"""From a store into a store: the bytes of a scan from disk to disk, whatever dies; refusals are sentences."""

from pathlib import Path

import pytest

from countermark.formats import Defaults
from countermark.scan import parts as parts_module
from countermark.scan.folders import HEADER, scan_folder
from countermark.scan.journal import JournalMismatch
from countermark.scan.parts import PartRunner
from countermark.scan.places import PlaceRefused, open_place, shown, why
from countermark.scan.tests.plans import ListingPlan
from countermark.scan.tests.store import KEY, SECRET, Store, _running, store  # noqa: F401 - fixtures
from countermark.scan.tests.test_folders import runner, written


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "ROWS_PER_PART", 10)


def on_store(store: Store, folder: Path, output: str, at: str = "") -> PartRunner:  # noqa: F811
    return PartRunner(ListingPlan(folder, at), store.address("days/all"), store.address(output), Defaults())


def test_a_scan_on_a_store_writes_the_bytes_of_one_on_disk_though_a_worker_is_killed(
    store: Store,  # noqa: F811
    listings: Path,
    tmp_path: Path,
) -> None:
    store.upload(listings, "days/all")
    scan_folder(runner(listings, tmp_path / "plain"), None, inputs="x")
    (tmp_path / "die-1").touch()
    tally = scan_folder(on_store(store, tmp_path, "found/new", at="25"), None, inputs="x", workers=2)
    assert not (tmp_path / "die-1").exists(), "no worker was killed"
    assert (tally.listings, tally.findings, tally.parts) == (60, 60, 6)
    there, here = store.files("found/new"), written(tmp_path / "plain")
    # What they were made from is told apart by when the input was written, which is later in the store.
    assert there.pop(HEADER) != here.pop(HEADER)
    assert there == here


def test_a_scan_on_a_store_goes_on_where_it_stood_and_mixes_nothing(
    store: Store,  # noqa: F811
    listings: Path,
    tmp_path: Path,
) -> None:
    store.upload(listings, "days/all")
    scan_folder(on_store(store, tmp_path, "found/new"), None, inputs="x")
    whole = store.files("found/new")
    filesystem, root = open_place(store.address("found/new"))
    filesystem.delete_file(f"{root}/day-1/b.rg000000-000001.findings.parquet")
    tally = scan_folder(on_store(store, tmp_path, "found/new"), None, inputs="x")
    assert (tally.resumed, tally.parts) == (5, 6)
    assert store.files("found/new") == whole
    with pytest.raises(JournalMismatch, match=r"^s3://found/new holds findings of other"):
        scan_folder(on_store(store, tmp_path, "found/new"), None, inputs="y")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere/all", "there is no such bucket (bucket nowhere)"),
        ("days/none", "there is no folder days/none"),
    ],
)
def test_what_is_not_there_is_named(store: Store, tmp_path: Path, place: str, said: str) -> None:  # noqa: F811
    there = PartRunner(ListingPlan(tmp_path), store.address(place), str(tmp_path / "out"), Defaults())
    with pytest.raises(OSError) as refused:
        scan_folder(there, None, inputs="x")
    assert why(refused.value) == said


def test_a_store_that_refuses_the_key_is_told_so_without_the_key(
    store: Store,  # noqa: F811
    listings: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    store.upload(listings, "days/all")
    store.ask_for_rights()
    for read, write in ((store.address("days/all"), str(tmp_path / "out")), (str(listings), store.address("found/x"))):
        with pytest.raises(OSError) as refused:
            scan_folder(PartRunner(ListingPlan(tmp_path), read, write, Defaults()), None, inputs="x")
        assert "credentials in the environment" in why(refused.value)
        assert KEY not in why(refused.value)
    assert SECRET not in "".join(capfd.readouterr())


def test_an_answer_that_repeats_the_secret_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert why(OSError(f"AWS Error UNKNOWN (HTTP status 500): {SECRET} (Request ID: 1)")) == (
        "AWS Error UNKNOWN (HTTP status 500): …"
    )


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"s3://{KEY}:{SECRET}@days/all", "credentials stand in the address"),
        ("ftp://days/all", "nothing is known of ftp://"),
        ("s3://days/all?nonsense=1", "nonsense"),
    ],
)
def test_an_address_that_is_not_used_says_why_without_its_credentials(place: str, said: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        open_place(place)
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)
    assert SECRET not in shown(place)

"""Pictures made to hurt: the listing is scanned, and the picture told by row, field and mend, however one scans."""

import json
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.cli.tests.conftest import Run
from countermark.formats import Limits, read_listings
from countermark.scan import local
from countermark.world import hostile

BOMBS = ("png_bomb", "jpeg_bomb", "svg_as_photo")
WHEN = "2026-11-01T10:00:00Z"


@pytest.fixture
def market(shop: Path) -> Path:
    """A shop whose house has an official photo; row 1 is no listing, row 2 shows a good picture, the others none."""
    photo = np.random.default_rng(3).integers(0, 255, (12, 16, 3), np.uint8)
    good = cv2.imencode(".jpg", cv2.resize(photo, (320, 240), interpolation=cv2.INTER_CUBIC))[1].tobytes()
    for name, data in {"good": good, **{name: getattr(hostile, name)() for name in BOMBS}}.items():
        (shop / f"{name}.jpg").write_bytes(data)
    rights = (shop / "rights.yaml").read_text(encoding="utf-8")
    (shop / "rights.yaml").write_text(f"{rights}        photos: [good.jpg]\n", encoding="utf-8")
    rows: list[dict[str, object]] = [{"id": "0", "title": ""}]
    for number, picture in enumerate(
        ("good.jpg", *(f"{name}.jpg" for name in BOMBS), "gone.jpg", "https://a.example/b.jpg")
    ):
        rows.append({"id": f"L{number}", "title": "Corvane replica tote", "images": [picture]})
    for row in rows:
        row |= {"seller_id": "s1", "captured_at": WHEN, "marketplace": "Bazaar"}
    (shop / "l.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (shop / "days").mkdir()
    pq.write_table(pa.Table.from_pylist(rows[1:] + rows[:1]), shop / "days" / "a.parquet")
    return shop


def scan(run: Run, market: Path, listings: str, output: str) -> tuple[list[tuple[int, str]], str]:
    """Row and value of what was wrong with pictures, and the talk."""
    rejects = market / "rejects.jsonl"
    given = ("--rights", market / "rights.yaml", "--rejects", rejects, "--workers", 1, "--images", market)
    done = run("scan", market / listings, *given, "-o", market / output)
    assert done.exit_code == 0, done.output
    told = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert all(one["mend"] for one in told)
    assert [one["field"] for one in told].count("title") == 1
    return [(one["row"], one["excerpt"]) for one in told if one["field"] == "images"], done.stderr


BAD = [f"{name}.jpg" for name in BOMBS] + ["gone.jpg"]


@pytest.mark.parametrize(("listings", "output", "first"), [("l.jsonl", "f.jsonl", 3), ("days", "out", 2)])
def test_each_bad_picture_is_told_by_its_row_and_no_listing_is_lost(
    run: Run, market: Path, listings: str, output: str, first: int
) -> None:
    told, talk = scan(run, market, listings, output)
    assert told == [(first + number, name) for number, name in enumerate(BAD)]
    assert "6 listings, 6 findings" in talk


def test_a_scan_that_goes_on_tells_the_pictures_of_its_first_part_too(
    run: Run, market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = scan(run, market, "l.jsonl", "whole.jsonl")
    monkeypatch.setattr("countermark.scan.journal.BATCHES_PER_PART", 1)
    small = partial(read_listings, limits=Limits(batch_rows=2))
    monkeypatch.setattr("countermark.cli.scan.read_listings", small)
    given = ("--rights", market / "rights.yaml", "--workers", 1, "--images", market, "-o", market / "f.jsonl")
    with monkeypatch.context() as broken:
        broken.setattr(local, "_alone", _two_batches(local._alone))
        assert run("scan", market / "l.jsonl", *given).exit_code == 5
    other = run("scan", market / "l.jsonl", *given, "--format", "jsonl")
    assert (other.exit_code, "interrupted scan of other" in other.stderr) == (3, True)
    again, _ = scan(run, market, "l.jsonl", "f.jsonl")
    assert sorted(again) == sorted(whole)
    assert (market / "f.jsonl").read_bytes() == (market / "whole.jsonl").read_bytes()


def _two_batches(alone):
    def interrupted(*given):
        for number, answer in enumerate(alone(*given)):
            if number == 2:
                raise KeyboardInterrupt
            yield answer

    return interrupted


def test_a_reference_that_nothing_can_be_compared_with_is_named(run: Run, market: Path) -> None:
    (market / "good.jpg").write_bytes(cv2.imencode(".jpg", np.full((240, 320, 3), 200, np.uint8))[1].tobytes())
    _, talk = scan(run, market, "l.jsonl", "f.jsonl")
    assert "Pictures are not compared with good.jpg: it is too plain" in talk


def test_prices_in_a_currency_without_band_or_rate_are_said_for_a_folder_too(run: Run, market: Path) -> None:
    row = {"id": "1", "title": "Corvane tote", "price": "900", "currency": "TRY", "seller_id": "s1"}
    rows = [{**row, "captured_at": WHEN, "marketplace": "Bazaar"}]
    pq.write_table(pa.Table.from_pylist(rows), market / "days" / "a.parquet")
    given = ("--rights", market / "rights.yaml", "--workers", 1, "--no-images", "-o", market / "out")
    for _ in ("first", "only resumed"):
        assert "for want of a usual price or a rate (--rates): 1 in TRY." in run("scan", market / "days", *given).stderr

"""Hostile input is as hostile as it says, and the doors stand it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from countermark.formats import read_listings
from countermark.formats.picture import RefusedPicture, inspect_picture
from countermark.signals.image import fingerprint
from countermark.world import hostile

#: Pictures that no door takes; the others are pictures with something behind or missing.
REFUSED = {
    "png-bomb.png": "too-many-pixels",
    "jpeg-bomb.jpg": "too-many-pixels",
    "scan-bomb.jpg": "too-many-scans",
    "truncated.jpg": "damaged",
    "polyglot.jpg": "polyglot",
    "archive.jpg": "polyglot",
    "svg.jpg": "unsupported-type",
    "gif.jpg": "unsupported-type",
}


@pytest.mark.parametrize("name", hostile.PICTURES)
def test_each_hostile_picture_is_refused_for_what_it_is(name: str) -> None:
    with pytest.raises(RefusedPicture) as refused:
        inspect_picture(hostile.PICTURES[name]())
    assert refused.value.code == REFUSED[name]


@pytest.mark.parametrize("name", hostile.PICTURES)
def test_the_fingerprint_takes_a_hostile_picture_or_refuses_it(name: str) -> None:
    try:
        found = fingerprint(hostile.PICTURES[name]())
    except RefusedPicture:
        assert name not in ("truncated.jpg", "polyglot.jpg", "archive.jpg")
    else:
        assert found.whole.quality >= 0


@pytest.mark.parametrize("make", hostile.PICTURES.values(), ids=list(hostile.PICTURES))
def test_each_hostile_picture_is_small_to_send(make: Callable[[], bytes]) -> None:
    assert len(make()) < 2_000_000


def test_bad_rows_are_reported_and_good_rows_kept(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(hostile.bad_listings_csv(), encoding="utf-8")
    batches = list(read_listings(path))
    kept = [id_ for batch in batches for id_ in batch.batch.column("external_id").to_pylist()]
    wrong = {problem.row for batch in batches for problem in batch.problems}
    assert [kept[0], kept[-1]] == ["1", "10"]
    assert {"7", "8", "9"}.isdisjoint(kept)
    assert wrong == set(range(2, 12))


def test_an_endless_line_is_not_held(tmp_path: Path) -> None:
    pieces = hostile.endless_line(40_000_000)
    assert max(map(len, pieces)) <= 1 << 16
    path = tmp_path / "endless.jsonl"
    with path.open("wb") as file:
        file.writelines(hostile.endless_line(40_000_000))
    assert path.stat().st_size == 40_000_000
    problems = [problem for batch in read_listings(path) for problem in batch.problems]
    assert [problem.row for problem in problems] == [1]


@pytest.mark.parametrize(
    "line",
    [hostile.deep_json(), hostile.lone_surrogate_line(), hostile.wrongly_encoded_line()],
    ids=["deep", "half", "latin"],
)
def test_one_bad_line_stops_nobody(line: bytes) -> None:
    good = b'{"id": "2", "title": "Tote", "marketplace": "Bazaar", "captured_at": "2026-11-03T10:00:00Z"}\n'
    batches = list(read_listings(io.BytesIO(line + good)))
    assert "2" in [id_ for batch in batches for id_ in batch.batch.column("external_id").to_pylist()]


def test_the_direction_trick_reads_as_the_mark_and_is_not_it() -> None:
    assert "Corvane" not in hostile.direction_trick()
    assert "Corvane" in hostile.direction_trick()[::-1]

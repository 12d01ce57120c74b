"""Listings out of files, folders, globs and streams: every good row once, every bad one told."""

import gzip
import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from countermark.formats import (
    LISTING_SCHEMA,
    Defaults,
    Limits,
    ListingBatch,
    ListingFormat,
    UnreadableSource,
    expand_sources,
    read_listings,
)

HEAD = "id,title,price,currency\n"


def rows(start: int, end: int) -> str:
    return "".join(f"{n},Tote {n},12.50,EUR\n" for n in range(start, end))


def test_batches_have_the_schema_and_no_more_rows_than_asked(write) -> None:
    pieces = list(read_listings(write("a.csv", HEAD + rows(0, 250)), limits=Limits(batch_rows=100)))
    assert [piece.batch.num_rows for piece in pieces] == [100, 100, 50]
    for piece in pieces:
        assert piece.batch.schema == LISTING_SCHEMA
        piece.batch.validate(full=True)


def test_the_default_batch_is_4096_rows(write) -> None:
    pieces = list(read_listings(write("a.csv", HEAD + rows(0, 5000))))
    assert [piece.batch.num_rows for piece in pieces] == [4096, 904]


def test_reading_twice_gives_the_same_batches(write) -> None:
    path = write("a.csv", HEAD + rows(0, 300) + "x,,\n" + rows(290, 400))
    first, second = (list(read_listings(path, limits=Limits(batch_rows=64))) for _ in range(2))
    assert [(p.batch, p.problems) for p in first] == [(p.batch, p.problems) for p in second]


def test_many_small_files_fill_common_batches(write, tmp_path: Path) -> None:
    for number in range(30):
        write(f"pages/{number:02}.csv", HEAD + rows(number * 10, number * 10 + 10))
    pieces = list(read_listings(tmp_path / "pages", limits=Limits(batch_rows=100)))
    assert [piece.batch.num_rows for piece in pieces] == [100, 100, 100]


def test_a_heavy_batch_is_closed_early(write) -> None:
    text = "id,title,description\n" + "".join(f"{n},Tote,{'x' * 40_000}\n" for n in range(40))
    pieces = list(read_listings(write("a.csv", text), limits=Limits(batch_bytes=200_000)))
    assert max(piece.batch.num_rows for piece in pieces) <= 10
    assert sum(piece.batch.num_rows for piece in pieces) == 40


def test_a_folder_is_read_in_the_order_of_its_names(write, read, tmp_path: Path) -> None:
    write("in/b.csv", HEAD + rows(2, 3))
    write("in/a/z.jsonl", '{"id": 1, "title": "Tote"}')
    write("in/c.csv.gz", gzip.compress((HEAD + rows(3, 4)).encode()))
    found = read(tmp_path / "in")
    assert found.ids == ["1", "2", "3"]
    assert found.problems == []


def test_what_does_not_belong_in_a_folder_is_told_and_pictures_are_passed_over(write, read, tmp_path: Path) -> None:
    write("in/a.csv", HEAD + rows(1, 2))
    write("in/notes.docx", "x")
    write("in/photo.jpg", b"\xff\xd8")
    write("in/page_files/style.css", "x")
    write("in/.hidden.csv", HEAD + rows(7, 8))
    write("in/sheet.xlsx", b"PK\x03\x04")
    write("secret.csv", HEAD + rows(8, 9))
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    os.mkfifo(tmp_path / "in" / "pipe.csv")
    found = read(tmp_path / "in")
    assert found.ids == ["1"]
    assert {(p.source, p.code) for p in found.problems} == {
        ("notes.docx", "unknown-format"),
        ("sheet.xlsx", "zip-not-read"),
        ("link.csv", "symlink-not-followed"),
        ("loop", "symlink-not-followed"),
        ("pipe.csv", "not-a-file"),
    }


def test_a_link_that_is_named_itself_is_followed(write, read, tmp_path: Path) -> None:
    write("real.csv", HEAD + rows(1, 2))
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert read(tmp_path / "link.csv").ids == ["1"]


def test_a_glob_is_expanded_and_sorted(write, read, tmp_path: Path) -> None:
    for number in (2, 1, 3):
        write(f"shop-{number}.csv", HEAD + rows(number, number + 1))
    write("other.csv", HEAD + rows(9, 10))
    assert read(str(tmp_path / "shop-*.csv")).ids == ["1", "2", "3"]
    assert [path.name for path in expand_sources(str(tmp_path / "shop-*.csv"))] == [
        "shop-1.csv",
        "shop-2.csv",
        "shop-3.csv",
    ]
    with pytest.raises(UnreadableSource):
        expand_sources(str(tmp_path / "none-*.csv"))


def test_several_sources_are_read_one_after_another(write, read) -> None:
    one, two = write("b.csv", HEAD + rows(1, 2)), write("a.csv", HEAD + rows(2, 3))
    assert read([one, str(two)]).ids == ["1", "2"]
    assert expand_sources([one, two, "-"]) == [one, two]


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch, read) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO((HEAD + rows(0, 3) + "x,,,\n").encode())))
    found = read("-")
    assert found.ids == ["0", "1", "2"]
    assert [(p.source, p.row) for p in found.problems] == [("stdin", 4)]


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("data", HEAD + "1,Tote,1,EUR\n", None),
        ("data.txt", '{"id": 1, "title": "Tote"}', None),
        ("data", "<!DOCTYPE html><html>", None),
        ("data", "<?xml version='1.0'?><rss", None),
        ("data.bin", HEAD + "1,Tote,1,EUR\n", ListingFormat.CSV),
    ],
)
def test_the_first_bytes_decide_where_the_name_does_not(write, read, name: str, content: str, wanted: object) -> None:
    try:
        assert read(write(name, content), wanted=wanted).ids == ["1"]
    except UnreadableSource as refused:
        assert refused.problem.code in ("no-product", "broken-xml")


def test_the_same_listing_is_kept_once_over_all_files(write, read) -> None:
    one = write("a.csv", "marketplace,id,title\nBazaar,1,first\nOther,1,other place\nBazaar,1,again\n")
    two = write("b.csv", "marketplace,id,title\nBazaar,2,new\nBazaar,1,once more\n")
    found = read([one, two])
    assert [listing.title.value for listing in found.listings] == ["first", "other place", "new"]
    assert [(p.source, p.row, p.code) for p in found.problems] == [
        ("a.csv", 3, "duplicate-id"),
        ("b.csv", 2, "duplicate-id"),
    ]
    assert "row 1;" in found.problems[0].message
    assert "row 1 of a.csv" in found.problems[1].message


def test_defaults_fill_what_the_file_lacks_and_the_file_wins(write, read) -> None:
    path = write("a.csv", "id,title,language,marketplace\n1,Tote,,\n2,Tote,fr,Elsewhere\n")
    found = read(path, language="zh", marketplace="Bazaar", captured_at=datetime(2026, 2, 3, tzinfo=UTC))
    assert [(x.title.language, x.marketplace) for x in found.listings] == [("zh", "Bazaar"), ("fr", "Elsewhere")]
    assert found.listings[0].captured_at == datetime(2026, 2, 3, tzinfo=UTC)


def test_a_default_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Defaults(captured_at=datetime(2026, 1, 1))


def test_progress_goes_up_to_the_whole(write, tmp_path: Path) -> None:
    write("in/a.csv", HEAD + rows(0, 3000))
    write("in/b.jsonl", '{"id": "x", "title": "Tote"}\n' * 2)
    total = sum(path.stat().st_size for path in (tmp_path / "in").iterdir())
    pieces = list(read_listings(tmp_path / "in", limits=Limits(batch_rows=500)))
    done = [piece.bytes_done for piece in pieces]
    assert done == sorted(done)
    assert (done[-1], pieces[-1].bytes_total) == (total, total)


def test_a_stream_has_no_known_end() -> None:
    (piece,) = read_listings(io.BytesIO((HEAD + rows(0, 1)).encode()))
    assert piece.bytes_total is None


def test_a_file_that_is_still_growing_gives_its_whole_rows(write) -> None:
    path = write("a.csv", HEAD + rows(0, 200) + "200,Tote 2")
    reading = read_listings(path, limits=Limits(batch_rows=50))
    first = next(reading)
    with path.open("a") as more:
        more.write("00,12.50,EUR\n" + rows(201, 300))
    rest = list(reading)
    ids = [value for piece in (first, *rest) for value in piece.batch.column("external_id").to_pylist()]
    assert ids == [str(n) for n in range(200)]
    assert [p.code for piece in rest for p in piece.problems] == ["still-growing"]
    assert "Wait" in rest[-1].problems[-1].mend


def test_a_last_row_without_its_line_end_counts_when_nothing_changes(write, read) -> None:
    assert read(write("a.csv", HEAD + "1,Tote,12,EUR")).ids == ["1"]


def test_a_gzip_bomb_of_rows_is_stopped_and_told(write, read) -> None:
    packed = gzip.compress((HEAD + rows(1, 5000)).encode())
    found = read(write("a.csv.gz", packed), limits=Limits(gzip_bytes=20_000))
    assert 100 < len(found.ids) < 2000
    assert [code for _, code in found.codes] == ["gzip-bomb"]


def test_a_bad_file_among_good_ones_is_told_and_the_others_read(write, read, tmp_path: Path) -> None:
    write("in/a.csv", HEAD + rows(1, 2))
    write("in/b.csv", "")
    write("in/c.parquet", "nothing")
    write("in/d.csv", "name;colour\n")
    found = read(tmp_path / "in")
    assert found.ids == ["1"]
    assert [(p.source, p.row, p.code) for p in found.problems] == [
        ("b.csv", 0, "empty-file"),
        ("c.parquet", 0, "bad-parquet"),
        ("d.csv", 0, "missing-column"),
    ]


def test_when_nothing_can_be_read_it_is_said_once(write, tmp_path: Path) -> None:
    write("in/a.csv", "")
    write("in/b.csv", "")
    told: list[ListingBatch] = []
    with pytest.raises(UnreadableSource) as refused:
        told.extend(read_listings(tmp_path / "in"))
    assert [p.source for piece in told for p in piece.problems] == ["b.csv"]
    assert refused.value.problem.source == "a.csv"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.csv", None, "not-found"),
        ("a\0b.csv", None, "not-found"),
        ("a.csv", b"", "empty-file"),
        ("a.csv", b"PK\x03\x04xlsx", "zip-not-read"),
        ("a.zip", b"PK\x03\x04", "zip-not-read"),
        ("a.json", b"[1]", "json-array"),
        ("a.json", b"<x>", "unknown-format"),
        ("a.gz", b"", "empty-file"),
        ("folder", "dir", "no-files"),
    ],
)
def test_a_source_without_anything_is_refused_with_its_mend(
    write, tmp_path: Path, name: str, content: object, code: str
) -> None:
    if content == "dir":
        (tmp_path / name).mkdir()
    elif content is not None:
        write(name, content)
    with pytest.raises(UnreadableSource) as refused:
        list(read_listings(str(tmp_path / name)))
    assert refused.value.problem.code == code
    assert refused.value.problem.mend
    assert str(tmp_path) not in str(refused.value)


def test_a_file_without_permission_is_told(write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.csv", HEAD)

    def refuse(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableSource, match="Permission denied"):
        list(read_listings(path))


def test_a_header_alone_is_a_file_without_listings(write) -> None:
    assert list(read_listings(write("a.csv", HEAD))) == []


def test_too_many_files_are_not_taken(write, read, tmp_path: Path) -> None:
    for number in range(5):
        write(f"in/{number}.csv", HEAD + rows(number, number + 1))
    found = read(tmp_path / "in", limits=Limits(files=3))
    assert found.ids == ["0", "1", "2"]
    assert [code for _, code in found.codes] == ["too-many-files"]


def test_a_file_full_of_bad_rows_is_told_in_pieces(write) -> None:
    pieces = list(read_listings(write("a.csv", HEAD + "x,,1,EUR\n" * 20_000 + rows(1, 2))))
    assert max(len(piece.problems) for piece in pieces) <= 8192
    assert sum(len(piece.problems) for piece in pieces) == 20_000
    assert sum(piece.batch.num_rows for piece in pieces) == 1


def test_memory_does_not_grow_with_the_number_of_listings(write) -> None:
    path = write("a.csv", HEAD + rows(0, 120_000))
    used = []
    for piece in read_listings(path):
        del piece
        used.append(pa.total_allocated_bytes())
    assert max(used[10:]) < max(used[:10]) + 4 * 1024 * 1024

"""Bytes and lines: bounded, unpacked with care, watched for change."""

import gzip
import io
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.limits import MIB, Limits
from countermark.formats.lines import read_lines
from countermark.formats.streams import CHUNK, ByteStream, Utf8Stream


class Endless(io.RawIOBase):
    """Gives one line of two gigabytes without ever holding it, then a short one."""

    def __init__(self, size: int, after: bytes) -> None:
        self.left = size
        self.after = after
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.left > 0:
            piece = b"x" * min(size, self.left)
            self.left -= len(piece)
        else:
            piece, self.after = self.after[:size], self.after[size:]
        self.given += len(piece)
        return piece


def drain(stream: ByteStream) -> bytes:
    return b"".join(iter(lambda: stream.read(CHUNK), b""))


def codes(stream: ByteStream) -> list[str]:
    return [problem.code for problem in stream.troubles()]


def test_a_line_of_two_gigabytes_is_passed_over_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    source = Endless(2 * 1024 * MIB, b"\nshort\n")
    joined: list[bytes] = []

    class Watched:
        def read(self, size: int, /) -> bytes:
            data = source.read(size)
            held.append(len(data))
            return data

    for lines in read_lines(Watched(), MIB, accept_tail=lambda: True):
        joined += [line if line is not None else b"(too long)" for line in lines]
    assert joined == [b"(too long)", b"short"]
    assert source.given == 2 * 1024 * MIB + 7
    assert max(held) <= CHUNK


def test_no_more_than_the_limit_is_ever_held() -> None:
    read = read_lines(io.BytesIO(b"a" * 50 + b"\n" + b"b" * 10), 20, accept_tail=lambda: True)
    assert [line for lines in read for line in lines] == [None, b"b" * 10]


@given(
    st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), max_size=20),
    st.integers(1, 40),
    st.integers(1, 7),
)
def test_lines_come_out_as_they_went_in_whatever_the_pieces(lines: list[bytes], limit: int, piece: int) -> None:
    data = io.BytesIO(b"".join(line + b"\n" for line in lines))

    class Dripping:
        def read(self, size: int, /) -> bytes:
            return data.read(min(size, piece))

    read = [line for some in read_lines(Dripping(), limit, accept_tail=lambda: True) for line in some]
    assert read == [line if len(line) <= limit else None for line in lines]


def test_a_tail_that_may_still_grow_is_not_accepted() -> None:
    assert list(read_lines(io.BytesIO(b"whole\npart"), 99, accept_tail=lambda: False)) == [[b"whole"]]


def test_gzip_is_unpacked_by_content_whatever_the_name() -> None:
    packed = gzip.compress(b"one\n") + gzip.compress(b"two\n") + b"\0" * 100
    stream = ByteStream(io.BytesIO(packed), "listings.csv")
    assert stream.compressed
    assert drain(stream) == b"one\ntwo\n"
    assert stream.whole()


@pytest.mark.parametrize("cut", [5, 12, 25])
def test_a_cut_gzip_gives_what_it_has_and_is_told(cut: int) -> None:
    stream = ByteStream(io.BytesIO(gzip.compress(os.urandom(1000))[:-cut]), "a.gz")
    assert len(drain(stream)) <= 1000
    assert codes(stream) == ["cut-short"]
    assert not stream.whole()


def test_a_damaged_gzip_is_told() -> None:
    packed = bytearray(gzip.compress(os.urandom(5000)))
    packed[-6] ^= 0xFF  # the checksum
    stream = ByteStream(io.BytesIO(bytes(packed)), "a.gz")
    drain(stream)
    assert codes(stream) == ["bad-gzip"]


def test_what_follows_a_gzip_is_told() -> None:
    stream = ByteStream(io.BytesIO(gzip.compress(b"a") + b"junk"), "a.gz")
    assert drain(stream) == b"a"
    assert codes(stream) == ["bad-gzip"]


def test_a_gzip_bomb_is_stopped_by_its_ratio() -> None:
    squeeze = zlib.compressobj(9, wbits=31)
    packed = b"".join(squeeze.compress(bytes(MIB)) for _ in range(64)) + squeeze.flush()
    stream = ByteStream(io.BytesIO(packed), "bomb.gz")
    unpacked = len(drain(stream))
    assert codes(stream) == ["gzip-bomb"]
    assert unpacked < 20 * MIB


def test_a_gzip_bomb_is_stopped_by_its_total() -> None:
    packed = gzip.compress(os.urandom(100_000))
    stream = ByteStream(io.BytesIO(packed), "big.gz", Limits(gzip_bytes=50_000))
    drain(stream)
    assert codes(stream) == ["gzip-bomb"]


def test_a_file_that_grows_while_it_is_read_ends_where_it_ended_at_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * 10)
    with path.open("rb") as raw:
        stream = ByteStream(raw, "a.csv")
        with path.open("ab") as more:
            more.write(b"b" * 10)
        assert drain(stream) == b"a" * 10
        assert codes(stream) == ["still-growing"]
        assert (stream.done, stream.total) == (10, 10)


def test_a_file_that_shrinks_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * 10)
    with path.open("rb") as raw:
        stream = ByteStream(raw, "a.csv")
        os.truncate(path, 4)
        drain(stream)
        assert codes(stream) == ["still-growing"]
        assert not stream.whole()


def test_an_error_of_the_disk_ends_the_file_and_is_told() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    stream = ByteStream(Broken(), "a.csv")
    assert stream.read(10) == b""
    assert codes(stream) == ["cannot-read"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_utf8_and_utf16_are_told_apart_by_their_mark(encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    data = (mark + "id,titre\n1,été 珂梵 👜\n").encode(encoding)
    stream = Utf8Stream(ByteStream(io.BytesIO(data), "a.csv"))
    assert b"".join(iter(lambda: stream.read(3), b"")).decode() == "id,titre\n1,été 珂梵 👜\n"


def test_a_unit_that_is_no_utf16_spoils_only_its_place() -> None:
    data = "\ufeffab".encode("utf-16-le") + b"\x00\xd8" + "cd".encode("utf-16-le") + b"\x00"
    stream = Utf8Stream(ByteStream(io.BytesIO(data), "a.csv"))
    assert b"".join(iter(lambda: stream.read(CHUNK), b"")) == b"ab\xffcd\xff"

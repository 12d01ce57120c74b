"""No more is held than was allowed, packed or unpacked."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.node.kernel.answers import AnswerTooLong, encoding_of, read_packed, read_unpacked

MEGABYTE = 1024 * 1024


class _Pieces(httpx.SyncByteStream):
    def __init__(self, data: bytes, size: int = 65536) -> None:
        self.taken = 0
        self._data, self._size = data, size

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._data), self._size):
            self.taken += 1
            yield self._data[start : start + self._size]


def _response(data: bytes, encoding: str = "", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        200, headers=named | ({"content-encoding": encoding} if encoding else {}), stream=_Pieces(data)
    )


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("", bytes), ("identity", bytes), ("GZIP ", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_what_was_packed_comes_out_whole(encoding, pack):
    body = b"a page of a shop" * 1000
    assert read_unpacked(_response(pack(body), encoding), MEGABYTE) == body
    assert read_packed(_response(pack(body), encoding), MEGABYTE) == pack(body)
    assert read_unpacked(_response(b"", encoding), MEGABYTE) == b""


def test_a_bomb_is_stopped_before_it_unfolds():
    bomb = gzip.compress(bytes(64 * MEGABYTE))
    tracemalloc.start()
    with pytest.raises(AnswerTooLong):
        read_unpacked(_response(bomb, "gzip"), MEGABYTE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE


def test_a_body_at_the_bound_is_read_and_one_byte_more_is_not():
    assert read_packed(_response(b"abc"), 3) == b"abc"
    assert read_unpacked(_response(gzip.compress(b"a" * 500), "gzip"), 500) == b"a" * 500
    for response in (_response(b"abcd"), _response(b"abcd", content_length="4")):
        with pytest.raises(AnswerTooLong, match="more than 3 bytes"):
            read_packed(response, 3)
    with pytest.raises(AnswerTooLong):
        read_unpacked(_response(gzip.compress(b"a" * 501), "gzip"), 500)


def test_no_more_is_taken_from_the_network_than_is_needed_to_see_that_it_is_too_much():
    stream = _Pieces(bytes(100 * 1000), 1000)
    with pytest.raises(AnswerTooLong):
        read_packed(httpx.Response(200, stream=stream), 5000)
    assert stream.taken == 6


#: Without the time, so that a test has the same name each time.
ABC = gzip.compress(b"abc", mtime=0)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"x", "br"),
        (b"x", "gzip, gzip"),
        (b"not gzip", "gzip"),
        (ABC[:-1], "gzip"),
        (ABC + b"x", "gzip"),
        (ABC + ABC, "gzip"),
        (zlib.compress(b"abc"), "gzip"),
    ],
)
def test_what_cannot_be_unpacked_in_one_way_is_refused(data, encoding):
    with pytest.raises(httpx.DecodingError):
        read_unpacked(_response(data, encoding), MEGABYTE)


def test_identity_is_no_packing():
    assert encoding_of(_response(b"", " Identity")) == ""
    assert encoding_of(_response(b"", "BR")) == "br"
    assert encoding_of(_response(b"")) == ""


@settings(deadline=None)
@given(
    data=st.binary(max_size=200), encoding=st.sampled_from(["", "gzip", "deflate", "br"]), length=st.text(max_size=6)
)
def test_any_bytes_are_read_or_refused_by_name(data, encoding, length):
    response = _response(data, encoding)
    response.headers["content-length"] = length.encode("ascii", "ignore").decode().strip()
    try:
        assert len(read_unpacked(response, 100)) <= 100
    except (AnswerTooLong, httpx.DecodingError) as refused:
        assert str(refused)

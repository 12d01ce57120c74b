"""Bytes of one file: counted, bounded, unpacked when compressed, and watched for change while they are read."""

import codecs
import os
import stat
import zlib
from typing import BinaryIO, Protocol

from countermark.formats.limits import MIB, Limits
from countermark.formats.problems import Unfit, problem
from countermark.model import RowProblem

#: Bytes asked for at a time.
CHUNK = 256 * 1024
#: Ratios mean nothing while little came out.
_RATIO_FROM = 16 * MIB

_GZIP = b"\x1f\x8b"


class Readable(Protocol):
    """Anything that gives bytes when asked, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


class ByteStream:
    """The bytes of one file or stream, unpacked when it is gzip. Nothing here raises while reading: what breaks the
    stream ends it, and `trouble` says what it was.

    Attributes:
        name: as its owner knows it.
        done: raw bytes read so far, for a progress bar.
        total: raw bytes there were when it was opened, None when unknown.
    """

    def __init__(self, raw: BinaryIO, name: str, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self.name = name
        self.done = 0
        self._raw = raw
        self._limits = limits
        self._stat = _stat_of(raw)
        self.total = self._stat[0] if self._stat else None
        self._broken: Unfit | None = None
        self._head = b""
        self._unpack: _Gunzip | None = None
        if self.peek(2) == _GZIP:
            packed, self._head = self._head, b""
            self._unpack = _Gunzip(packed, self._read_raw, limits)

    def peek(self, size: int) -> bytes:
        """The first bytes, without taking them; fewer at the end."""
        while len(self._head) < size and (more := self._read_unpacked(size - len(self._head))):
            self._head += more
        return self._head[:size]

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end or where the stream breaks."""
        if self._head:
            taken, self._head = self._head[:size], self._head[size:]
            return taken
        return self._read_unpacked(size)

    @property
    def compressed(self) -> bool:
        """Whether the bytes are being unpacked."""
        return self._unpack is not None

    def whole(self) -> bool:
        """Whether the end that was reached is the real end: nothing broke, and nothing changed meanwhile."""
        return self._broken is None and not self._changed()

    def troubles(self) -> list[RowProblem]:
        """What went wrong with the file as a whole, once its end was reached."""
        found = []
        if self._broken is not None:
            found.append(problem(self._broken.code, source=self.name, words=self._broken.words))
        if self._changed():
            found.append(problem("still-growing", source=self.name))
        return found

    def _changed(self) -> bool:
        return self._stat is not None and _stat_of(self._raw) != self._stat

    def _read_unpacked(self, size: int) -> bytes:
        if self._broken is not None:
            return b""
        try:
            return self._unpack.read(size) if self._unpack else self._read_raw(size)
        except Unfit as unfit:
            self._broken = unfit
        except OSError as error:
            self._broken = Unfit("cannot-read", reason=error.strerror or type(error).__name__)
        return b""

    def _read_raw(self, size: int) -> bytes:
        # What is appended while we read is not ours to read: a file that grows faster than we read has no end.
        left = size if self.total is None else min(size, self.total - self.done)
        data = self._raw.read(left) if left > 0 else b""
        self.done += len(data)
        return data


def _stat_of(raw: BinaryIO) -> tuple[int, int] | None:
    """Size and time of change of a regular file, None for anything else."""
    try:
        facts = os.fstat(raw.fileno())
    except (OSError, AttributeError, ValueError):
        return None
    return (facts.st_size, facts.st_mtime_ns) if stat.S_ISREG(facts.st_mode) else None


class _Gunzip:
    """Unpacks gzip members one after another, never more than asked for at a time."""

    def __init__(self, first: bytes, source: "_Source", limits: Limits) -> None:
        self._packed = first
        self._source = source
        self._limits = limits
        self._taken = len(first)
        self._given = 0
        self._member = zlib.decompressobj(wbits=31)

    def read(self, size: int) -> bytes:
        """At most `size` unpacked bytes; raises Unfit (bad-gzip, gzip-bomb, cut-short)."""
        while True:
            if not self._packed:
                self._packed = self._source(CHUNK)
                self._taken += len(self._packed)
            if not self._packed and not self._member.eof:
                raise Unfit("cut-short")
            if self._member.eof and not self._next_member():
                return b""
            data = self._step(size)
            if data:
                return self._counted(data)

    def _next_member(self) -> bool:
        """Start on the next member; False at the end, with the padding of noughts that tapes leave."""
        rest = self._packed.lstrip(b"\0")
        if not rest:
            return bool(self._packed) and self._skip_padding()
        if not rest.startswith(_GZIP[: len(rest)]):
            raise Unfit("bad-gzip", reason="other data follows")
        self._packed = rest
        self._member = zlib.decompressobj(wbits=31)
        return True

    def _skip_padding(self) -> bool:
        self._packed = self._source(CHUNK)
        self._taken += len(self._packed)
        return bool(self._packed) and self._next_member()

    def _step(self, size: int) -> bytes:
        try:
            data = self._member.decompress(self._packed, size)
        except zlib.error as error:
            raise Unfit("bad-gzip", reason=str(error)) from error
        self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return data

    def _counted(self, data: bytes) -> bytes:
        self._given += len(data)
        if self._given > self._limits.gzip_bytes:
            raise Unfit("gzip-bomb", limit=f"{self._limits.gzip_bytes:,} bytes")
        if self._given > _RATIO_FROM and self._given > self._taken * self._limits.gzip_ratio:
            raise Unfit("gzip-bomb", limit=f"{self._limits.gzip_ratio} times its size")
        return data


class _Source(Protocol):
    def __call__(self, size: int, /) -> bytes: ...


class Utf8Stream:
    """A stream of text, as UTF-8 without a byte order mark: UTF-16 with its mark is rewritten on the way.

    A unit that is not UTF-16 becomes a byte that is not UTF-8, so that the row it stands in is reported, not the file.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        head = stream.peek(3)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._decoder = codecs.getincrementaldecoder("utf-16")(errors=_MARK_BAD_UNIT)
        elif head.startswith(codecs.BOM_UTF8):
            stream.read(3)

    def read(self, size: int, /) -> bytes:
        """About `size` bytes of UTF-8; empty at the end."""
        if self._decoder is None:
            return self._stream.read(size)
        while data := self._stream.read(size):
            text = self._decoder.decode(data)
            if text:
                return text.encode("utf-8", "surrogateescape")
        rest = self._decoder.decode(b"", final=True)
        return rest.encode("utf-8", "surrogateescape")


_MARK_BAD_UNIT = "countermark-mark-bad-unit"


def _mark_bad_unit(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", max(error.end, error.start + 1)


codecs.register_error(_MARK_BAD_UNIT, _mark_bad_unit)

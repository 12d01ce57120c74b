"""Which listings were already read: a set on disk, so that memory does not grow with their number."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import blake2b
from types import TracebackType
from typing import Self

#: What SQLite may hold in memory before it goes to disk, in KiB.
CACHE_KIB = 32 * 1024

#: A place is one number: the source above, the row below.
_ROW_BITS = 40


class Seen:
    """Digests of (marketplace, id) with the place where each was seen first.

    A nameless SQLite database: SQLite keeps it in a temporary file that is already unlinked, so that nothing is left
    behind even by `kill -9`. 128-bit digests: two different listings of a billion collide with probability 10^-21.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._sources = 0
        self._last_source: str | None = None
        run = self._database.execute
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        run(f"PRAGMA cache_size = -{CACHE_KIB}")
        run("CREATE TABLE seen (digest BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID")
        run("CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(
        self, source: str, rows: Sequence[int], marketplaces: Sequence[str], ids: Sequence[str]
    ) -> dict[int, tuple[str, int]]:
        """Note listings, and say which were there before.

        Args:
            source: name of the file they come from.
            rows: row number of each listing, below 2^40.
            marketplaces, ids: what names each listing.

        Returns:
            For each listing seen before, by its index in `rows`: source and row of the first one.
        """
        base = self._source_id(source) << _ROW_BITS
        digests = [_digest(place, name) for place, name in zip(marketplaces, ids, strict=True)]
        places = [base + row for row in rows]
        run = self._database
        run.execute("BEGIN")
        noted = run.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", zip(digests, places, strict=True)).rowcount
        run.execute("COMMIT")
        # One number tells that all were new, which is the rule; only otherwise is each looked up.
        return {} if noted == len(digests) else self._find(digests, places)

    def _find(self, digests: list[bytes], places: list[int]) -> dict[int, tuple[str, int]]:
        found = {}
        names: dict[int, str] = {}
        with closing(self._database.cursor()) as cursor:
            for index, (digest, place) in enumerate(zip(digests, places, strict=True)):
                (first,) = cursor.execute("SELECT place FROM seen WHERE digest = ?", (digest,)).fetchone()
                if first != place:
                    source = first >> _ROW_BITS
                    if source not in names:
                        (names[source],) = cursor.execute("SELECT name FROM source WHERE id = ?", (source,)).fetchone()
                    found[index] = (names[source], first & ((1 << _ROW_BITS) - 1))
        return found

    def _source_id(self, source: str) -> int:
        if source != self._last_source:
            self._sources += 1
            self._last_source = source
            self._database.execute("INSERT INTO source VALUES (?, ?)", (self._sources, source))
        return self._sources


def _digest(marketplace: str, external_id: str) -> bytes:
    # No id holds a NUL (the row rules refuse it), so the two parts cannot run into each other.
    return blake2b(f"{marketplace}\0{external_id}".encode(), digest_size=16).digest()

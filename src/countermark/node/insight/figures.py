"""Counts from the feeds of an agreement. Pure: whatever order entries came in, both nodes get the same bytes.

Only what can never be deleted is counted: what an entry states openly. What lay beside one may be gone on one side and
not yet on the other, and then two people would read two codes aloud.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from countermark.proof.canonical import canonical
from countermark.proof.entries import Entry, read_moment
from countermark.proof.extracts import RECEIPT, receipted
from countermark.proof.refusals import Refused

#: Of Crockford: nothing that sounds or looks like another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What is not stated openly is counted under this word.
NOT_OPEN = "not open"
_DAY = 86_400


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took, in whole seconds, by the nearest rank; all zero when there was nothing.

    Attributes:
        count: how many.
        median, p90: half, and nine in ten, took no longer.
    """

    count: int = 0
    median: int = 0
    p90: int = 0

    @classmethod
    def of(cls, seconds: Iterable[int]) -> "Spread":
        """Of some durations; one below zero (two clocks) counts as zero."""
        ordered = sorted(max(0, one) for one in seconds)
        if not ordered:
            return cls()
        return cls(count=len(ordered), median=_rank(ordered, 50), p90=_rank(ordered, 90))

    @property
    def median_days(self) -> float:
        """In days, for people."""
        return self.median / _DAY

    @property
    def p90_days(self) -> float:
        """In days, for people."""
        return self.p90 / _DAY


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one month, or of all.

    Attributes:
        listings, findings: entries that share one; sharing a listing anew counts again.
        findings_by_kind, findings_by_level: word -> findings.
        cases_opened, cases_closed, comments, withdrawals: entries.
        notices: type of entry -> how many, of everything about notices and counter-notices.
        closing: from opening a case to closing it, of cases closed in this time.
        receipt_lag: from saying something to the partner's receipt for it, of receipts in this time.
    """

    listings: int = 0
    findings: int = 0
    findings_by_kind: dict[str, int] = {}
    findings_by_level: dict[str, int] = {}
    cases_opened: int = 0
    cases_closed: int = 0
    comments: int = 0
    withdrawals: int = 0
    notices: dict[str, int] = {}
    closing: Spread = Spread()
    receipt_lag: Spread = Spread()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one agreement.

    Attributes:
        agreement: its name.
        feeds: feed -> place up to which it was counted.
        months: month (YYYY-MM, UTC, by the time that the author gives) -> counts.
        total: over all months.
    """

    v: int = 1
    agreement: str
    feeds: dict[str, int]
    months: dict[str, Counts]
    total: Counts

    def to_bytes(self) -> bytes:
        """Canonical JSON (RFC 8785): the same on every node."""
        return canonical(msgspec.to_builtins(self))

    @property
    def digest(self) -> str:
        """SHA-256 over these bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def code(self) -> str:
        """80 bits of the digest as four groups of four, to be read aloud: `7K2M 9QXA 04TB ZC61`."""
        number = int(self.digest[:20], 16)
        letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))
        return " ".join(letters[start : start + 4] for start in range(0, 16, 4))


def figures_of(agreement: str, feeds: Mapping[str, int], entries: Iterable[Entry]) -> Figures:
    """Count.

    Args:
        agreement: its name.
        feeds: feed -> place up to which it counts; entries of other feeds, or behind it, are left out.
        entries: of both feeds, each once, in any order.
    """
    tally, times = defaultdict[str, _Tally](_Tally), _Times()
    for entry in entries:
        if 0 < entry.seq <= feeds.get(entry.feed, 0):
            tally[entry.time[:7]].take(entry)
            times.take(entry)
    times.settle(tally)
    return Figures(
        agreement=agreement,
        feeds=dict(sorted(feeds.items())),
        months={month: tally[month].counts() for month in sorted(tally)},
        total=_sum(tally.values()).counts(),
    )


@dataclass
class _Tally:
    """What is counted, while it is counted."""

    words: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    closing: list[int] = field(default_factory=list)
    lag: list[int] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        self.words[entry.type] += 1
        if entry.type == "finding.shared":
            self.kinds[_open(entry, "kind")] += 1
            self.levels[_open(entry, "level")] += 1
        if entry.type.partition(".")[0] in {"notice", "counter_notice"}:
            self.notices[entry.type] += 1

    def counts(self) -> Counts:
        return Counts(
            listings=self.words["listing.shared"],
            findings=self.words["finding.shared"],
            findings_by_kind=dict(self.kinds),
            findings_by_level=dict(self.levels),
            cases_opened=self.words["case.opened"],
            cases_closed=self.words["case.closed"],
            comments=self.words["case.commented"],
            withdrawals=self.words["withdrawn"],
            notices=dict(self.notices),
            closing=Spread.of(self.closing),
            receipt_lag=Spread.of(self.lag),
        )


@dataclass
class _Times:
    """What needs two entries to be counted."""

    opened: dict[str, str] = field(default_factory=dict)
    closed: list[tuple[str, str]] = field(default_factory=list)
    said: dict[tuple[str, int], str] = field(default_factory=dict)
    receipts: list[tuple[str, int, str]] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        self.said[entry.feed, entry.seq] = entry.time
        if entry.type == "case.opened":
            # Two openings of one id cannot both count; the earlier one does, on either side.
            self.opened[entry.subject] = min(entry.time, self.opened.get(entry.subject, entry.time))
        elif entry.type == "case.closed":
            self.closed.append((entry.subject, entry.time))
        elif entry.type == RECEIPT:
            self._receipt(entry)

    def settle(self, tally: Mapping[str, _Tally]) -> None:
        for case, at in self.closed:
            if case in self.opened:
                tally[at[:7]].closing.append(_seconds(self.opened[case], at))
        for feed, seq, at in self.receipts:
            if (feed, seq) in self.said:
                tally[at[:7]].lag.append(_seconds(self.said[feed, seq], at))

    def _receipt(self, entry: Entry) -> None:
        try:
            feed, seq, _ = receipted(entry)
        except Refused:
            return
        self.receipts.append((feed, seq, entry.time))


def _sum(tallies: Iterable[_Tally]) -> _Tally:
    total = _Tally()
    for one in tallies:
        total.words += one.words
        total.kinds += one.kinds
        total.levels += one.levels
        total.notices += one.notices
        total.closing += one.closing
        total.lag += one.lag
    return total


def _open(entry: Entry, name: str) -> str:
    fields: Any = (entry.data or {}).get("fields")
    value = fields.get(name) if isinstance(fields, dict) else None
    return value[:60] if isinstance(value, str) and value else NOT_OPEN


def _seconds(start: str, end: str) -> int:
    return int((read_moment(end) - read_moment(start)).total_seconds())


def _rank(ordered: Sequence[int], percent: int) -> int:
    """Nearest rank: the smallest value that `percent` of all do not exceed."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]

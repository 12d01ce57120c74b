"""How long what may and must be kept, as data: a class without a source does not load."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from countermark.formats.safe_yaml import read_mapping
from countermark.law.periods import Unit, months_later, read_period
from countermark.law.tags import Source, Tag, weakest
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

SHIPPED = Path(__file__).with_name("retention.yaml")
_FORMAT = "countermark-retention/1"


class RetentionClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One class of what is kept.

    Attributes:
        id, title: `unproven-alerts`, and its name for people.
        begins: from when it is counted, in words.
        applied: what this software does about it.
        sources: never empty.
        least: must be kept so long; empty = no duty to keep.
        most: is kept no longer without a legal hold; empty = no end.
    """

    id: str
    title: str
    begins: str
    applied: str
    sources: tuple[Source, ...]
    least: str = ""
    most: str = ""

    @property
    def tag(self) -> Tag:
        """That of its weakest source."""
        return weakest(self.sources)

    def last_day(self, start: date) -> date:
        """The last day on which something of this class is kept that began on a day; `date.max` when it has no end."""
        return _after(start, self.most) if self.most else date.max

    def begun_before(self, today: date) -> date:
        """What began before this day is over today: deleted, unless it is held. Raises ValueError: it has no end."""
        if not self.most:
            raise ValueError(f"{self.id} has no end")
        period = read_period(self.most)
        if period.unit is Unit.DAYS:
            return today - timedelta(days=period.number)
        # Months are shortened at their end, so that going back is not the reverse of going forward: search the day.
        day = today - timedelta(days=31 * _months(self.most) + 2)
        while self.last_day(day) < today:
            day += timedelta(days=1)
        return day


def _after(start: date, period: str) -> date:
    found = read_period(period)
    return start + timedelta(days=found.number) if found.unit is Unit.DAYS else months_later(start, _months(period))[0]


def _months(period: str) -> int:
    found = read_period(period)
    if found.unit not in {Unit.MONTHS, Unit.YEARS}:
        raise InvalidRecord("period", f"{period} is no time of keeping.", "Write days, months or years.")
    return found.number * (12 if found.unit is Unit.YEARS else 1)


def read_retention(data: bytes, name: str = "retention.yaml") -> Mapping[str, RetentionClass]:
    """Read the table.

    Raises:
        InvalidRecord: not such a file, a class without a source, twice, or whose end lies before what must be kept.
    """
    content = read_mapping(data, name)
    if content.get("format") != _FORMAT:
        raise InvalidRecord(name, "it is not a table of retention.", f"Write `format: {_FORMAT}` and `classes:`.")
    try:
        rows = convert(content.get("classes"), tuple[RetentionClass, ...])
    except msgspec.ValidationError as error:
        raise InvalidRecord(name, f"{error}.", "Compare it with the shipped table.") from error
    found: dict[str, RetentionClass] = {}
    for row in rows:
        _check(name, row, twice=row.id in found)
        found[row.id] = row
    return found


def _check(name: str, row: RetentionClass, *, twice: bool) -> None:
    start = date(2026, 1, 1)
    if twice:
        raise InvalidRecord(name, f"the class {row.id} stands twice.", "Keep one.")
    if not row.sources:
        raise InvalidRecord(name, f"the class {row.id} has no source.", "Name norm and tag.")
    if not (row.least or row.most):
        raise InvalidRecord(name, f"the class {row.id} has no time.", "Say how long it is kept.")
    if row.least and row.most and _after(start, row.most) < _after(start, row.least):
        raise InvalidRecord(name, f"the class {row.id} ends before it may.", "Let `most` be no shorter than `least`.")


@cache
def shipped_retention() -> Mapping[str, RetentionClass]:
    """The table that comes with this version, by id."""
    return read_retention(SHIPPED.read_bytes())

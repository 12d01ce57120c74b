"""Exchange rates: a small dated file that somebody answers for. None is shipped, none is fetched, none is guessed."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeAlias

import msgspec

from countermark.formats.problems import Unfit
from countermark.formats.safe_yaml import YamlValue, read_yaml
from countermark.model import InvalidRecord
from countermark.model.money import is_currency

#: A day; inside the record `date` is a field.
Day: TypeAlias = date
#: Bytes of a file of rates; all currencies of the world take 4 KiB.
LARGEST_FILE = 256 * 1024
#: Bounds of one rate: beyond them a figure is a slip (10^-9 to 10^9 units for one of the base).
SMALLEST_RATE, LARGEST_RATE = Decimal("1E-9"), Decimal("1E+9")
#: Longest rate that is read, in characters.
LONGEST_RATE = 24
#: Days between the rates and a capture beyond which they convert nothing: money has lost half its worth in a year.
LONGEST_AWAY = 366


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """Rates of one day.

    Attributes:
        date: the day they held.
        base: ISO 4217.
        source: who published them; shown beside every price that they converted.
        rates: units of each currency for one unit of the base; the base itself is 1.
    """

    date: date
    base: str
    source: str
    rates: dict[str, Decimal]

    def convert(self, amount: Decimal, given: str, wanted: str) -> Decimal | None:
        """An amount in another currency, to six figures; None when either currency has no rate."""
        one, other = self.rates.get(given), self.rates.get(wanted)
        if one is None or other is None:
            return None
        return Decimal(f"{amount / one * other:.6g}").normalize()

    def hold_on(self, day: Day) -> bool:
        """Whether the rates are near enough to a day to convert a price of it."""
        return abs((day - self.date).days) <= LONGEST_AWAY

    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def read_rates(path: Path) -> Rates:
    """Read a `rates.yaml`: version, date, base, source, rates.

    Raises:
        InvalidRecord: with what to mend, when anything in it is missing, doubtful or not a currency.
        OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise InvalidRecord("rates", f"{path.name} is larger than a file of rates.", "Give a dated rates.yaml.")
    return parse_rates(data, path.name)


def parse_rates(data: bytes, name: str = "rates.yaml") -> Rates:
    """The same from bytes; raises InvalidRecord."""
    try:
        document = read_yaml(data)
    except Unfit as error:
        raise InvalidRecord("rates", f"{name} cannot be read ({error.code}).", "Write plain YAML.") from error
    if not isinstance(document, dict) or document.get("version") != "1":
        raise InvalidRecord("rates", f"{name} is not a file of rates.", "Begin it with version: 1.")
    if extra := set(document) - {"version", "date", "base", "source", "rates"}:
        raise InvalidRecord("rates", f"{name} has an unknown key {min(extra)[:40]!r}.", "Leave it out.")
    base, source = _currency(document.get("base"), "base"), document.get("source")
    if not isinstance(source, str) or not source.strip():
        raise InvalidRecord("source", "nobody answers for the rates.", "Say who published them.")
    return Rates(date=_day(document.get("date")), base=base, source=source.strip()[:120], rates=_rates(document, base))


def _rates(document: Mapping[str, YamlValue], base: str) -> dict[str, Decimal]:
    given = document.get("rates")
    if not isinstance(given, dict) or not given:
        raise InvalidRecord("rates", "there is not one rate.", "Write units for one of the base, as USD: '1.16'.")
    rates = {_currency(code, "rates"): _rate(code, value) for code, value in given.items()}
    if rates.get(base, Decimal(1)) != 1:
        raise InvalidRecord("rates", f"one {base} is not one {base}.", "Leave the base out of the rates.")
    return dict(sorted({**rates, base: Decimal(1)}.items()))


def _currency(value: YamlValue, field: str) -> str:
    if not isinstance(value, str) or not is_currency(value):
        raise InvalidRecord(field, f"{str(value)[:20]!r} is not a currency of ISO 4217.", "Write EUR, USD, CNY, …")
    return value


def _rate(code: str, value: YamlValue) -> Decimal:
    try:
        rate = Decimal(value) if isinstance(value, str) and len(value) <= LONGEST_RATE else Decimal("NaN")
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not SMALLEST_RATE <= rate <= LARGEST_RATE:
        raise InvalidRecord("rates", f"the rate of {code} is not a rate.", "Write a plain number above zero.")
    return rate


def _day(value: YamlValue) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise InvalidRecord("date", "the rates have no day.", "Write the day they held, as 2026-11-20.") from error

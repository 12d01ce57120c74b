"""One raw row of listings, checked field by field: what can be kept is kept, the rest is told by row, field, mend."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from countermark.formats.codes import SOLD_OUT, read_condition, read_country, read_language, without_schema_org
from countermark.formats.limits import Limits
from countermark.formats.moments import read_day, read_moment
from countermark.formats.pictures_named import read_hashes, read_names
from countermark.formats.prices import read_plain_amount, read_price, settle_currency
from countermark.formats.problems import Unfit, problem
from countermark.model import RowProblem

#: What a raw row is made of: field of `columns.SYNONYMS` -> value as the file gave it.
RawRow = Mapping[str, object]

#: Above this a count is a slip of the keyboard (fits Arrow's int64 with room to multiply).
LARGEST_COUNT = 10**12


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows come from, and what fills the columns they lack.

    Attributes:
        source: name of the file as its owner knows it.
        captured_at: stands in for a missing time.
        marketplace, language: stand in for missing ones.
    """

    source: str
    captured_at: datetime
    marketplace: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RowRules:
    """What every row is held against.

    Attributes:
        limits: bounds on text and counts.
        now: the moment after which (plus a day) a time is absurd.
    """

    limits: Limits = field(default_factory=Limits)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def read(self, raw: RawRow, row: int, place: Place) -> tuple[dict[str, object] | None, list[RowProblem]]:
        """Check one raw row.

        Returns:
            The columns of LISTING_SCHEMA by name, or None when the row has to be set aside; and what was wrong.
        """
        reading = _Reading(self, raw, row, place)
        for step, name, essential in _STEPS:
            reading.attempt(step, name, essential=essential)
        return (None if reading.set_aside else reading.columns), reading.problems


@dataclass(slots=True)
class _Reading:
    rules: RowRules
    raw: RawRow
    row: int
    place: Place
    columns: dict[str, object] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    set_aside: bool = False

    def attempt(self, step: "Callable[[_Reading], None]", name: str, *, essential: bool) -> None:
        try:
            step(self)
        except Unfit as unfit:
            self.note(unfit, name)
            self.set_aside = self.set_aside or essential

    def note(self, unfit: Unfit, name: str) -> None:
        self.problems.append(
            problem(
                unfit.code,
                source=self.place.source,
                row=self.row,
                field=name,
                value=unfit.value,
                words=unfit.words,
            )
        )

    def text(self, name: str, limit: int) -> str | None:
        """The value of a text field; None when missing or blank. Raises Unfit."""
        value = self.raw.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise Unfit("wrong-type", value, expected="text")
        text = value if isinstance(value, str) else str(value)
        if not text or text.isspace():
            return None
        if len(text) > limit:
            raise Unfit("text-too-long", text, limit=f"{limit:,}")
        if not is_whole_text(text):
            raise Unfit("bad-text", text)
        return text


def is_whole_text(text: str) -> bool:
    """Whether text can be stored anywhere: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def _is_clean_id(text: str, limit: int) -> bool:
    return len(text) <= limit and not any(c < " " or "\x7f" <= c <= "\x9f" for c in text) and is_whole_text(text)


def _identifier(reading: _Reading, name: str, code: str) -> str | None:
    value = reading.raw.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unfit(code, value, limit=f"{reading.rules.limits.name_characters:,}")
    text = str(value).strip()
    if not _is_clean_id(text, reading.rules.limits.name_characters):
        raise Unfit(code, text, limit=f"{reading.rules.limits.name_characters:,}")
    return text or None


def _identity(reading: _Reading) -> None:
    external_id = _identifier(reading, "external_id", "bad-id")
    if external_id is None:
        raise Unfit("missing-id")
    reading.columns["external_id"] = external_id


def _marketplace(reading: _Reading) -> None:
    reading.columns["marketplace"] = _identifier(reading, "marketplace", "bad-id") or reading.place.marketplace


def _title(reading: _Reading) -> None:
    limit = reading.rules.limits.title_characters
    try:
        title = reading.text("title", limit)
    except Unfit as unfit:
        again = {"text-too-long": "title-too-long", "bad-text": "broken-text"}.get(unfit.code, "missing-title")
        raise Unfit(again, unfit.value, **unfit.words) from None
    if title is None:
        raise Unfit("missing-title")
    reading.columns["title"] = title


def _language_of(reading: _Reading, name: str) -> str | None:
    for source in (name, "language"):
        value = reading.raw.get(source)
        if isinstance(value, str) and value.strip():
            return read_language(value)
    return reading.place.language


def _title_language(reading: _Reading) -> None:
    reading.columns["title_language"] = None
    reading.columns["title_language"] = _language_of(reading, "title_language")


def _description(reading: _Reading) -> None:
    reading.columns["description"] = reading.columns["description_language"] = None
    reading.columns["description"] = reading.text("description", reading.rules.limits.description_characters)


def _description_language(reading: _Reading) -> None:
    if reading.columns["description"] is not None:
        reading.columns["description_language"] = _language_of(reading, "description_language")


def _short_text(name: str) -> Callable[[_Reading], None]:
    def step(reading: _Reading) -> None:
        reading.columns[name] = ""
        reading.columns[name] = reading.text(name, reading.rules.limits.name_characters) or ""

    return step


def _condition(reading: _Reading) -> None:
    reading.columns["condition"] = "unknown"
    text = reading.text("condition", reading.rules.limits.name_characters)
    if text is not None:
        reading.columns["condition"] = read_condition(text).value


def _price(reading: _Reading) -> None:
    reading.columns["price_amount"] = reading.columns["price_currency"] = None
    limit = reading.rules.limits.name_characters
    currency = reading.text("price_currency", limit)
    amount = reading.text("price_amount", limit)
    if amount is not None:
        _keep_price(reading, read_plain_amount(amount), settle_currency(currency))
        return
    asked = _price_asked(reading, limit)
    if asked is not None:
        _keep_price(reading, *read_price(asked, currency))


def _keep_price(reading: _Reading, amount: Decimal, currency: str) -> None:
    reading.columns["price_amount"] = f"{amount:f}"
    reading.columns["price_currency"] = currency


def _price_asked(reading: _Reading, limit: int) -> str | None:
    """The sale price while its dates hold (Google's rule), else the price."""
    price, sale = reading.text("price_text", limit), reading.text("sale_price", limit)
    if sale is None:
        return price
    dates = reading.text("sale_price_dates", limit)
    return sale if dates is None or _holds(dates, reading) else price


def _holds(dates: str, reading: _Reading) -> bool:
    first, _, last = dates.partition("/")
    seen = reading.columns.get("captured_at")
    moment = seen if isinstance(seen, datetime) else reading.place.captured_at
    try:
        return read_moment(first, None) <= moment <= read_moment(last, None)
    except Unfit:
        reading.note(Unfit("bad-sale-dates", dates), "sale_price_effective_date")
        return False


def _seller(reading: _Reading) -> None:
    external_id = _identifier(reading, "seller_external_id", "bad-seller")
    name = _identifier(reading, "seller_name", "bad-seller")
    # A file that gives only the shop's name identifies it by that name, as its marketplace does.
    reading.columns["seller_external_id"] = external_id or name or ""
    reading.columns["seller_name"] = name or ""


def _country(name: str) -> Callable[[_Reading], None]:
    def step(reading: _Reading) -> None:
        reading.columns[name] = None
        text = reading.text(name, reading.rules.limits.name_characters)
        reading.columns[name] = None if text is None else read_country(text)

    return step


def _seller_since(reading: _Reading) -> None:
    reading.columns["seller_since"] = None
    value = reading.raw.get("seller_since")
    if value is not None and not (isinstance(value, str) and not value.strip()):
        reading.columns["seller_since"] = read_day(value, reading.rules.now)


def read_count(value: object) -> int | None:
    """A whole number from 0 up, None when blank; raises Unfit(count-not-understood)."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, float | Decimal):
        finite = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
        if finite and 0 <= value <= LARGEST_COUNT and value % 1 == 0:
            value = int(value)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 13:
        value = int(value.strip())
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_COUNT:
        raise Unfit("count-not-understood", value)
    return value


def _count(name: str) -> Callable[[_Reading], None]:
    def step(reading: _Reading) -> None:
        reading.columns[name] = None
        reading.columns[name] = read_count(reading.raw.get(name))

    return step


def _stock(reading: _Reading) -> None:
    _count("stock")(reading)
    if reading.columns["stock"] is None:
        said = reading.text("availability", reading.rules.limits.name_characters)
        if said and without_schema_org(said).casefold() in SOLD_OUT:
            reading.columns["stock"] = 0


def _images(reading: _Reading) -> None:
    reading.columns["images"], reading.columns["image_hashes"] = [], None
    names, unfit = read_names(reading.raw.get("images"), reading.raw.get("more_images"), reading.rules.limits)
    reading.columns["images"] = names
    for each in unfit:
        reading.note(each, "images")
    # Hashes stand in the order of the pictures; once a picture was left out, nothing says which is which.
    hashes = read_hashes(reading.raw.get("image_hashes"))
    if hashes and not unfit:
        reading.columns["image_hashes"] = hashes if len(hashes) == len(names) else None


def _product_code(reading: _Reading) -> None:
    reading.columns["product_code"] = None
    text = reading.text("product_code", reading.rules.limits.name_characters)
    if text is not None:
        reading.columns["product_code"] = read_product_code(text)


def read_product_code(text: str) -> str:
    """GTIN, EAN, UPC or ISBN without hyphens and spaces; raises Unfit(bad-product-code)."""
    digits = text.replace("-", "").replace(" ", "")
    body = digits[:-1] if len(digits) == 10 and digits.endswith(("X", "x")) else digits
    if not (8 <= len(digits) <= 14 and body.isascii() and body.isdigit()):
        raise Unfit("bad-product-code", text)
    return digits.upper()


def _url(reading: _Reading) -> None:
    reading.columns["url"] = None
    text = reading.text("url", reading.rules.limits.uri_characters)
    if text is None:
        return
    text = text.strip()
    if not text.casefold().startswith(("http://", "https://")) or any(c <= " " or c == "\x7f" for c in text):
        raise Unfit("bad-url", text)
    reading.columns["url"] = text


def _captured_at(reading: _Reading) -> None:
    for name, utc in (("captured_at", False), ("captured_at_utc", True)):
        value = reading.raw.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            reading.columns["captured_at"] = read_moment(value, reading.rules.now, utc=utc)
        except Unfit as unfit:
            raise Unfit(unfit.code, unfit.value, **{"field": name, **unfit.words}) from None
        return
    reading.columns["captured_at"] = reading.place.captured_at


#: Field by field, in the order of a report: (reader, field as reports name it, the row is set aside when it is unfit).
#: Set aside is what says which listing this is, who offers it and when it was seen; what is left out of a kept row can
#: only make a finding less likely or leave it as it is, because no signal reads anything into a missing field.
_STEPS: tuple[tuple[Callable[[_Reading], None], str, bool], ...] = (
    (_marketplace, "marketplace", True),
    (_identity, "external_id", True),
    (_title, "title", True),
    (_captured_at, "captured_at", True),
    (_seller, "seller", True),
    (_title_language, "title_language", False),
    (_description, "description", False),
    (_description_language, "description_language", False),
    (_short_text("brand_text"), "brand_text", False),
    (_short_text("category"), "category", False),
    (_condition, "condition", False),
    (_price, "price", False),
    (_country("seller_country"), "seller_country", False),
    (_seller_since, "seller_since", False),
    (_count("seller_sales"), "seller_sales", False),
    (_images, "images", False),
    (_stock, "stock", False),
    (_country("ships_from"), "ships_from", False),
    (_product_code, "product_code", False),
    (_url, "url", False),
)

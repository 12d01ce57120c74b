"""Many rows at once: columns that are plainly in order pass by whole-column checks; only the rest goes row by row."""

from collections.abc import Callable, Iterable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from countermark.formats.arrow import LISTING_SCHEMA
from countermark.formats.codes import CONDITIONS, COUNTRIES, SOLD_OUT, read_language
from countermark.formats.limits import Limits
from countermark.formats.listing_row import LARGEST_COUNT, Place, RowRules
from countermark.formats.moments import EARLIEST, TOLERANCE
from countermark.formats.pictures_named import is_name, split_names
from countermark.formats.problems import Unfit
from countermark.formats.raw import RawChunk
from countermark.model.money import is_currency

_ID = r"^[!-~]([ -~]*[!-~])?$"
_UNPRINTABLE = "[\\x00-\\x1f\\x7f-\\x{9f}]|^[\\s\\pZ]|[\\s\\pZ]$"
_PRINTABLE = r"^[ -~]+$"
_PLAIN_AMOUNT = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"
_PRICE = r"^(?P<amount>(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?)(?: (?P<currency>[A-Z]{3}))?$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_COUNT = r"^[0-9]{1,12}$"
_URL = r"^https?://[!-~]+$"
_PRODUCT_CODE = r"^[0-9]{8,14}$"
_HASH = r"^[0-9a-f]{64}$"

_STRING = pa.string()
_LIST = pa.list_(_STRING)


@cache
def _set_of(words: Callable[[], Iterable[str]]) -> pa.Array:
    """Words as a column, made when it is first needed: the first array of a process loads pandas where it is."""
    return pa.array(list(words()))


def _countries() -> Iterable[str]:
    return sorted(COUNTRIES)


def _sold_out() -> Iterable[str]:
    return sorted(SOLD_OUT)


def _condition_keys() -> Iterable[str]:
    return [key for key in CONDITIONS if key.isascii()]


def _condition_values() -> Iterable[str]:
    return [CONDITIONS[key].value for key in CONDITIONS if key.isascii()]


class ColumnCheck:
    """Checks the columns of one chunk; rows that are not plainly in order are marked, never judged here.

    After `run`, `columns` holds LISTING_SCHEMA's columns and `ok` says (true, false, never null) for which rows they
    can be taken as they are. What is left to `RowRules` is decided by `RowRules` alone, so that both ways agree.
    """

    def __init__(self, chunk: RawChunk, rules: RowRules) -> None:
        self._raw = chunk.columns
        self._place: Place = chunk.place
        self._rules = rules
        self._limits: Limits = rules.limits
        self._count = len(chunk.numbers)
        self.ok: pa.BooleanArray = pa.repeat(pa.scalar(value=True), self._count)
        self.columns: dict[str, pa.Array] = {}

    def run(self) -> None:
        """Check every column and fill `columns` and `ok`."""
        out = self.columns
        out["marketplace"] = self._or(self._id("marketplace"), self._place.marketplace)
        out["external_id"] = self._required(self._id("external_id"))
        out["title"] = self._required(self._text("title", self._limits.title_characters))
        out["captured_at"] = self._captured_at()
        self._seller()
        out["description"] = self._text("description", self._limits.description_characters)
        self._languages()
        for name in ("brand_text", "category"):
            out[name] = self._or(self._text(name, self._limits.name_characters), "")
        out["condition"] = self._condition()
        out["price_amount"], out["price_currency"] = self._price()
        for name in ("seller_country", "ships_from"):
            out[name] = self._among(name, _set_of(_countries))
        out["seller_since"] = self._day()
        out["seller_sales"] = self._whole("seller_sales")
        out["images"], out["image_hashes"] = self._images()
        out["stock"] = self._stock()
        out["product_code"] = self._matching("product_code", _PRODUCT_CODE)
        out["url"] = self._matching("url", _URL, self._limits.uri_characters)

    # --- columns as they came ------------------------------------------------------------------------------------

    def _column(self, name: str) -> pa.Array | None:
        """The raw column, empty text made null; None when the file has no such column or nothing in it."""
        column = self._raw.get(name)
        if column is None or column.null_count == len(column):
            return None
        if pa.types.is_string(column.type):
            empty = pc.equal(pc.binary_length(column), 0)
            if pc.any(empty).as_py():
                column = pc.if_else(empty, pa.scalar(None, _STRING), column)
                return None if column.null_count == len(column) else column
        return column

    def _text_column(self, name: str) -> pa.Array | None:
        column = self._column(name)
        if column is not None and not pa.types.is_string(column.type):
            self._demand(pc.is_null(column))
            return None
        return column

    def _demand(self, mask: pa.Array) -> None:
        """Rows where the mask is false go row by row; where it is null, there is no value and nothing to check."""
        self.ok = pc.and_(self.ok, pc.fill_null(mask, fill_value=True))

    def _keep(self, column: pa.Array, good: pa.Array) -> pa.Array:
        self._demand(good)
        return pc.if_else(good, column, pa.scalar(None, column.type))

    def _required(self, column: pa.Array) -> pa.Array:
        self._demand(pc.is_valid(column))
        return pc.fill_null(column, "")

    def _or(self, column: pa.Array, filler: str) -> pa.Array:
        return pc.fill_null(column, filler)

    def _nothing(self, type_: pa.DataType = _STRING) -> pa.Array:
        return pa.nulls(self._count, type_)

    # --- field by field ------------------------------------------------------------------------------------------

    def _id(self, name: str) -> pa.Array:
        return self._matching(name, _ID, self._limits.name_characters)

    def _matching(self, name: str, pattern: str, limit: int | None = None) -> pa.Array:
        column = self._text_column(name)
        if column is None:
            return self._nothing()
        good = pc.match_substring_regex(column, pattern)
        if limit is not None:
            good = pc.and_(good, pc.less_equal(pc.binary_length(column), limit))
        return self._keep(column, good)

    def _text(self, name: str, limit: int) -> pa.Array:
        column = self._text_column(name)
        if column is None:
            return self._nothing()
        # Bytes are at least as many as characters, and counted for free.
        good = pc.less_equal(pc.binary_length(column), limit)
        good = pc.and_not(good, pc.match_substring(column, "\0"))
        return self._keep(column, pc.and_not(good, pc.utf8_is_space(column)))

    def _among(self, name: str, known: pa.Array) -> pa.Array:
        column = self._text_column(name)
        if column is None:
            return self._nothing()
        return self._keep(column, pc.or_(pc.is_null(column), pc.is_in(column, value_set=known)))

    def _captured_at(self) -> pa.Array:
        stand_in = pa.scalar(self._place.captured_at, LISTING_SCHEMA.field("captured_at").type)
        if self._column("captured_at_utc") is not None:
            self._demand(pc.is_null(self._column("captured_at_utc")))
        column = self._column("captured_at")
        if column is None:
            return pa.repeat(stand_in, self._count)
        if pa.types.is_string(column.type):
            column = self._parse_moments(column)
        elif not (pa.types.is_timestamp(column.type) and column.type.tz):
            self._demand(pc.is_null(column))
            return pa.repeat(stand_in, self._count)
        column = pc.cast(column, stand_in.type, safe=False)
        latest = pa.scalar(self._rules.now + TOLERANCE, stand_in.type)
        earliest = pa.scalar(EARLIEST, stand_in.type)
        self._demand(pc.and_(pc.greater_equal(column, earliest), pc.less_equal(column, latest)))
        return pc.fill_null(column, stand_in)

    def _parse_moments(self, column: pa.Array) -> pa.Array:
        column = self._keep(column, pc.match_substring_regex(column, _MOMENT))
        return self._cast(column, pa.timestamp("us", tz="UTC"))

    def _cast(self, column: pa.Array, type_: pa.DataType) -> pa.Array:
        try:
            return pc.cast(column, type_)
        except pa.ArrowInvalid:  # one 31 February: let the row path say which
            self._demand(pc.is_null(column))
            return self._nothing(type_)

    def _seller(self) -> None:
        name = self._text("seller_name", self._limits.name_characters)
        if name.null_count < len(name):
            name = self._keep(name, pc.invert(pc.match_substring_regex(name, _UNPRINTABLE)))
        external_id = self._id("seller_external_id")
        self.columns["seller_external_id"] = self._or(pc.coalesce(external_id, name), "")
        self.columns["seller_name"] = self._or(name, "")

    def _languages(self) -> None:
        stand_in = pa.scalar(self._place.language, _STRING)
        common = self._language("language")
        for name, text in (("title_language", "title"), ("description_language", "description")):
            said = pc.coalesce(self._language(name), common)
            said = said if self._place.language is None else pc.fill_null(said, stand_in)
            self.columns[name] = pc.if_else(pc.is_valid(self.columns[text]), said, pa.scalar(None, _STRING))

    def _language(self, name: str) -> pa.Array:
        column = self._text_column(name)
        if column is None:
            return self._nothing()
        known = pa.array([tag for tag in pc.unique(column).to_pylist() if tag and _is_plain_tag(tag)], _STRING)
        return self._keep(column, pc.or_(pc.is_null(column), pc.is_in(column, value_set=known)))

    def _condition(self) -> pa.Array:
        column = self._text_column("condition")
        if column is None:
            return pa.repeat(pa.scalar("unknown"), self._count)
        index = pc.index_in(pc.ascii_lower(column), value_set=_set_of(_condition_keys))
        self._demand(pc.or_(pc.is_null(column), pc.is_valid(index)))
        return pc.fill_null(pc.take(_set_of(_condition_values), index), "unknown")

    def _price(self) -> tuple[pa.Array, pa.Array]:
        if self._column("sale_price") is not None:
            self._demand(pc.is_null(self._column("sale_price")))
        currency = self._text_column("price_currency")
        currency = self._nothing() if currency is None else currency
        amount, written = self._amount()
        # A currency inside the price and one beside it have to agree; whether they do is for the row path.
        self._demand(pc.or_(pc.is_null(written), pc.or_(pc.is_null(currency), pc.equal(written, currency))))
        currency = pc.coalesce(written, currency)
        known = pa.array([code for code in pc.unique(currency).to_pylist() if code and is_currency(code)], _STRING)
        # Beside no amount, too: what is no currency may be a text that cannot be kept.
        nothing = pc.and_(pc.is_null(amount), pc.is_null(currency))
        self._demand(pc.or_(nothing, pc.is_in(currency, value_set=known)))
        return amount, pc.if_else(pc.is_valid(amount), currency, pa.scalar(None, _STRING))

    def _amount(self) -> tuple[pa.Array, pa.Array]:
        """Amounts, and the currencies written beside them in the same cell."""
        plain = self._matching("price_amount", _PLAIN_AMOUNT)
        text = self._text_column("price_text")
        if text is None:
            return plain, self._nothing()
        found = pc.extract_regex(text, _PRICE)
        self._demand(pc.or_(pc.is_null(text), pc.is_valid(found)))
        written = pc.struct_field(found, "currency")
        written = pc.if_else(pc.equal(written, ""), pa.scalar(None, _STRING), written)
        written = pc.if_else(pc.is_valid(plain), pa.scalar(None, _STRING), written)
        return pc.coalesce(plain, pc.struct_field(found, "amount")), written

    def _day(self) -> pa.Array:
        column = self._column("seller_since")
        if column is None:
            return self._nothing(pa.date32())
        if pa.types.is_string(column.type):
            column = self._cast(self._keep(column, pc.match_substring_regex(column, _DAY)), pa.date32())
        elif not pa.types.is_date32(column.type):
            self._demand(pc.is_null(column))
            return self._nothing(pa.date32())
        latest = (self._rules.now + TOLERANCE).date()
        inside = pc.and_(pc.greater_equal(column, pa.scalar(EARLIEST.date())), pc.less_equal(column, pa.scalar(latest)))
        return self._keep(column, inside)

    def _whole(self, name: str) -> pa.Array:
        column = self._column(name)
        if column is None:
            return self._nothing(pa.int64())
        if pa.types.is_string(column.type):
            column = pc.cast(self._keep(column, pc.match_substring_regex(column, _COUNT)), pa.int64())
        elif not pa.types.is_integer(column.type):
            self._demand(pc.is_null(column))
            return self._nothing(pa.int64())
        inside = pc.and_(pc.greater_equal(column, 0), pc.less_equal(column, LARGEST_COUNT))
        return pc.cast(self._keep(column, inside), pa.int64())

    def _stock(self) -> pa.Array:
        stock = self._whole("stock")
        said = self._text_column("availability")
        if said is not None:
            # "in stock" does not say how many; what says that nothing is left, or links to a word, goes row by row.
            word = pc.ascii_lower(said)
            self._demand(
                pc.invert(pc.or_(pc.is_in(word, value_set=_set_of(_sold_out)), pc.match_substring(word, "schema")))
            )
            # So does what is no text that could be kept.
            self._demand(pc.less_equal(pc.binary_length(said), self._limits.name_characters))
            self._demand(pc.invert(pc.match_substring(said, "\0")))
        return stock

    # --- pictures ------------------------------------------------------------------------------------------------

    def _images(self) -> tuple[pa.Array, pa.Array]:
        first, more = self._column("images"), self._column("more_images")
        if more is None and first is not None and pa.types.is_list(first.type):
            return self._typed_images(first)
        if first is None and more is None:
            names = pa.array([[]] * self._count, _LIST)
        else:
            cells = zip(self._cells(first), self._cells(more), strict=True)
            rows = [_named_or_none(list(both), self._limits) for both in cells]
            names = pa.array(rows, _LIST)
            self._demand(pc.is_valid(names))
        return names, self._hashes(names)

    def _cells(self, column: pa.Array | None) -> list[object]:
        return [None] * self._count if column is None else list(column.to_pylist())

    def _typed_images(self, column: pa.Array) -> tuple[pa.Array, pa.Array]:
        lengths = pc.list_value_length(column)
        self._demand(pc.less_equal(lengths, self._limits.images))
        flat = pc.list_flatten(column)
        good = pc.and_(
            pc.less_equal(pc.binary_length(flat), self._limits.uri_characters),
            pc.match_substring_regex(flat, _PRINTABLE),
        )
        self._demand_of_items(column, pc.and_(pc.is_valid(flat), pc.fill_null(good, fill_value=False)))
        empty = pa.scalar([], column.type)
        column = pc.if_else(pc.is_null(column), empty, column) if column.null_count else column
        return column, self._hashes(column)

    def _hashes(self, names: pa.Array) -> pa.Array:
        column = self._column("image_hashes")
        if column is None:
            return self._nothing(_LIST)
        if not pa.types.is_list(column.type):
            self._demand(pc.is_null(column))
            return self._nothing(_LIST)
        self._demand(pc.equal(pc.list_value_length(column), pc.list_value_length(names)))
        self._demand_of_items(column, pc.match_substring_regex(pc.list_flatten(column), _HASH))
        return column

    def _demand_of_items(self, column: pa.Array, good: pa.Array) -> None:
        """Rows that hold an item where the mask is false go row by row."""
        bad = pc.invert(pc.fill_null(good, fill_value=True))
        if pc.any(bad).as_py():
            parents = pc.unique(pc.filter(pc.list_parent_indices(column), bad))
            rows = pa.array(range(self._count), pa.int64())
            self._demand(pc.invert(pc.is_in(rows, value_set=pc.cast(parents, pa.int64()))))


def _is_plain_tag(tag: str) -> bool:
    try:
        return read_language(tag) == tag
    except Unfit:
        return False


def _named_or_none(cells: list[object], limits: Limits) -> list[str] | None:
    try:
        names = [name for cell in cells for name in split_names(cell)]
    except Unfit:
        return None
    if len(names) > limits.images or not all(is_name(name, limits) for name in names):
        return None
    return [str(name) for name in names]

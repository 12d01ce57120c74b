"""JSON Lines: one object a line, flat as a row of CSV or nested as a listing's own record."""

from collections.abc import Iterator
from functools import lru_cache

from countermark.formats.columns import field_of, normalise_name, rank_of
from countermark.formats.limits import Limits
from countermark.formats.lines import read_lines
from countermark.formats.listing_row import Place
from countermark.formats.problems import problem
from countermark.formats.raw import LIST_FIELDS, RawChunk
from countermark.formats.streams import ByteStream, Utf8Stream
from countermark.formats.strict_json import JsonValue, NotJson, NumberText, read_json
from countermark.model import RowProblem

#: Keys of objects inside a listing's own record -> the field each stands for.
_NESTED: dict[str, dict[str, str]] = {
    "title": {"value": "title", "language": "title_language"},
    "description": {"value": "description", "language": "description_language"},
    "price": {"amount": "price_amount", "currency": "price_currency"},
    "seller": {
        "external_id": "seller_external_id",
        "id": "seller_external_id",
        "name": "seller_name",
        "country": "seller_country",
        "since": "seller_since",
        "sales": "seller_sales",
    },
}


class JsonLinesListings:
    """Listings, one JSON object a line."""

    def __init__(self, stream: ByteStream, place: Place, limits: Limits) -> None:
        self._stream = stream
        self._place = place
        self._limits = limits

    def chunks(self) -> Iterator[RawChunk]:
        """See `RawReader.chunks`."""
        chunk, rows, size = RawChunk(self._place), list[dict[str, object]](), 0
        for number, line in enumerate(self._lines(), start=1):
            if line is None or (line and not line.isspace()):
                size += len(line or b"")
                self._take(line, number, chunk, rows)
            full = len(rows) + len(chunk.odd) + len(chunk.problems) >= self._limits.batch_rows
            if full or size >= self._limits.batch_bytes:
                yield chunk.fill(rows)
                chunk, rows, size = RawChunk(self._place), [], 0
        if rows or chunk.odd or chunk.problems:
            yield chunk.fill(rows)

    def _lines(self) -> Iterator[bytes | None]:
        lines = read_lines(Utf8Stream(self._stream), self._limits.record_bytes, accept_tail=self._stream.whole)
        for some in lines:
            yield from some

    def _take(self, line: bytes | None, number: int, chunk: RawChunk, rows: list[dict[str, object]]) -> None:
        try:
            raw, plain = self._read(line)
        except NotJson as error:
            value = None if line is None else line
            chunk.problems.append(self._problem(number, error, value))
            return
        if plain:
            chunk.numbers.append(number)
            rows.append(raw)
        else:
            chunk.odd.append((number, raw))

    def _read(self, line: bytes | None) -> tuple[dict[str, object], bool]:
        if line is None:
            raise NotJson("row-too-long", limit=f"{self._limits.record_bytes:,}")
        value = read_json(line, depth=self._limits.depth)
        if not isinstance(value, dict):
            raise NotJson("not-an-object")
        raw, plain = flatten(value)
        if plain and b"\\u" in line and any(_is_broken(each) for each in raw.values()):
            plain = False
        return raw, plain

    def _problem(self, number: int, error: NotJson, value: object) -> RowProblem:
        return problem(error.code, source=self._place.source, row=number, value=value, words=error.words)


def flatten(record: dict[str, JsonValue]) -> tuple[dict[str, object], bool]:
    """Turn an object into a raw row.

    Returns:
        field -> value, and whether the row is plain: every value text, pictures a list of texts.
    """
    found: dict[str, object] = {}
    ranked: dict[str, int] = {}
    plain = True
    for key, value in record.items():
        plan = _plan(key)
        if plan is None or value is None:
            continue
        field, rank, inner = plan
        if type(value) is NumberText and field == "price_text":
            field = "price_amount"  # a number of JSON has one reading, whatever its digits
        if field in ranked and rank >= ranked[field]:
            continue  # two keys for one field: the better name wins
        ranked[field] = rank
        if isinstance(value, str):
            plain = _put_text(found, field, value) and plain
        elif inner and isinstance(value, dict):
            plain = _put_inner(found, inner, value) and plain
        elif field in LIST_FIELDS and isinstance(value, list):
            plain = _put_list(found, field, value) and plain
        else:
            found[field] = value
            plain = False
    return found, plain


@lru_cache(maxsize=4096)
def _plan(key: str) -> tuple[str, int, dict[str, str]] | None:
    """The field of a key, how good a name it is, and the fields of keys inside it; None for a key we do not know."""
    field = field_of(key)
    return None if field is None else (field, rank_of(field, key), _NESTED.get(normalise_name(key), {}))


def _put_text(found: dict[str, object], field: str, value: str) -> bool:
    if field not in LIST_FIELDS:
        found[field] = value
        return True
    single = not any(mark in value for mark in "|;,[")
    found[field] = [value] if single else value
    return single


def _put_inner(found: dict[str, object], inner: dict[str, str], value: dict[str, JsonValue]) -> bool:
    plain = True
    for name, item in value.items():
        field = inner.get(name)
        if field is not None and item is not None:
            found[field] = item
            plain = plain and isinstance(item, str)
    return plain


def _put_list(found: dict[str, object], field: str, items: list[JsonValue]) -> bool:
    names, hashes = items, None
    if any(type(item) is dict for item in items):
        names = [item.get("uri") if isinstance(item, dict) else item for item in items]
        hashes = [item.get("sha256") if isinstance(item, dict) else None for item in items]
    found[field] = names
    if field == "images" and hashes and any(hashes):
        found["image_hashes"] = hashes
    return all(type(name) is str or (name is None and field == "image_hashes") for name in names)


def _is_broken(value: object) -> bool:
    """Whether a text, or one in a list, holds half of a surrogate pair, which only an escape can bring in."""
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and any("\ud800" <= c <= "\udfff" for c in text) for text in texts)

"""JSON Lines: one object a line, flat as a row of CSV or nested as a listing's own record."""

from collections.abc import Iterator

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
        return flatten(value)

    def _problem(self, number: int, error: NotJson, value: object) -> RowProblem:
        return problem(error.code, source=self._place.source, row=number, value=value, words=error.words)


def flatten(record: dict[str, JsonValue]) -> tuple[dict[str, object], bool]:
    """Turn an object into a raw row.

    Returns:
        field -> value, and whether the row is plain: every value text, pictures a list of texts.
    """
    found: dict[str, object] = {}
    plain = True
    ranked: dict[str, int] = {}
    for key, value in record.items():
        field = field_of(key)
        if field is None or value is None:
            continue
        if type(value) is str or type(value) is NumberText:
            plain = _put(found, ranked, field, key, value) and plain
        else:
            plain = _put_nested(found, ranked, key, field, value) and plain
    return found, plain


def _put(found: dict[str, object], ranked: dict[str, int], field: str, key: str, value: str) -> bool:
    """Keep a text under its field; of two keys for one field the better name wins."""
    if type(value) is NumberText:
        if field == "price_text":  # a number of JSON has one reading, whatever its digits
            field = "price_amount"
        value = str(value)
    rank = rank_of(field, key)
    if field in ranked and rank >= ranked[field]:
        return True
    ranked[field] = rank
    if field in LIST_FIELDS:
        single = not any(mark in value for mark in "|;,[")
        found[field] = [value] if single else value
        return single and value.isascii()
    found[field] = value
    return value.isascii() or not _is_broken(value)


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _put_nested(found: dict[str, object], ranked: dict[str, int], key: str, field: str, value: JsonValue) -> bool:
    if isinstance(value, dict) and (inner := _NESTED.get(normalise_name(key))):
        plain = True
        for name, item in value.items():
            if name in inner and item is not None:
                target = inner[name]
                plain = _put_inner(found, target, item) and plain
        return plain
    if field == "image_hashes" and isinstance(value, list):
        found[field] = value
        return all(item is None or type(item) is str for item in value)
    if field in LIST_FIELDS and isinstance(value, list):
        return _put_pictures(found, field, value)
    found[field] = value
    return False


def _put_inner(found: dict[str, object], field: str, item: JsonValue) -> bool:
    if isinstance(item, str):
        found[field] = str(item)
        return item.isascii() or not _is_broken(item)
    found[field] = item
    return False


def _put_pictures(found: dict[str, object], field: str, pictures: list[JsonValue]) -> bool:
    names: list[JsonValue] = []
    hashes: list[JsonValue] = []
    for picture in pictures:
        if isinstance(picture, dict):
            names.append(picture.get("uri"))
            hashes.append(picture.get("sha256"))
        else:
            names.append(picture)
            hashes.append(None)
    found[field] = names
    if field == "images" and any(hashes):
        found["image_hashes"] = hashes
    return all(type(name) is str and name.isascii() for name in names)

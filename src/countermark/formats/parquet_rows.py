"""Parquet: our own columns as they are, other people's columns as far as their types have one reading."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.formats.columns import REQUIRED, map_columns
from countermark.formats.limits import MIB, Limits
from countermark.formats.listing_row import Place
from countermark.formats.problems import UnreadableSource, problem
from countermark.formats.raw import LIST_FIELDS, RawChunk
from countermark.model import RowProblem

#: Bounds of the footer: a schema of a million columns, or one name of a gigabyte, is an attack.
_THRIFT_STRINGS = 16 * MIB
_THRIFT_ITEMS = 100_000

_TIMES = ("captured_at", "captured_at_utc")
_COUNTS = ("stock", "seller_sales")


class ParquetListings:
    """Listings in a Parquet file, one row group after another."""

    def __init__(
        self,
        file: BinaryIO,
        place: Place,
        limits: Limits,
        advance: Callable[[int], None],
        *,
        groups: range | None = None,
    ) -> None:
        """`file` must be seekable; `advance` hears how many bytes of row groups are done; `groups` reads only some."""
        self._groups = groups
        self._file = file
        self._place = place
        self._limits = limits
        self._advance = advance
        self._problems: list[RowProblem] = []

    def chunks(self) -> Iterator[RawChunk]:
        """See `RawReader.chunks`."""
        with self._open() as parquet:
            columns = self._choose(parquet)
            row = 0
            for group in range(parquet.num_row_groups):
                facts = parquet.metadata.row_group(group)
                if self._groups is not None and group not in self._groups:
                    row += facts.num_rows
                    continue
                if self._is_too_large(facts, columns):
                    self._problems.append(
                        self._say("parquet-too-large", limit=f"{self._limits.row_group_bytes:,} bytes")
                    )
                    row += facts.num_rows
                    continue
                yield from self._group(parquet, group, columns, row)
                row += facts.num_rows
                self._advance(sum(facts.column(at).total_compressed_size for at in range(facts.num_columns)))
            if self._problems:
                yield RawChunk(self._place, problems=self._problems)

    def _open(self) -> pq.ParquetFile:
        bounds = {"thrift_string_size_limit": _THRIFT_STRINGS, "thrift_container_size_limit": _THRIFT_ITEMS}
        try:
            schema = pq.ParquetFile(self._file, **bounds).schema_arrow
            # As dictionaries, a text that a million rows share stays one text until we know how long it is.
            shared = [field.name for field in schema if _is_text(field.type)]
            return pq.ParquetFile(self._file, read_dictionary=shared, **bounds)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableSource(self._say("bad-parquet", reason=_reason(error))) from error

    def _say(self, code: str, field: str = "", **words: str) -> RowProblem:
        return problem(code, source=self._place.source, field=field, words=words)

    def _choose(self, parquet: pq.ParquetFile) -> dict[str, str]:
        """field -> name of its column, for columns of a type we can read."""
        schema = parquet.schema_arrow
        columns = {}
        for field, index in map_columns(schema.names).items():
            name = schema.names[index]
            if _is_readable(field, schema.types[index]) and schema.names.count(name) == 1:
                columns[field] = name
            else:
                kind = str(schema.types[index])[:60]
                self._problems.append(self._say("unsupported-column-type", field=name, found=kind))
        for field in REQUIRED:
            if field not in columns:
                name = {"external_id": "id"}.get(field, field)
                raise UnreadableSource(self._say("missing-column", field=name))
        return columns

    def _is_too_large(self, facts: pq.RowGroupMetaData, columns: dict[str, str]) -> bool:
        """Whether a row group would not fit, as far as its own metadata admit."""
        if facts.total_byte_size > self._limits.row_group_bytes:
            return True
        wanted = set(columns.values())
        for at in range(facts.num_columns):
            column = facts.column(at)
            most = facts.num_rows * (self._limits.images + 14) + 1000
            if column.path_in_schema.split(".")[0] in wanted and column.num_values > most:
                return True
        return False

    def _group(self, parquet: pq.ParquetFile, group: int, columns: dict[str, str], row: int) -> Iterator[RawChunk]:
        names = list(columns.values())
        try:
            for batch in parquet.iter_batches(self._limits.batch_rows, row_groups=[group], columns=names):
                for piece in _pieces(_shortened(batch, columns, self._limits), self._limits.batch_bytes):
                    yield self._chunk(piece, columns, row)
                    row += piece.num_rows
        except (pa.ArrowException, OSError) as error:
            self._problems.append(self._say("bad-parquet", reason=_reason(error)))

    def _chunk(self, batch: pa.RecordBatch, columns: dict[str, str], row: int) -> RawChunk:
        chunk = RawChunk(self._place, problems=self._problems)
        self._problems = []
        chunk.numbers = list(range(row + 1, row + batch.num_rows + 1))
        for field, name in columns.items():
            target, column = as_field(field, batch.column(batch.schema.get_field_index(name)))
            chunk.columns.setdefault(target, column)
        return chunk


def _shortened(batch: pa.RecordBatch, columns: dict[str, str], limits: Limits) -> pa.RecordBatch:
    """Cut shared texts to one character more than the longest that is allowed: still refused, but no longer heavy."""
    fields = {name: field for field, name in columns.items()}
    arrays = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_dictionary(column.type) and pa.types.is_string(column.dictionary.type):
            most = {"title": limits.title_characters, "description": limits.description_characters}
            stop = most.get(fields[name], max(limits.uri_characters * (limits.images + 14), limits.name_characters)) + 1
            longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
            if longest > stop:
                values = pc.utf8_slice_codeunits(_whole(column.dictionary), 0, stop)
                column = pa.DictionaryArray.from_arrays(column.indices, values)  # noqa: PLW2901
        arrays.append(column)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _pieces(batch: pa.RecordBatch, size: int) -> Iterator[pa.RecordBatch]:
    """A batch in halves of halves, until none is larger than `size` bytes or has more than one row."""
    if batch.num_rows <= 1 or sum(_weight(column) for column in batch.columns) <= size:
        yield batch
        return
    half = batch.num_rows // 2
    yield from _pieces(batch.slice(0, half), size)
    yield from _pieces(batch.slice(half), size)


def _weight(column: pa.Array) -> int:
    """Bytes of a column once every row has its own text."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
    return int(pc.sum(lengths).as_py() or 0)


def _reason(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200] or type(error).__name__


def _inner(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def _is_text(type_: pa.DataType) -> bool:
    type_ = _inner(type_)
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _is_list(type_: pa.DataType) -> bool:
    return bool(pa.types.is_list(type_) or pa.types.is_large_list(type_))


def _is_readable(field: str, type_: pa.DataType) -> bool:
    """Whether values of that type can mean the field."""
    inner = _inner(type_)
    if _is_text(type_) or pa.types.is_null(inner) or pa.types.is_binary(inner):
        return True
    if field in LIST_FIELDS:
        return _is_list(type_) and _is_text(type_.value_type)
    if field in _TIMES or field == "seller_since":
        return bool(pa.types.is_timestamp(inner) or pa.types.is_date(inner))
    return bool(pa.types.is_integer(inner) or pa.types.is_floating(inner) or pa.types.is_decimal(inner))


def as_field(field: str, column: pa.Array) -> tuple[str, pa.Array]:
    """Bring a column to a type that the row rules know: text, int64, date32, timestamp or list of text.

    Returns:
        The field it stands for now (a typed price needs no guessing about separators) and its values.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if field in LIST_FIELDS and _is_list(column.type):
        return field, _whole_lists(pc.cast(column, pa.list_(pa.string())))
    if field in _TIMES and pa.types.is_timestamp(column.type):
        return field, pc.cast(column, pa.timestamp("us", tz=column.type.tz), safe=False)
    if field == "seller_since" and (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return field, pc.cast(column, pa.date32(), safe=False)
    if field in _COUNTS and pa.types.is_integer(column.type):
        return field, pc.cast(column, pa.int64(), safe=False)
    typed = pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    text = _as_text(column)
    return ("price_amount" if field == "price_text" and typed else field), text


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_binary(column.type):
        return _decoded(column)
    return _whole(pc.cast(column, pa.string()))


def _whole_lists(column: pa.Array) -> pa.Array:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        lists = pc.cast(column, pa.list_(pa.binary())).to_pylist()
        texts = [None if items is None else [item and _decode(item) for item in items] for items in lists]
        return pa.array(texts, pa.list_(pa.string()))
    return column


def _whole(column: pa.Array) -> pa.Array:
    """Text that is UTF-8 all through; Parquet itself does not promise it."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return _decoded(pc.cast(column, pa.binary()))
    return column


def _decoded(column: pa.Array) -> pa.Array:
    return pa.array([None if value is None else _decode(value) for value in column.to_pylist()], pa.string())


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return "\0" + value.decode("utf-8", "replace")  # every rule refuses a text with a NUL

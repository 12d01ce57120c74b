"""Update many rows, each with values of its own, or add rows, fast on both databases."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)

#: Values in one statement; SQLite may have been built to take no more than 999.
_MOST_VALUES = 990


def update_rows(rows: Sequence[M], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there already, one prepared statement for all of them.

    `QuerySet.bulk_update` writes a CASE for every column and row, which is many times slower with twenty columns.
    Call it in a transaction. Rows that were deleted meanwhile are passed over.
    """
    if not rows:
        return
    options = type(rows[0])._meta
    fields = {field.name: field for field in options.concrete_fields}
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(fields[name].column))} = %s" for name in columns)
    key = quote(str(options.pk.column))
    statement = f"UPDATE {quote(options.db_table)} SET {assignments} WHERE {key} = %s"  # noqa: S608 - the schema's names
    prepare = [(fields[name].attname, fields[name].get_db_prep_save) for name in columns]
    values = [[*(ready(getattr(row, name), connection) for name, ready in prepare), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def insert_row(row: Model) -> None:
    """Add one new row; the statement is compiled once for each table and database.

    For rows that are written thousands of times: `Model.save` builds its statement anew each time, which costs several
    times what the database needs. Signals are not sent. The row then has its key, as after `save`.
    """
    insert_rows([row])


def insert_rows(rows: Sequence[Model]) -> None:
    """Add new rows of one model, in order, many with one statement. Each then has its key, as after `save`.

    For rows that are written thousands of times: `bulk_create` asks every field of every row many things that never
    change. Signals are not sent. Call it in a transaction.
    """
    if not rows:
        return
    model = type(rows[0])
    at_once = max(1, _MOST_VALUES // len(_fields(model)))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            cursor.execute(_insert_statement(model, len(part), connection.vendor), _values(model, part))
            for row, (key,) in zip(part, cursor.fetchall(), strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[Model], columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Add new rows of which only the values are known: no row of them comes back. Call it in a transaction.

    Args:
        model: whose table.
        columns: names of fields; every column without a value in the database must be among them.
        values: of each row, in the order of the columns, as the database takes them.
    """
    options, quote = model._meta, connection.ops.quote_name
    fields = {field.name: field for field in options.concrete_fields}
    names = ", ".join(quote(str(fields[name].column)) for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(options.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - the schema's names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))


def _values(model: type[Model], rows: Sequence[Model]) -> list[Any]:
    prepare = [(field.pre_save, field.get_db_prep_save) for field in _fields(model)]
    return [ready(given(row, True), connection) for row in rows for given, ready in prepare]  # noqa: FBT003 - Django's order


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    options = model._meta
    return tuple(field for field in options.local_concrete_fields if field is not options.pk)


@lru_cache(maxsize=256)
def _insert_statement(model: type[Model], rows: int, _vendor: str) -> str:
    options, fields, quote = model._meta, _fields(model), connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    table, key = quote(options.db_table), quote(str(options.pk.column))
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * rows)} RETURNING {key}"  # noqa: S608 - the schema's names

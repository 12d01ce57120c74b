"""Update many rows, each with values of its own, or add one row, fast on both databases."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


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
    model = type(row)
    statement, fields = _insert_statement(model, connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]  # noqa: FBT003 - Django's order
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _insert_statement(model: type[Model], _vendor: str) -> tuple[str, tuple["Field[Any, Any]", ...]]:
    """The statement, and the fields whose values it takes."""
    options = model._meta
    fields = tuple(field for field in options.local_concrete_fields if field is not options.pk)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table, key = quote(options.db_table), quote(str(options.pk.column))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING {key}", fields  # noqa: S608 - the schema's names

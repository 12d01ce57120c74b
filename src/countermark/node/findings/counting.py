"""Answers that stay fast: counts up to a cap and single values, several in one question to the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from countermark.node.findings.shown import Capped


@dataclass(frozen=True)
class Count:
    """How many rows a query has, none counted beyond `cap`.

    A plain COUNT reads every row it counts; this one reads `cap` + 1 entries of an index, so a queue of two hundred
    thousand costs what a queue of a thousand costs.
    """

    rows: QuerySet[Model]
    cap: int

    def compiled(self) -> tuple[str, tuple[Any, ...]]:
        """The answer as a scalar of SQL, with its parameters."""
        sql, given = self.rows.order_by().values("pk")[: self.cap + 1].query.sql_with_params()
        return f"SELECT COUNT(*) FROM ({sql}) AS counted", given  # noqa: S608 - built from compiled queries only

    def read(self, value: Any) -> Capped:
        """The count as a record."""
        return Capped(min(value or 0, self.cap), more=(value or 0) > self.cap)


@dataclass(frozen=True)
class Nth:
    """One column of the row at a place (from 0) of an ordered query; None when there are not so many."""

    rows: QuerySet[Model]
    column: str
    place: int

    def compiled(self) -> tuple[str, tuple[Any, ...]]:
        """The answer as a scalar of SQL, with its parameters."""
        return self.rows.values(self.column)[self.place : self.place + 1].query.sql_with_params()

    def read(self, value: Any) -> str | None:
        """The value as text."""
        return None if value is None else str(value)


def ask(questions: Sequence[Count | Nth]) -> list[Any]:
    """Answer every question in one statement, in their order."""
    if not questions:
        return []
    selects: list[str] = []
    parameters: list[Any] = []
    for question in questions:
        try:
            sql, given = question.compiled()
        except EmptyResultSet:
            sql, given = "SELECT NULL", ()
        selects.append(f"({sql})")
        parameters.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", parameters)
        row = cursor.fetchone()
    return [question.read(value) for question, value in zip(questions, row, strict=True)]


def count_up_to(cap: int, querysets: Sequence[QuerySet[Any]]) -> list[Capped]:
    """Count the rows of each query up to a cap, in one statement."""
    return ask([Count(rows, cap) for rows in querysets])

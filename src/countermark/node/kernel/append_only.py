"""Tables of record: rows are added and never rewritten. The class refuses, and so does the database.

A migration adds the database's part: `ForbidRewriting("audit_event")` after the table is made. Triggers then refuse
UPDATE, DELETE and (PostgreSQL) TRUNCATE. SQLite drops them when Django rebuilds a table to alter it, so a migration
that alters such a table ends with `ForbidRewriting` again; `unguarded_tables` finds a table that was forgotten.

Words of a person end: `WrittenOnce` rows are never rewritten either, and go whole when their time is over.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.apps import apps
from django.db import models

from countermark.node.kernel.rows import insert_row


class RewriteForbidden(Exception):
    """Code tried to change or delete a row of record."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is never changed or deleted; write a new row that takes its place.")


class WrittenOnceQuerySet(models.QuerySet[Any]):
    """Rows that are written once, several at a time: read them, add to them, delete them."""

    def update(self, **_kwargs: object) -> NoReturn:
        """Refused."""
        raise RewriteForbidden(self.model.__name__)

    def bulk_update(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refused."""
        raise RewriteForbidden(self.model.__name__)

    def update_or_create(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refused."""
        raise RewriteForbidden(self.model.__name__)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Add rows; refused where it would update rows that are there."""
        if kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            raise RewriteForbidden(self.model.__name__)
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyQuerySet(WrittenOnceQuerySet):
    """Rows of record, several at a time: read them, add to them."""

    def delete(self) -> NoReturn:
        """Refused."""
        raise RewriteForbidden(self.model.__name__)


class WrittenOnce(models.Model):
    """A row that is written once, and deleted when its time is over. `ForbidUpdating` is the database's part."""

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(WrittenOnceQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refused when it is there already."""
        if not self._state.adding:
            raise RewriteForbidden(type(self).__name__)
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def add(self) -> None:
        """Add the row by a statement that is compiled once: for rows that are written thousands of times.

        Refused when it is there already.
        """
        if not self._state.adding:
            raise RewriteForbidden(type(self).__name__)
        insert_row(self)


class AppendOnly(WrittenOnce):
    """A row that is written once and stays."""

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refused."""
        raise RewriteForbidden(type(self).__name__)


def append_only_tables() -> list[str]:
    """Names of the tables of every append-only model, sorted."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


def written_once_tables() -> list[str]:
    """Names of the tables of every model whose rows are never rewritten and end, sorted."""
    models_ = (model for model in apps.get_models() if issubclass(model, WrittenOnce))
    return sorted(model._meta.db_table for model in models_ if not issubclass(model, AppendOnly))

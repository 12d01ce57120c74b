"""The database's part of append-only: triggers that refuse to rewrite, on both databases."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from countermark.node.kernel.append_only import append_only_tables, written_once_tables

_FUNCTION = """
CREATE OR REPLACE FUNCTION countermark_forbid_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


class ForbidRewriting(Operation):
    """Migration step: from here on the database refuses to rewrite rows of a table.

    Both databases then raise IntegrityError. May be run again on a table that is guarded already.
    """

    reversible = True
    reduces_to_sql = True
    #: Whether rows can be deleted all the same.
    ends = False

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: the models do not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Install the triggers."""
        guard(schema_editor.connection, self.table, ends=self.ends)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Remove the triggers."""
        _lift(schema_editor.connection, self.table)

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Forbid {'changing' if self.ends else 'rewriting'} rows of {self.table}"


class ForbidUpdating(ForbidRewriting):
    """Migration step: from here on the database refuses to change rows of a table; they can be deleted."""

    ends = True


class AllowDeletion(ForbidRewriting):
    """Migration step: a table is no table of record any more, or not until `ForbidRewriting` comes again."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Remove the triggers."""
        _lift(schema_editor.connection, self.table)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Install them again."""
        guard(schema_editor.connection, self.table)

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Allow rows of {self.table} to be deleted"


def guard(connection: BaseDatabaseWrapper, table: str, *, ends: bool = False) -> None:
    """Install the triggers on one table, in place of any that are there.

    Args:
        connection: to the database.
        table: its name.
        ends: whether its rows can be deleted.
    """
    _lift(connection, table)
    install = _guard_postgresql if connection.vendor == "postgresql" else _guard_sqlite
    with connection.cursor() as cursor:
        for statement in install(connection, table, ends=ends):
            cursor.execute(statement)


def unguarded_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Append-only and written-once tables of this database that lack a trigger they should have."""
    wanted = {"postgresql": ("guard",)}.get(connection.vendor, ("no_update", "no_replace", "no_delete"))
    listed = "SELECT tgname FROM pg_trigger" if connection.vendor == "postgresql" else "SELECT name FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(listed)
        there = {row[0] for row in cursor.fetchall()}
    names: dict[str, tuple[str, ...]] = dict.fromkeys(append_only_tables(), wanted)
    names |= dict.fromkeys(written_once_tables(), wanted[:2])
    return [table for table, these in names.items() if any(f"{table}_{name}" not in there for name in these)]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Empty append-only tables between tests: the triggers are away inside, and back afterwards.

    Raises ImproperlyConfigured unless the settings say that this is a test and the database is a test's.
    """
    name = str(connection.settings_dict["NAME"]).rpartition("/")[2]
    if not getattr(settings, "COUNTERMARK_RECORDS_ARE_FOR_TESTS", False) or not name.startswith("test_"):
        raise ImproperlyConfigured(f"{name!r} is not a database of tests: its records are never emptied.")
    there = set(connection.introspection.table_names())
    tables = dict.fromkeys(append_only_tables(), False) | dict.fromkeys(written_once_tables(), True)
    tables = {table: ends for table, ends in tables.items() if table in there}
    written = _written(connection)
    for table in tables:
        _lift(connection, table)
    try:
        yield
    finally:
        for table, ends in tables.items():
            if table not in written:
                guard(connection, table, ends=ends)
        with connection.cursor() as cursor:
            for statement in chain.from_iterable(written[table] for table in tables if table in written):
                cursor.execute(statement)


def _written(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """The triggers of each table that lacks none, as they were written, on SQLite; nothing elsewhere.

    There `guard` asks for the keys of a table, which takes longer than all else that is done between two tests.
    """
    if connection.vendor != "sqlite":
        return {}
    written: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        for table, statement in cursor.fetchall():
            written[table].append(statement)
    for table in unguarded_tables(connection):
        written.pop(table, None)
    return written


def _lift(connection: BaseDatabaseWrapper, table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_guard" ON "{table}"')
            return
        for name in ("no_update", "no_delete", "no_replace"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}"')


def _guard_postgresql(_connection: BaseDatabaseWrapper, table: str, *, ends: bool) -> list[str]:
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION countermark_forbid_rewriting()"
    deleting = "" if ends else "DELETE OR "
    return [
        _FUNCTION,
        f'CREATE TRIGGER "{table}_guard" BEFORE UPDATE OR {deleting}TRUNCATE ON "{table}" {refuse}',
        # Without ALWAYS a session could switch triggers off with session_replication_role.
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_guard"',
    ]


def _guard_sqlite(connection: BaseDatabaseWrapper, table: str, *, ends: bool) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'table {table} is append-only'); END"
    # INSERT OR REPLACE deletes the old row without firing a delete trigger (unless recursive_triggers is on), but a
    # BEFORE INSERT trigger always fires: it refuses an insert that meets a row with the same key.
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
        for columns in _unique_keys(connection, table)
    )
    met = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608 - names come from the schema
    found = [
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" {met} {refuse}',
    ]
    deleting = f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}'
    return found if ends else [*found, deleting]


def _unique_keys(connection: BaseDatabaseWrapper, table: str) -> list[list[str]]:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    keys = [c["columns"] for c in constraints.values() if (c["unique"] or c["primary_key"]) and c["columns"]]
    return [list(columns) for columns in sorted({tuple(columns) for columns in keys})]

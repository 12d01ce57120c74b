"""Rows of record: every way to rewrite them that we know of is refused, by the class and by the database."""

import sqlite3

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, transaction
from django.db.migrations.state import ProjectState

from countermark.node.audit import services as audit
from countermark.node.audit.models import Event
from countermark.node.kernel import guards
from countermark.node.kernel.append_only import RewriteForbidden, append_only_tables
from countermark.node.kernel.guards import ForbidRewriting, lifted, unguarded_tables


@pytest.fixture
def event(db) -> Event:
    return Event.objects.get(pk=audit.record(actor="system", organisation=1, action="test.done"))


def run(statement: str, *values: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


REFUSED_BY_THE_CLASS = {
    "save": lambda event: event.save(),
    "delete": lambda event: event.delete(),
    "update": lambda _: Event.objects.update(actor="x"),
    "delete many": lambda _: Event.objects.all().delete(),
    "bulk_update": lambda event: Event.objects.bulk_update([event], ["actor"]),
    "update_or_create": lambda event: Event.objects.all().update_or_create(defaults={"actor": "x"}, id=event.id),
    "upsert": lambda event: Event.objects.bulk_create(
        [Event(id=event.id)], update_conflicts=True, unique_fields=["id"], update_fields=["actor"]
    ),
    "ignoring": lambda event: Event.objects.bulk_create([Event(id=event.id)], ignore_conflicts=True),
}


@pytest.mark.parametrize("way", sorted(REFUSED_BY_THE_CLASS))
def test_the_class_refuses(event, way):
    with pytest.raises(RewriteForbidden):
        REFUSED_BY_THE_CLASS[way](event)
    event.refresh_from_db()
    assert event.actor == "system"


STATEMENTS = {
    "update": "UPDATE audit_event SET actor = 'x'",
    "update of one": "UPDATE audit_event SET actor = 'x' WHERE id = '{id}'",
    "delete": "DELETE FROM audit_event",
    "update of the key": "UPDATE audit_event SET id = 'adt_x' WHERE id = '{id}'",
    "upsert": "INSERT INTO audit_event (id, at, organisation_id, actor, action, target, detail, request_id) VALUES "
    "('{id}', '2026-01-01', 1, 'x', 'y', '', '{{}}', '') ON CONFLICT (id) DO UPDATE SET actor = 'x'",
}


@pytest.mark.parametrize("way", sorted(STATEMENTS))
def test_the_database_refuses(event, way):
    with pytest.raises(IntegrityError, match="append-only"):
        run(STATEMENTS[way].format(id=event.id))
    event.refresh_from_db()
    assert event.actor == "system"


def test_a_queryset_that_goes_around_our_manager_is_refused_by_the_database(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk)._raw_delete(connection.alias)
    assert Event.objects.filter(pk=event.pk).exists()


def test_saving_a_copy_under_the_same_key_is_refused(event):
    copy = Event(id=event.id, organisation_id=1, actor="x", action="a.b")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


REPLACE = (
    "INSERT OR REPLACE INTO audit_event (id, at, organisation_id, actor, action, target, detail, request_id) "
    "VALUES (?, '2026-01-01', 1, 'forged', 'a.b', '', '{}', '')"
)


def sqlite_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a way of SQLite's own")


def test_insert_or_replace_is_refused_with_recursive_triggers_on_and_off(event):
    sqlite_only()
    for recursive in ("ON", "OFF"):
        run(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(IntegrityError, match="append-only"):
            run(REPLACE.replace("?", "%s"), event.id)
    run("PRAGMA recursive_triggers=ON")


@pytest.mark.django_db(transaction=True)
def test_another_program_that_opens_the_file_is_refused_too():
    sqlite_only()
    event = audit.record(actor="system", organisation=1, action="test.done")
    other = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        for statement in (REPLACE, "UPDATE OR REPLACE audit_event SET actor = 'x' WHERE id = ?"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement, [event])
    finally:
        other.close()
    assert Event.objects.get(pk=event).actor == "system"


def test_truncate_is_refused(event):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(IntegrityError, match="append-only"):
        run("TRUNCATE audit_event")
    with pytest.raises(IntegrityError, match="append-only"):
        run("SET LOCAL session_replication_role = replica; DELETE FROM audit_event")


def test_new_rows_are_welcome(event):
    audit.record(actor="system", organisation=1, action="test.done")
    Event.objects.bulk_create([Event(id="adt_2", organisation_id=1, actor="x", action="a.b")])
    assert Event.objects.count() == 3


@pytest.mark.django_db
def test_every_append_only_table_has_its_guards():
    assert "audit_event" in append_only_tables()
    assert unguarded_tables(connection) == []


@pytest.mark.django_db
def test_a_table_whose_guards_are_gone_is_found():
    operation = ForbidRewriting("audit_event")
    nothing = ProjectState()
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else _plain_editor() as editor:
        operation.database_backwards("audit", editor, nothing, nothing)
        assert unguarded_tables(connection) == ["audit_event"]
        operation.database_forwards("audit", editor, nothing, nothing)
        operation.database_forwards("audit", editor, nothing, nothing)
    assert unguarded_tables(connection) == []
    assert "audit_event" in operation.describe()
    assert isinstance(operation, migrations.operations.base.Operation)


class _plain_editor:  # noqa: N801 - SQLite's own editor refuses to open inside a transaction
    def __enter__(self):
        self.connection = connection
        return self

    def __exit__(self, *_):
        return None


@pytest.mark.django_db(transaction=True)
def test_the_tables_of_a_test_are_emptied_between_tests_and_guarded_again():
    audit.record(actor="system", organisation=1, action="test.done")
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    assert unguarded_tables(connection) == []


def test_the_records_of_a_node_are_never_emptied(event, settings, monkeypatch):
    settings.COUNTERMARK_RECORDS_ARE_FOR_TESTS = False
    with pytest.raises(ImproperlyConfigured, match="never emptied"):
        call_command("flush", interactive=False)
    settings.COUNTERMARK_RECORDS_ARE_FOR_TESTS = True
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/node/countermark.sqlite3")
    with pytest.raises(ImproperlyConfigured), lifted(connection):
        pass
    assert Event.objects.exists()
    assert guards.unguarded_tables(connection) == []

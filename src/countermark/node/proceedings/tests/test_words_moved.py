"""Steps that were written before keep their words when these move beside them, and the table is guarded again."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import IntegrityError

from countermark.node.kernel.guards import unguarded_tables
from countermark.node.proceedings.factories import make_proceeding, tell
from countermark.node.proceedings.models import Step, StepWords
from countermark.node.proceedings.words import digest_of

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = [("proceedings", "0002_opened_once")], [("proceedings", "0004_steps_without_words")]


def test_words_move_beside_their_step_and_back(analyst):
    name = make_proceeding(analyst, "udrp", date(2026, 10, 1))
    tell(analyst, name, "file", "2026-10-01", complaint="D2026-1")
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT facts, note FROM proceedings_step")
            assert "D2026-1" in str(cursor.fetchall())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE proceedings_step SET note = 'x'")
    finally:
        MigrationExecutor(connection).migrate(AFTER)
    row = StepWords.objects.get()
    assert (row.facts, row.note) == ({"complaint": "D2026-1"}, "")
    assert Step.objects.get().digest == digest_of(row.facts, row.note, row.salt)
    assert unguarded_tables(connection) == []

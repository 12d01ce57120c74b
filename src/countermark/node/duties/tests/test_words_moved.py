"""What was written before keeps its words when these move beside it, and every table is guarded again."""

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import IntegrityError

from countermark.node.conduct import appeals
from countermark.node.conduct.models import Act, Appeal
from countermark.node.conduct.tests.conftest import shop
from countermark.node.kernel.guards import unguarded_tables
from countermark.node.notices import deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.models import Happening, HappeningWords
from countermark.node.notices.states import Deed

__all__ = ["shop"]
pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("notices", "0008_answers_end"), ("conduct", "0003_told_measures_end"), ("channels", "0002_channel_platform")]
NOTE, ANSWER = "Mrs Mira Vale called us.", "The bags were bought at the house itself; the invoices show it."


def test_notes_and_answers_move_beside_what_happened_and_back(shop):
    shop.offends(1)
    deciding.decide(shop.officer, shop.notices[0], Decision(deed=Deed.PUT_BACK, reason="removed_wrongly", note=NOTE))
    shop.offends(1)
    name = shop.is_warned()
    appeals.appeal(shop.tokens[1], name, ANSWER)
    newest = [one for one in MigrationExecutor(connection).loader.graph.leaf_nodes() if one[0] in dict(BEFORE)]
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        for table, column, words in (("notices_happening", "note", NOTE), ("conduct_act", "words", ANSWER)):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table}")
                assert (words,) in cursor.fetchall()
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {column} = 'x'")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM notices_signedwords")
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert [one.note for one in HappeningWords.objects.all()] == [NOTE]
    assert [one.note for one in Happening.objects.filter(deed=Deed.PUT_BACK)] == [NOTE]
    assert [(one.words, one.act.kind, one.act.words) for one in Appeal.objects.all()] == [(ANSWER, "appealed", "")]
    assert [one.said for one in Act.objects.filter(kind="appealed")] == [ANSWER]
    assert unguarded_tables(connection) == []

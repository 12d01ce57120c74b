"""The words of a happening move beside it, so that they can be deleted when the time of the case is over."""

import django.db.models.deletion
from django.db import migrations, models

from countermark.node.kernel.guards import AllowDeletion


def move(apps, _schema_editor):
    happenings, words = apps.get_model('notices', 'Happening'), apps.get_model('notices', 'HappeningWords')
    before = None
    for row in happenings.objects.order_by('notice_id', 'number').iterator():
        # Every event of one deed held the same words: they stay with the first.
        same = before and (before.notice_id, before.deed, before.note) == (row.notice_id, row.deed, row.note)
        if row.note and not same:
            words.objects.create(happening=row, note=row.note)
        before = row


def move_back(apps, _schema_editor):
    happenings, words = apps.get_model('notices', 'Happening'), apps.get_model('notices', 'HappeningWords')
    for row in words.objects.order_by('pk').iterator():
        happenings.objects.filter(pk=row.happening_id).update(note=row.note)


class Migration(migrations.Migration):
    # The next one takes the column away and guards the tables again: PostgreSQL alters no table on which the triggers
    # of a foreign key still wait for the end of the transaction.
    dependencies = [('notices', '0008_answers_end')]

    operations = [
        AllowDeletion('notices_happening'),
        migrations.CreateModel(
            name='HappeningWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField()),
                ('happening', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='notices.happening')),
            ],
            options={'abstract': False},
        ),
        migrations.RunPython(move, move_back),
    ]

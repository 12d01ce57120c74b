"""What a person answered to a measure moves beside the act, so that it can be deleted."""

import django.db.models.deletion
from django.db import migrations, models

from countermark.node.kernel.guards import AllowDeletion


def move(apps, _schema_editor):
    acts, appeals = apps.get_model('conduct', 'Act'), apps.get_model('conduct', 'Appeal')
    for row in acts.objects.filter(kind='appealed').order_by('pk').iterator():
        appeals.objects.create(act=row, words=row.words)
        acts.objects.filter(pk=row.pk).update(words='')


def move_back(apps, _schema_editor):
    acts, appeals = apps.get_model('conduct', 'Act'), apps.get_model('conduct', 'Appeal')
    for row in appeals.objects.order_by('pk').iterator():
        acts.objects.filter(pk=row.act_id).update(words=row.words)


class Migration(migrations.Migration):
    # The next one guards both tables: PostgreSQL makes no trigger on a table on which the triggers of a foreign key
    # still wait for the end of the transaction.
    dependencies = [('conduct', '0003_told_measures_end')]

    operations = [
        AllowDeletion('conduct_act'),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='conduct.act')),
            ],
            options={'abstract': False},
        ),
        migrations.RunPython(move, move_back),
    ]

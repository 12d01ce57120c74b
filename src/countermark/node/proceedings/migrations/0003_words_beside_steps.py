"""The words of a step move beside it, so that they can be deleted; the step keeps their hash."""

import hashlib
import secrets

import django.db.models.deletion
from django.db import migrations, models

from countermark.node.kernel.guards import AllowDeletion
from countermark.proof.canonical import canonical
from countermark.proof.encoding import to_base64url


def move(apps, _schema_editor):
    steps, words = apps.get_model('proceedings', 'Step'), apps.get_model('proceedings', 'StepWords')
    for row in steps.objects.order_by('pk').iterator():
        salt = to_base64url(secrets.token_bytes(32))
        text = canonical({'facts': row.facts, 'format': 'countermark-step/1', 'note': row.note, 'salt': salt})
        words.objects.create(step=row, facts=row.facts, note=row.note, salt=salt)
        steps.objects.filter(pk=row.pk).update(digest=hashlib.sha256(text).hexdigest())


def move_back(apps, _schema_editor):
    steps, words = apps.get_model('proceedings', 'Step'), apps.get_model('proceedings', 'StepWords')
    for row in words.objects.order_by('pk').iterator():
        steps.objects.filter(pk=row.step_id).update(facts=row.facts, note=row.note)


class Migration(migrations.Migration):
    # The next one takes the columns away and guards the table again: PostgreSQL alters no table on which the triggers of
    # a foreign key still wait for the end of the transaction.
    dependencies = [('proceedings', '0002_opened_once')]

    operations = [
        AllowDeletion('proceedings_step'),
        migrations.CreateModel(
            name='StepWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(db_comment='numbers and dates of papers, no personal data', default=dict)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('salt', models.CharField(db_comment='32 random bytes, base64url', max_length=43)),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='proceedings.step')),
            ],
        ),
        migrations.AddField(
            model_name='step',
            name='digest',
            field=models.CharField(db_comment='SHA-256 of its words as `words.text_of` writes them, hex', default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='proceeding',
            name='deleted_at',
            field=models.DateTimeField(db_comment='when its words were deleted; the steps stay', null=True),
        ),
        migrations.RunPython(move, move_back),
    ]

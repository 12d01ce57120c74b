"""Acts are guarded again; answers beside them are never changed, and end."""

from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting, ForbidUpdating


class Migration(migrations.Migration):
    dependencies = [('conduct', '0004_answers_beside_acts')]

    operations = [
        migrations.AlterField(
            model_name='act',
            name='words',
            field=models.TextField(blank=True, db_comment='reasons of the marketplace', default=''),
        ),
        ForbidRewriting('conduct_act'),
        ForbidUpdating('conduct_appeal'),
    ]

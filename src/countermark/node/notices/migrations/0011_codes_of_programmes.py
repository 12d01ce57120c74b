"""Beside a programme that is followed: the platform's own code of each reason."""

from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):
    dependencies = [('notices', '0010_words_of_a_case_end')]

    operations = [
        migrations.AddField(
            model_name='followed',
            name='codes',
            field=models.JSONField(db_comment="ground to the platform's own code of that reason", default=dict),
        ),
        ForbidRewriting('notices_followed'),
    ]

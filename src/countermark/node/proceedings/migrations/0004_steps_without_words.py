"""Steps hold no words of their own any more, and are guarded again."""

from django.db import migrations

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):
    dependencies = [('proceedings', '0003_words_beside_steps')]

    operations = [
        migrations.RemoveField(model_name='step', name='facts'),
        migrations.RemoveField(model_name='step', name='note'),
        ForbidRewriting('proceedings_step'),
    ]

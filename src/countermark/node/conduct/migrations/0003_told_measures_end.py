"""What a marketplace told us is a copy of entries, and can be deleted; one measure is answered under one agreement."""

from django.db import migrations, models

from countermark.node.kernel.guards import AllowDeletion


class Migration(migrations.Migration):

    dependencies = [('conduct', '0002_told_measures')]

    operations = [
        AllowDeletion('conduct_toldmeasure'),
        AllowDeletion('conduct_toldanswer'),
        migrations.RemoveConstraint(model_name='toldanswer', name='each_measure_answered_once'),
        migrations.AddConstraint(
            model_name='toldanswer',
            constraint=models.UniqueConstraint(fields=('organisation', 'entry'), name='each_measure_answered_once'),
        ),
    ]

"""Receipts are kept for what other rooms delete as well: the id of an entry has 64 digits."""

from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):

    dependencies = [('evidence', '0005_purchase_exhibits')]

    operations = [
        migrations.AlterField(
            model_name='deletionreceipt',
            name='subject',
            field=models.CharField(db_comment='evd_…, prc_…, pcd_…, or the id of an entry', max_length=64, unique=True),
        ),
        ForbidRewriting('evidence_deletionreceipt'),
    ]

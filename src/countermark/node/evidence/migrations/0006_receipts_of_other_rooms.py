"""Receipts are kept for what other rooms delete as well: an entry's id has 64 digits, and a notice has two sides."""

from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):

    dependencies = [('evidence', '0005_purchase_exhibits'), ('parties', '0001_initial')]

    operations = [
        migrations.AlterField(
            model_name='deletionreceipt',
            name='subject',
            field=models.CharField(db_comment='evd_…, prc_…, pcd_…, ntc_…, or the id of an entry', max_length=64),
        ),
        migrations.AddConstraint(
            model_name='deletionreceipt',
            constraint=models.UniqueConstraint(fields=('organisation', 'subject'), name='each_deletion_once'),
        ),
        ForbidRewriting('evidence_deletionreceipt'),
    ]

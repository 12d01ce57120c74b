"""Receipts are kept of measures and batches as well: only the comment changes."""

from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):
    dependencies = [('evidence', '0006_receipts_of_other_rooms')]

    operations = [
        migrations.AlterField(
            model_name='deletionreceipt',
            name='subject',
            field=models.CharField(
                db_comment='evd_…, prc_…, pcd_…, ntc_…, bat_…, msr_…, or the id of an entry', max_length=64
            ),
        ),
        migrations.AlterField(
            model_name='deletionreceipt',
            name='text',
            field=models.TextField(db_comment='receipts.Receipt as canonical JSON; no personal data'),
        ),
        ForbidRewriting('evidence_deletionreceipt'),
    ]

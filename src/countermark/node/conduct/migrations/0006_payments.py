"""Holds of pay-outs and ends of payment services, and the link by which a seller reads them."""

import countermark.node.kernel.time
import django.db.models.deletion
from django.db import migrations, models

from countermark.node.kernel.guards import ForbidRewriting


class Migration(migrations.Migration):

    dependencies = [
        ('conduct', '0005_acts_guarded_again'),
    ]

    operations = [
        migrations.AlterField(
            model_name='measure',
            name='kind',
            field=models.CharField(choices=[('warning', 'warning'), ('listing_limit', 'listing_limit'), ('suspension', 'suspension'), ('payment_hold', 'payment_hold'), ('no_processing', 'no_processing'), ('payment_end', 'payment_end')], max_length=14),
        ),
        migrations.AlterField(
            model_name='measure',
            name='track',
            field=models.CharField(choices=[('offers', 'offers'), ('answers', 'answers'), ('notices', 'notices'), ('payments', 'payments')], max_length=8),
        ),
        migrations.CreateModel(
            name='PayeeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=countermark.node.kernel.time.now)),
                ('expires_at', models.DateTimeField()),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='conduct.measure')),
            ],
            options={
                'abstract': False,
            },
        ),
        ForbidRewriting('conduct_payeelink'),
    ]

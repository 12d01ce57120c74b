"""Disputes before a certified body can be written down: only the list of deeds changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0012_refusals_contested'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='decision',
            field=models.CharField(blank=True, choices=[('file', 'file'), ('receive', 'receive'), ('priority', 'priority'), ('review', 'review'), ('fail', 'fail'), ('ask', 'ask'), ('answer', 'answer'), ('ask_seller', 'ask_seller'), ('remove', 'remove'), ('partly', 'partly'), ('refuse', 'refuse'), ('counter', 'counter'), ('forward', 'forward'), ('arrive', 'arrive'), ('reply', 'reply'), ('accept', 'accept'), ('complain', 'complain'), ('keep', 'keep'), ('restore', 'restore'), ('late', 'late'), ('put_back', 'put_back'), ('suit', 'suit'), ('body', 'body'), ('sellerbody', 'sellerbody'), ('extend', 'extend'), ('settle', 'settle'), ('withdraw', 'withdraw')], default='', max_length=10),
        ),
    ]

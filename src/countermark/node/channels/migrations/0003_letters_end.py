"""Papers that went along with a message end with it, and are never changed."""

from django.db import migrations

from countermark.node.kernel.guards import AllowDeletion, ForbidUpdating


class Migration(migrations.Migration):
    dependencies = [('channels', '0002_channel_platform')]

    operations = [AllowDeletion('channels_enclosure'), ForbidUpdating('channels_enclosure')]

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from countermark.node.kernel.guards import ForbidRewriting
from countermark.node.kernel.time import now

#: Types of entries that change keys, as they were named when this migration was written.
_CHANGES = ("key.rotated", "key.revoked")


def name_last_key_change(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write into each feed the id of its last entry that changes keys."""
    feeds, entries = apps.get_model("exchange", "Feed"), apps.get_model("exchange", "FeedEntry")
    for feed in feeds.objects.all():
        last = entries.objects.filter(feed=feed, type__in=_CHANGES).order_by("-seq").first()
        if last is not None:
            feeds.objects.filter(pk=feed.pk).update(keys_entry=last.entry_id)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_facades")]

    operations = [
        migrations.AddField(
            model_name="feed",
            name="keys_entry",
            field=models.CharField(
                blank=True,
                db_comment="id of its last entry that changes keys; empty for none",
                default="",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="thaw_by",
            field=models.CharField(
                blank=True, db_comment="usr_… who proposed that it goes on; empty for nobody", default="", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="thaw_reason",
            field=models.CharField(
                blank=True, db_comment="what that person found, a code", default="", max_length=40
            ),
        ),
        migrations.AddField(model_name="feed", name="thaw_at", field=models.DateTimeField(null=True)),
        migrations.RemoveField(model_name="standing", name="heard_seq"),
        migrations.AddField(
            model_name="standing",
            name="proved_seq",
            field=models.BigIntegerField(
                db_comment="receipts of the partner up to here were proven or refused", default=0
            ),
        ),
        migrations.CreateModel(
            name="ReceiptProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(db_comment="C2SP tlog-proof, with cosignatures")),
                ("at", models.DateTimeField(default=now)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT, related_name="receipt_proof", to="exchange.feedentry"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        ForbidRewriting("exchange_receiptproof"),
        # Last: PostgreSQL alters no table whose rows were changed in the same transaction.
        migrations.RunPython(name_last_key_change, migrations.RunPython.noop),
    ]

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin_after_what_was_told(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now each deletion was told when it was made: begin behind the last one of each agreement."""
    standings, deletions = apps.get_model("exchange", "Standing"), apps.get_model("exchange", "Deletion")
    for standing in standings.objects.all():
        last = deletions.objects.filter(entry__feed__agreement=standing.agreement_id).order_by("-pk").first()
        if last is not None:
            standings.objects.filter(pk=standing.pk).update(deletions_told=last.pk)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_inbound_in_order")]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="deletions_told",
            field=models.BigIntegerField(
                db_comment="row of the last of our deletions that the partner was told of", default=0
            ),
        ),
        # Last: PostgreSQL alters no table whose rows were changed in the same transaction.
        migrations.RunPython(begin_after_what_was_told, migrations.RunPython.noop),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="shareditem",
            name="forgotten_at",
            field=models.DateTimeField(
                db_comment="when that listing lost what it said: its bytes were deleted", null=True
            ),
        ),
    ]

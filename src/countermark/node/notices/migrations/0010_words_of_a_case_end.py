"""Words and papers of a case can end and never change; happenings hold none of their own, and are guarded again."""

from django.db import migrations, models

from countermark.node.kernel.guards import AllowDeletion, ForbidRewriting, ForbidUpdating

ENDS = ('notices_signedwords', 'notices_statement', 'notices_telling', 'notices_piece')


class Migration(migrations.Migration):
    dependencies = [('notices', '0009_words_beside_happenings')]

    operations = [
        migrations.RemoveField(model_name='happening', name='note'),
        migrations.RenameField(model_name='notice', old_name='answers_gone_at', new_name='words_gone_at'),
        migrations.AlterField(
            model_name='notice',
            name='words_gone_at',
            field=models.DateTimeField(
                db_comment='when words and papers were deleted; what happened stays', null=True
            ),
        ),
        migrations.AddField(
            model_name='batch',
            name='words_gone_at',
            field=models.DateTimeField(db_comment='when what was chosen and who signed was deleted', null=True),
        ),
        ForbidRewriting('notices_happening'),
        ForbidUpdating('notices_happeningwords'),
        *(AllowDeletion(table) for table in ENDS),
        *(ForbidUpdating(table) for table in ENDS),
    ]

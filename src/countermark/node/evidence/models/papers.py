"""Papers about what is kept: exhibits in a language, and papers of an export."""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly


class Paper(AppendOnly):
    """One paper: made once, its bytes in the store under their hash, never made again."""

    language = models.CharField(max_length=10, db_comment="fr, zh or en")
    name = models.CharField(max_length=60, db_comment="below exhibit/ in a bag")
    sha256 = models.CharField(max_length=64, db_comment="hex")
    size = models.PositiveBigIntegerField(db_comment="bytes")
    certificates = models.BinaryField(db_comment="PEM by which the timestamp in it was believed; empty without one")
    made_by = models.CharField(max_length=60, db_comment="usr_…")
    made_at = models.DateTimeField(db_comment="UTC")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

"""What was seen: pictures, named by the hash of their bytes."""

from django.db import models

from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now


class Capture(models.Model):
    """A picture as it was when it came to us. Its bytes lie in the store under their hash and are never changed."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="cap_…, in addresses")
    sha256 = models.CharField(max_length=64, db_comment="of the original bytes, before any processing, hex")
    media_type = models.CharField(max_length=20, db_comment="as the bytes say, not as anyone claimed")
    size = models.PositiveIntegerField(db_comment="of the original, bytes")
    width = models.PositiveIntegerField(db_comment="pixels, as stored, before turning by EXIF")
    height = models.PositiveIntegerField(db_comment="pixels")
    source = models.CharField(max_length=200, blank=True, default="", db_comment="how it first came to us")
    created_at = models.DateTimeField(default=now, db_comment="when it first came to us, UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="each_picture_kept_once")]

    def __str__(self) -> str:
        return self.public_id

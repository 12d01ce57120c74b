"""What was seen: pictures, named by the hash of their bytes; and evidence, sealed pages with their custody."""

from django.db import models

from countermark.node.evidence.models.papers import Paper
from countermark.node.evidence.models.retained import Retained, Retention
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.claims import Claimable
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


class Evidence(Retained, Claimable):
    """A page that was asked for, captured and sealed. Its files never change; only hold and retention do."""

    Retention = Retention

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="evd_…, in addresses")
    listing_id = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_comment="lst_… that it shows")
    url = models.TextField(db_comment="address that was asked for")
    requested_by = models.CharField(max_length=60, db_comment="usr_…")
    requested_at = models.DateTimeField(default=now, db_comment="UTC")
    sealed_at = models.DateTimeField(null=True, db_comment="UTC")
    seal = models.TextField(blank=True, default="", db_comment="the text that is stamped")

    class Meta:
        indexes = [models.Index(fields=["organisation", "listing_id", "-id"], name="evidence_of_listing")]

    def __str__(self) -> str:
        return self.public_id


class EvidenceFile(AppendOnly):
    """One file of a piece of evidence; its bytes lie in the store under their hash."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200, db_comment="below data/ in a bag")
    sha256 = models.CharField(max_length=64, db_comment="hex")
    size = models.PositiveBigIntegerField(db_comment="bytes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "name"], name="each_file_once")]

    def __str__(self) -> str:
        return self.name


class EvidenceStamp(AppendOnly):
    """What a timestamp authority said about a seal."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="stamps")
    authority = models.CharField(max_length=300, db_comment="name on its certificate")
    url = models.CharField(max_length=300, db_comment="where it was asked")
    token = models.BinaryField(db_comment="RFC 3161 answer, DER")
    certificates = models.BinaryField(db_comment="PEM by which it was believed")
    stamped_at = models.DateTimeField(db_comment="its time, UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "url"], name="each_authority_once")]

    def __str__(self) -> str:
        return self.authority


class Exhibit(Paper):
    """A paper about a piece of evidence."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="exhibits")
    kind = models.CharField(max_length=10, db_comment="exhibit, or a paper of an export: cn, us, eu")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "kind", "language"], name="each_paper_made_once"),
            models.UniqueConstraint(fields=["evidence", "name"], name="each_paper_named_once"),
        ]


class ExportApproval(AppendOnly):
    """That an authority approved that evidence goes to a court or an authority abroad."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="approvals")
    country = models.CharField(max_length=2, db_comment="where it may go, ISO 3166-1 alpha-2")
    recipient = models.CharField(max_length=200, db_comment="court or authority that it is for")
    authority = models.CharField(max_length=200, db_comment="who approved")
    reference = models.CharField(max_length=100, db_comment="number of the approval")
    approved_on = models.DateField()
    valid_until = models.DateField(null=True, db_comment="last day, when it names one")
    recorded_by = models.CharField(max_length=60, db_comment="usr_…")
    recorded_at = models.DateTimeField(default=now, db_comment="UTC")

    def __str__(self) -> str:
        return self.reference


class ExportRecord(AppendOnly):
    """That evidence left for a court or an authority: where to, how many persons' data, by which approval."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="exports")
    country = models.CharField(max_length=2, db_comment="ISO 3166-1 alpha-2")
    recipient = models.CharField(max_length=200, blank=True, default="")
    gated = models.BooleanField(db_comment="data in China or of persons there went abroad")
    persons = models.PositiveIntegerField(default=0, db_comment="persons in China whose data it holds")
    sensitive = models.PositiveIntegerField(default=0, db_comment="those of them whose sensitive data it holds")
    approval = models.ForeignKey(ExportApproval, models.PROTECT, null=True, related_name="+")
    exported_by = models.CharField(max_length=60, db_comment="usr_…")
    exported_at = models.DateTimeField(default=now, db_comment="UTC")

    class Meta:
        indexes = [models.Index(fields=["organisation", "gated", "exported_at"], name="exports_of_a_year")]

    def __str__(self) -> str:
        return f"{self.evidence_id}:{self.country}"


class CustodyEvent(AppendOnly):
    """One thing that happened to a piece of evidence, hanging on the one before by hash."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody")
    seq = models.PositiveIntegerField(db_comment="place, from 1")
    line = models.TextField(db_comment="the canonical line, with the hash of the line before")
    digest = models.CharField(max_length=64, db_comment="SHA-256 of the line, hex")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "seq"], name="each_place_of_custody_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id}:{self.seq}"

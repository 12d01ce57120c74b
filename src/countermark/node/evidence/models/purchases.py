"""Test purchases: where each stands, the chain of what was done, and the files that lie in the store."""

from django.db import models

from countermark.node.evidence.models.papers import Paper
from countermark.node.evidence.models.retained import Retained
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now


class Purchase(Retained):
    """One thing that was bought to see what it is.

    Who did what stands in its lines, and the words of each act in a file: retention deletes the words, the lines stay.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="prc_…, in addresses")
    listing_id = models.CharField(max_length=ID_LENGTH, db_comment="lst_… that it was ordered from")
    stage = models.CharField(max_length=12, db_comment="purchases.acts.Stage, computed from the lines")
    opinion = models.CharField(max_length=12, blank=True, default="", db_comment="of the last expert who stands")
    made_at = models.DateTimeField(default=now, db_comment="UTC")
    changed_at = models.DateTimeField(default=now, db_comment="when the last act was recorded, UTC")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "listing_id", "-id"], name="purchases_of_listing"),
            models.Index(fields=["organisation", "stage", "-id"], name="purchases_by_stage"),
        ]

    def __str__(self) -> str:
        return self.public_id


class PurchaseLine(AppendOnly):
    """One thing that happened to a purchase, hanging on the one before by hash."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="custody")
    seq = models.PositiveIntegerField(db_comment="place, from 1")
    line = models.TextField(db_comment="the canonical line, with the hash of the line before and of each file")
    digest = models.CharField(max_length=64, db_comment="SHA-256 of the line, hex")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purchase", "seq"], name="each_place_of_a_purchase_once")]

    def __str__(self) -> str:
        return f"{self.purchase_id}:{self.seq}"


class PurchaseFile(AppendOnly):
    """One file of a purchase: the words of an act, a film, a photograph, a paper. Its bytes lie in the store."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="files")
    seq = models.PositiveIntegerField(db_comment="line that names it")
    name = models.CharField(max_length=200, db_comment="below data/ in a bag")
    sha256 = models.CharField(max_length=64, db_comment="hex")
    size = models.PositiveBigIntegerField(db_comment="bytes")
    media_type = models.CharField(max_length=60, db_comment="as the bytes say, not as anyone claimed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purchase", "name"], name="each_file_of_a_purchase_once")]

    def __str__(self) -> str:
        return self.name


class PurchaseStamp(AppendOnly):
    """What a timestamp authority said about one line, and so about everything before it."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="stamps")
    seq = models.PositiveIntegerField(db_comment="line that was stamped")
    authority = models.CharField(max_length=300, db_comment="name on its certificate")
    url = models.CharField(max_length=300, db_comment="where it was asked")
    token = models.BinaryField(db_comment="RFC 3161 answer, DER")
    certificates = models.BinaryField(db_comment="PEM by which it was believed")
    stamped_at = models.DateTimeField(db_comment="its time, UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purchase", "seq", "url"], name="each_line_stamped_once")]

    def __str__(self) -> str:
        return self.authority


class PurchaseExhibit(Paper):
    """A paper about a purchase as it stood at one line."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="exhibits")
    seq = models.PositiveIntegerField(db_comment="line of the last act that it shows")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase", "seq", "language"], name="each_paper_of_an_act_made_once"),
            models.UniqueConstraint(fields=["purchase", "name"], name="each_paper_of_a_purchase_named_once"),
        ]


class DeletionReceipt(AppendOnly):
    """What was deleted, when, and by which rule; written when the files are gone."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    subject = models.CharField(
        max_length=64, db_comment="evd_…, prc_…, pcd_…, ntc_…, bat_…, msr_…, or the id of an entry"
    )
    text = models.TextField(db_comment="receipts.Receipt as canonical JSON; no personal data")
    sha256 = models.CharField(max_length=64, db_comment="of the text, hex")
    at = models.DateTimeField(db_comment="UTC")

    class Meta:
        # Two organisations of one node may each have had their copy of the same notice.
        constraints = [models.UniqueConstraint(fields=["organisation", "subject"], name="each_deletion_once")]

    def __str__(self) -> str:
        return self.subject

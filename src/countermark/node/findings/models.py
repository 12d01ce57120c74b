"""Tables of the scans and of what they found."""

from django.db import models

from countermark.model import Kind, Level
from countermark.node.findings.states import FindingState, ScanState
from countermark.node.kernel.claims import Claimable
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

HASH_LENGTH = 64


class Market(models.Model):
    """What was learnt of prices and repeated offers from the listings held at one moment; never changed afterwards."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    learnt_at = models.DateTimeField(default=now)
    listings_held = models.PositiveIntegerField(db_comment="how many there were, of which the newest were read")
    is_empty = models.BooleanField(db_comment="too few offers to say anything; scans then use no table")
    digest = models.CharField(max_length=HASH_LENGTH, db_comment="SHA-256 of what was learnt, hex")
    table = models.BinaryField(db_comment="the market table as JSON; shops and titles as hashes only")

    def __str__(self) -> str:
        return self.digest


class Snapshot(models.Model):
    """The reference side of a scan, kept byte for byte, so that a part, a resume or a court can compute it again.

    Named by its two hashes: scans with the same rights and the same policy share one row.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    reference_hash = models.CharField(
        max_length=HASH_LENGTH, db_comment="SHA-256 of the portfolio and what is beside it, hex"
    )
    policy_hash = models.CharField(max_length=HASH_LENGTH, db_comment="SHA-256 of the policy file, hex")
    portfolio = models.BinaryField(db_comment="the portfolio as canonical JSON")
    policy = models.BinaryField(db_comment="the policy file, byte for byte")
    beside = models.BinaryField(default=b"", db_comment="choices, rates, network, as canonical JSON; empty = none")
    market = models.ForeignKey(Market, models.PROTECT, null=True, related_name="+", db_comment="null = no table")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference_hash", "policy_hash"], name="one_snapshot_of_the_same_references"
            )
        ]

    def __str__(self) -> str:
        return self.reference_hash


class Scan(models.Model):
    """One look at many listings with one state of the references; split into parts that workers claim."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="scn_…, in addresses")
    state = models.CharField(
        max_length=12, default=ScanState.QUEUED.value, choices=[(s.value, s.value) for s in ScanState]
    )
    requested_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    scope_marketplace = models.CharField(max_length=200, blank=True, default="")
    scope_import = models.ForeignKey("listings.Import", models.PROTECT, null=True, related_name="+")
    scope_right = models.ForeignKey(
        "rights.Right", models.PROTECT, null=True, related_name="+", db_comment="set: a look-back for this right"
    )
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=40)
    listings_total = models.PositiveIntegerField(null=True, db_comment="null until counted")
    listings_done = models.PositiveIntegerField(default=0)
    findings_made = models.PositiveIntegerField(default=0)
    findings_lapsed = models.PositiveIntegerField(default=0)
    pictures_unreadable = models.PositiveIntegerField(default=0, db_comment="named by its listings, not usable")
    parts_total = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True, default="", db_comment="why it failed")

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="scans_newest_first")]

    def __str__(self) -> str:
        return self.public_id


class ScanPart(Claimable):
    """A contiguous run of listings of one scan: what one worker computes and commits at once.

    Part 0 is the preparation: it counts the listings and makes the other parts.
    """

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    first_row = models.BigIntegerField(default=0, db_comment="first listing, by row number, included")
    last_row = models.BigIntegerField(default=0, db_comment="last listing, included")
    listings = models.PositiveIntegerField(default=0, db_comment="how many of the scope it held when counted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "number"], name="one_part_of_each_number")]
        indexes = [models.Index(fields=["state", "scan", "number"], name="parts_waiting_for_a_worker")]

    def __str__(self) -> str:
        return f"{self.scan_id}/{self.number}"


class PictureFingerprint(models.Model):
    """What a kept picture is recognised by, so that a look-back need not decode it again.

    Of a picture, not of a listing: a look-back comes to it through the listings that show it, so one that was deleted
    is never found, and a picture that was deleted takes its fingerprint along.
    """

    capture = models.OneToOneField("evidence.Capture", models.CASCADE, primary_key=True, related_name="+")
    algorithm = models.CharField(max_length=20, db_comment="name and version; of another version = not there")
    hashes = models.BinaryField(db_comment="32 bytes each: the whole, then inside its borders; empty = too plain")

    def __str__(self) -> str:
        return f"{self.algorithm} of {self.pk}"


class UnusablePicture(models.Model):
    """A picture of a listing that the last scan to look at it could not use: what it lacks, why, what mends it.

    One row a picture. The next scan that looks at the listing writes it anew or takes it away, never an older one; a
    listing that comes in again with other pictures takes it along.
    """

    class Lack(models.TextChoices):
        NEVER_CAME = "never_came"
        LOST = "lost"
        REFUSED = "refused"

    picture = models.OneToOneField("listings.ListingPicture", models.CASCADE, primary_key=True, related_name="+")
    scan = models.ForeignKey(Scan, models.CASCADE, related_name="unusable_pictures")
    lack = models.CharField(max_length=10, choices=Lack.choices)
    why = models.CharField(max_length=500, db_comment="one sentence; may quote the name of a file")
    mend = models.CharField(max_length=500, blank=True, default="", db_comment="of a refused one: the reader's words")

    def __str__(self) -> str:
        return f"{self.lack} {self.pk}"


class Finding(models.Model):
    """A finding of the engine, and where it stands. The `record` is the truth; the other columns order and filter it.

    At most one finding of a listing and a house is current; earlier ones stay, and say what took their place.
    """

    # No index of its own where a compound one below begins with the column, or where nothing is looked up by it.
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    core_id = models.CharField(max_length=ID_LENGTH, db_comment="fnd_…, derived from what it was computed from")
    listing = models.ForeignKey("listings.Listing", models.PROTECT, related_name="+")
    right = models.ForeignKey("rights.Right", models.SET_NULL, null=True, related_name="+")
    seller_core_id = models.CharField(max_length=ID_LENGTH, db_comment="slr_…")
    brand = models.CharField(max_length=200)
    marketplace = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in Kind])
    level = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Level])
    risk = models.FloatField()
    expected_harm = models.FloatField(db_comment="harm points; the queue is ordered by it")
    content_hash = models.CharField(
        max_length=HASH_LENGTH, db_comment="of the listing it was made from, as in listings"
    )
    state = models.CharField(
        max_length=12, default=FindingState.OPEN.value, choices=[(s.value, s.value) for s in FindingState]
    )
    current = models.BooleanField(default=True, db_comment="the newest of its listing and house")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes", db_index=False)
    found_at = models.DateTimeField(default=now)
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="+")
    last_scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="+", db_index=False)
    last_reviewer = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+", db_index=False)
    record = models.TextField(db_comment="the core finding as canonical JSON")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "core_id"], name="each_finding_once"),
            models.UniqueConstraint(
                fields=["listing", "brand"], condition=models.Q(current=True), name="one_current_finding_of_a_house"
            ),
        ]
        indexes = [
            # Each starts with what is fixed on a page and ends in the order of the queue, so that a page reads
            # fifty rows however many wait.
            models.Index(fields=["organisation", "state", "-expected_harm", "id"], name="findings_queue"),
            models.Index(
                fields=["organisation", "state", "level", "-expected_harm", "id"], name="findings_queue_by_level"
            ),
            models.Index(
                fields=["organisation", "state", "brand", "-expected_harm", "id"], name="findings_queue_by_brand"
            ),
            models.Index(
                fields=["organisation", "state", "marketplace", "-expected_harm", "id"], name="findings_queue_by_market"
            ),
            models.Index(fields=["organisation", "seller_core_id", "-expected_harm", "id"], name="findings_of_a_shop"),
            models.Index(
                fields=["organisation", "-expected_harm", "id"],
                condition=models.Q(current=True),
                name="findings_current",
            ),
        ]

    def __str__(self) -> str:
        return self.core_id

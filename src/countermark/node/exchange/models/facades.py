"""What other tools read: one shelf for each agreement, what stands on it, and the tokens that open it."""

from django.db import models

from countermark.node.exchange.models.agreements import Agreement
from countermark.node.exchange.models.feeds import FeedEntry
from countermark.node.kernel.time import now

#: Longest STIX id: type, two dashes, 36 characters.
_STIX_ID = 100


class Shelf(models.Model):
    """The head of what other tools read of one agreement: both feeds in one order, without gaps."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="shelf")
    public_id = models.UUIDField(unique=True, db_comment="id of the TAXII collection")
    place = models.BigIntegerField(default=0, db_comment="place of the last object")
    added_at = models.DateTimeField(default=now, db_comment="moment of the last object; the next one is later")
    ours_seq = models.BigIntegerField(default=0, db_comment="entries of our feed that were taken in")
    theirs_seq = models.BigIntegerField(default=0, db_comment="entries of the partner's feed that were taken in")

    def __str__(self) -> str:
        return f"shelf of {self.agreement_id}"


class Placed(models.Model):
    """One version of one object, in its place. It holds no content: that is read from the entry each time."""

    shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="placed", db_index=False)
    place = models.BigIntegerField()
    added_at = models.DateTimeField(db_comment="later than that of the place before, by a microsecond at least")
    key = models.CharField(max_length=130, db_comment="what its versions have in common")
    stix_id = models.CharField(max_length=_STIX_ID)
    type = models.CharField(max_length=40, db_comment="STIX type, the first part of the id")
    created = models.DateTimeField(db_comment="of its first version")
    version = models.DateTimeField(db_comment="when it was changed last, as STIX has it")
    first = models.BooleanField(default=True)
    newest = models.BooleanField(default=True)
    revoked = models.BooleanField(default=False)
    about = models.CharField(max_length=_STIX_ID, blank=True, default="", db_comment="object that it speaks of")
    block = models.BigIntegerField(default=0, db_comment="MISP event that it belongs to, by its first version")
    cause = models.ForeignKey(FeedEntry, models.PROTECT, null=True, related_name="+", db_comment="entry that made it")
    content = models.ForeignKey(FeedEntry, models.PROTECT, null=True, related_name="+", db_comment="that has its words")
    state = models.JSONField(default=dict, db_comment="of a case: how it stands, without free text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shelf", "place"], name="each_shelf_place_once")]
        indexes = [
            models.Index(fields=["shelf", "newest", "place"], name="placed_newest"),
            models.Index(fields=["shelf", "added_at"], name="placed_by_moment"),
            models.Index(fields=["shelf", "key", "place"], name="placed_by_key"),
            models.Index(fields=["shelf", "stix_id", "place"], name="placed_by_id"),
            models.Index(fields=["shelf", "block", "place"], name="placed_by_block"),
        ]

    def __str__(self) -> str:
        return f"{self.stix_id} at {self.place}"


class ReadToken(models.Model):
    """A tool's key to read what was exchanged. The key itself is shown once and kept by nobody here."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    owner = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="reads with this role")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="+", db_comment="null = all")
    name = models.CharField(max_length=80, db_comment="which tool, for people")
    digest = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of the token")
    personal = models.BooleanField(default=False, db_comment="personal data too, where the owner may see them")
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, db_comment="last request")
    minute = models.DateTimeField(null=True, db_comment="minute that is counted")
    minute_reads = models.PositiveIntegerField(default=0, db_comment="requests in that minute")

    def __str__(self) -> str:
        return f"token {self.pk}"


class ReadHour(models.Model):
    """What one token read of one shelf in one hour; written to the trail once the hour is over."""

    token = models.ForeignKey(ReadToken, models.PROTECT, related_name="hours")
    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="+")
    facade = models.CharField(max_length=10, db_comment="taxii, misp or csv")
    hour = models.DateTimeField()
    reads = models.PositiveIntegerField(default=0)
    objects_read = models.PositiveIntegerField(default=0)
    noted = models.BooleanField(default=False, db_comment="stands in the trail")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "shelf", "facade", "hour"], name="each_read_hour_once")]
        indexes = [models.Index(fields=["noted", "hour"], name="read_hours_to_note")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.facade} {self.hour}"

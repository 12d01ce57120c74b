"""Feeds: what each side of an agreement said, in order, byte for byte, and what became of it here."""

from django.db import models

from countermark.node.exchange.models.agreements import PARTY_LENGTH, Agreement
from countermark.node.exchange.states import FeedState
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.claims import Claimable
from countermark.node.kernel.time import now
from countermark.proof.entries import NOTHING_BEFORE


class Feed(models.Model):
    """The head of one feed: ours, or the partner's as far as we have it. Entries below it are never changed."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="feeds")
    name = models.CharField(max_length=120, db_comment="agreement and publisher, the same on both nodes")
    publisher = models.CharField(max_length=PARTY_LENGTH)
    ours = models.BooleanField(db_comment="whether we publish it")
    seq = models.BigIntegerField(default=0, db_comment="place of the last entry")
    digest = models.CharField(max_length=64, default=NOTHING_BEFORE, db_comment="what the next entry names as prev")
    version = models.PositiveIntegerField(default=0, db_comment="version of the agreement that its last entry names")
    state = models.CharField(max_length=8, choices=FeedState.choices, default=FeedState.OPEN)
    reason = models.CharField(max_length=40, blank=True, default="", db_comment="why it is frozen, a code")
    changed_at = models.DateTimeField(null=True, db_comment="when its last entry was recorded, or it was frozen")
    keys_entry = models.CharField(
        max_length=64, blank=True, default="", db_comment="id of its last entry that changes keys; empty for none"
    )
    thaw_by = models.CharField(
        max_length=60, blank=True, default="", db_comment="usr_… who proposed that it goes on; empty for nobody"
    )
    thaw_reason = models.CharField(max_length=40, blank=True, default="", db_comment="what that person found, a code")
    thaw_at = models.DateTimeField(null=True)
    tree_size = models.BigIntegerField(default=0, db_comment="entries whose ids stand in the feed's own tree")
    logged_seq = models.BigIntegerField(default=0, db_comment="entries that stand in our log; ours only")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="each_feed_once")]

    def __str__(self) -> str:
        return self.name


class FeedEntry(AppendOnly):
    """One signed entry, stored as it was signed. The columns beside the token repeat what it says, to be searched."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="entries", db_index=False)
    seq = models.BigIntegerField()
    token = models.TextField(db_comment="compact JWS, byte for byte")
    entry_id = models.CharField(max_length=64, db_comment="SHA-256 over header and payload bytes")
    digest = models.CharField(max_length=64, db_comment="SHA-256 over the signing input")
    leaf_salt = models.BinaryField(max_length=32, db_comment="salt of its leaf in the publisher's log")
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    data_class = models.CharField(max_length=16)
    happened_at = models.DateTimeField(db_comment="time that the author gives")
    recorded_at = models.DateTimeField(default=now, db_comment="time at which it was stored here")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "seq"], name="each_place_once"),
            models.UniqueConstraint(fields=["feed", "entry_id"], name="each_entry_once"),
        ]
        indexes = [
            models.Index(fields=["feed", "type", "seq"], name="entries_of_a_type"),
            models.Index(fields=["subject", "id"], name="entries_on_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} at {self.seq}"


class Beside(models.Model):
    """Bytes behind a commitment, with their salt. The one part of an entry that is deleted, at the end of retention."""

    entry = models.OneToOneField(FeedEntry, models.PROTECT, related_name="beside")
    data = models.BinaryField(db_comment="personal data")
    salt = models.BinaryField(max_length=32)
    media_type = models.CharField(max_length=121)
    retain_until = models.DateField(null=True, db_index=True)
    held = models.BooleanField(default=False, db_comment="a legal hold keeps it beyond its date")

    def __str__(self) -> str:
        return f"beside {self.entry_id}"


class Deletion(AppendOnly):
    """That bytes beside an entry were deleted, when and why; the proof that retention is kept."""

    entry = models.OneToOneField(FeedEntry, models.PROTECT, related_name="deletion")
    at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=40, db_comment="retention, ended, request")

    def __str__(self) -> str:
        return f"deleted beside {self.entry_id}"


class Submission(AppendOnly):
    """A key that makes one append out of many tries: the same act sent twice gives the same entry."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    entry = models.OneToOneField(FeedEntry, models.PROTECT, related_name="submission")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="each_act_once")]

    def __str__(self) -> str:
        return self.key


class Inbound(Claimable):
    """Whether an entry of a partner has been applied here. Stored first, applied later, in order of its subject."""

    entry = models.OneToOneField(FeedEntry, models.PROTECT, related_name="inbound")
    subject = models.CharField(max_length=120, db_comment="of the entry: later ones on it wait for earlier ones")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True, default="", db_comment="why it could not be applied")

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="inbound_to_apply"),
            models.Index(fields=["organisation", "subject", "state", "id"], name="inbound_on_a_subject"),
        ]

    def __str__(self) -> str:
        return f"inbound {self.entry_id} {self.state}"


class Refusal(AppendOnly):
    """Something a partner sent that was not accepted, and why."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="refusals")
    feed = models.CharField(max_length=120)
    seq = models.BigIntegerField(db_comment="place that was expected")
    code = models.CharField(max_length=40, db_comment="a reason of docs/reference/proof.md")
    detail = models.CharField(max_length=300, blank=True, default="")
    token = models.TextField(blank=True, default="", db_comment="what was sent, at most 128 KiB")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["agreement", "-id"], name="refusals_newest_first")]

    def __str__(self) -> str:
        return f"{self.code} at {self.seq} of {self.feed}"


class Contradiction(AppendOnly):
    """Two signed statements for one place: a proof of fault that a third party can check."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="contradictions")
    what = models.CharField(max_length=10, db_comment="entry or checkpoint")
    place = models.CharField(max_length=200, db_comment="feed and place, or log and size")
    first = models.TextField()
    second = models.TextField()
    digest = models.CharField(max_length=64, db_comment="SHA-256 over both texts in order, so that it is kept once")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "digest"], name="each_contradiction_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.place}"

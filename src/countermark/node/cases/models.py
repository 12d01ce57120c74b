"""Tables of joint cases. All follow from the entries of both feeds; none holds a text that has to be deleted."""

from django.db import models

from countermark.node.cases.states import AttachedKind, CaseState
from countermark.node.exchange.models.agreements import PARTY_LENGTH
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

_ENTRY = "exchange.FeedEntry"
#: `party/pseudonym` or `party/role`.
ADDRESS_LENGTH = 80


class PseudonymKey(models.Model):
    """From which the pseudonyms of one agreement are made; never leaves this node."""

    agreement = models.OneToOneField("exchange.Agreement", models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"pseudonyms of {self.agreement_id}"


class Case(models.Model):
    """A joint case as it stands: folded from its events, and folded anew with each."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="cases")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="cas_…, the same on both nodes")
    opened_by = models.CharField(max_length=PARTY_LENGTH, db_comment="party that opened it")
    purpose = models.CharField(max_length=80, db_comment="of the agreement")
    territories = models.JSONField(default=list, db_comment="countries it concerns")
    titled = models.ForeignKey(_ENTRY, models.PROTECT, related_name="+", db_comment="entry that says its title now")
    state = models.CharField(max_length=6, choices=CaseState.choices, default=CaseState.OPEN)
    outcome = models.CharField(max_length=40, blank=True, default="")
    assigned_to = models.CharField(max_length=ADDRESS_LENGTH, blank=True, default="", db_comment="empty = nobody")
    assignee = models.ForeignKey("parties.User", models.SET_NULL, null=True, related_name="+", db_comment="if ours")
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_comment="when its last event happened")
    last_party = models.CharField(max_length=PARTY_LENGTH, db_comment="who acted last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "public_id"], name="each_case_once")]
        indexes = [
            models.Index(fields=["organisation", "state", "-changed_at"], name="cases_by_change"),
            models.Index(fields=["organisation", "state", "due_on"], name="cases_by_due_day"),
        ]

    def __str__(self) -> str:
        return self.public_id


class CaseEvent(AppendOnly):
    """One entry of either side about a case. Its words stay with the entry, so that deleting them there is enough."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    entry = models.OneToOneField(_ENTRY, models.PROTECT, related_name="case_event")
    entry_hash = models.CharField(max_length=64, db_comment="id of the entry, the same on both nodes")
    type = models.CharField(max_length=80)
    party = models.CharField(max_length=PARTY_LENGTH)
    feed = models.CharField(max_length=120)
    seq = models.BigIntegerField()
    author = models.CharField(max_length=40, blank=True, default="", db_comment="pseudonym under the agreement")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    assigned_to = models.CharField(max_length=ADDRESS_LENGTH, blank=True, default="")
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=40, blank=True, default="")
    items = models.JSONField(default=list, db_comment="what it attaches or detaches: [kind, id] each")
    corrects = models.CharField(max_length=64, blank=True, default="", db_comment="id of the entry it corrects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "entry_hash"], name="each_event_once_in_a_case")]
        indexes = [models.Index(fields=["case", "happened_at", "feed", "seq"], name="history_of_a_case")]

    def __str__(self) -> str:
        return f"{self.type} of {self.case_id}"


class Mention(models.Model):
    """Someone of our side was asked to look: a person, a role, or the whole side."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="mentions")
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="mentions")
    user = models.ForeignKey("parties.User", models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True, default="", db_comment="empty, and no person: everyone")

    def __str__(self) -> str:
        return f"mention in {self.case_id}"


class Attachment(models.Model):
    """Something attached to a case, or once attached."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=8, choices=AttachedKind.choices)
    ref = models.CharField(max_length=ID_LENGTH, db_comment="lst_…, fnd_… or fil_…")
    party = models.CharField(max_length=PARTY_LENGTH, db_comment="who attached it last")
    attached = models.BooleanField(default=True)
    entry = models.ForeignKey(_ENTRY, models.PROTECT, related_name="+", db_comment="that attached it last")
    content = models.ForeignKey(_ENTRY, models.PROTECT, null=True, related_name="+", db_comment="beside it: the bytes")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_comment="of a file")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "ref"], name="each_thing_attached_once")]

    def __str__(self) -> str:
        return f"{self.ref} in {self.case_id}"


class ToldSeal(AppendOnly):
    """That one side told the other of a seal: hash and times, nothing of what was sealed."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    ours = models.BooleanField(db_comment="whether we told it")
    evidence = models.CharField(max_length=ID_LENGTH, db_comment="evd_… or prc_…, as its owner says")
    seal = models.CharField(max_length=64, db_comment="SHA-256 of the seal, or of the line of an act, hex")
    sealed_at = models.DateTimeField(null=True, db_comment="as its owner says, UTC")
    stamped_at = models.DateTimeField(null=True, db_comment="as an authority said to its owner, UTC")
    authority = models.CharField(max_length=300, blank=True, default="")
    entry = models.OneToOneField(_ENTRY, models.PROTECT, related_name="told_seal")
    told_at = models.DateTimeField(db_comment="when it was said, UTC")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ours", "evidence", "seal"], name="each_seal_told_once")
        ]
        indexes = [models.Index(fields=["organisation", "ours", "-id"], name="told_seals_newest_first")]

    def __str__(self) -> str:
        return self.evidence


class SharedItem(models.Model):
    """A listing or finding that one side gave to the other under an agreement; its fields stay with the entry."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="shared_items")
    ours = models.BooleanField(db_comment="whether we gave it")
    kind = models.CharField(max_length=8, choices=AttachedKind.choices)
    ref = models.CharField(max_length=ID_LENGTH, db_comment="lst_… or fnd_…, as its owner says")
    entry = models.ForeignKey(_ENTRY, models.PROTECT, related_name="+", db_comment="the last that gave it")
    said_hash = models.CharField(max_length=64, db_comment="SHA-256 of what was said last: the same is not said twice")
    times = models.PositiveIntegerField(default=0, db_comment="how often it was withdrawn")
    shared_at = models.DateTimeField(db_comment="when it was given last, as its owner says")
    withdrawn_at = models.DateTimeField(null=True, db_comment="since when it counts no more")
    withdrawn_why = models.CharField(max_length=40, blank=True, default="")
    listing = models.ForeignKey(
        "listings.Listing", models.SET_NULL, null=True, related_name="+", db_comment="that we hold of it"
    )
    brought_listing = models.BooleanField(default=False, db_comment="we hold that listing because of this")
    forgotten_at = models.DateTimeField(
        null=True, db_comment="when that listing lost what it said: its bytes were deleted"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ours", "kind", "ref"], name="each_item_shared_once")
        ]
        indexes = [models.Index(fields=["organisation", "ours", "kind", "-id"], name="shared_items_newest_first")]

    def __str__(self) -> str:
        return self.ref


class StagedFile(models.Model):
    """A file between choosing it and confirming that it may leave; forgotten after a day."""

    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    user = models.ForeignKey("parties.User", models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="fil_…")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return self.public_id

"""Tables of channels: the ways that are open, what is to go through them, and what the other side said of it."""

from django.db import models

from countermark.node.channels.letters import Cargo
from countermark.node.channels.statuses import Status
from countermark.node.kernel.append_only import AppendOnly, WrittenOnce
from countermark.node.kernel.claims import Claimable
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now


class Channel(Claimable):
    """A way to somebody who has no node. A worker claims it to send; holds no secret."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="chn_…")
    connector = models.CharField(max_length=20, db_comment="name of its folder")
    name = models.CharField(max_length=120)
    marketplace = models.CharField(max_length=200, db_comment="the other side, as listings name it")
    platform = models.CharField(
        max_length=20, blank=True, default="", db_comment="whose programme the other side follows; empty = the law"
    )
    details = models.JSONField(default=dict, db_comment="what people wrote when it was opened; no secret")
    made_by = models.CharField(max_length=60, db_comment="usr_…")
    made_at = models.DateTimeField(default=now)
    approved_by = models.CharField(max_length=60, blank=True, default="", db_comment="usr_… who approved the address")
    approved_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=60, blank=True, default="", db_comment="usr_…; empty when it runs")
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, db_comment="in a row")
    next_try = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True, default="", db_comment="code of the last failure")
    detail = models.CharField(max_length=300, blank=True, default="", db_comment="the last failure in words")
    mend = models.CharField(max_length=300, blank=True, default="")
    last_sent_at = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(null=True, db_comment="when a worker last had it: they take turns")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="each_channel_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Dispatch(models.Model):
    """One message on its way: the outbox. Written in the transaction of the act that it speaks of."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "waits"
        UNSURE = "unsure", "under way"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        DROPPED = "dropped", "given up"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="dispatches")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="dsp_…")
    cargo = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Cargo])
    subject = models.CharField(max_length=ID_LENGTH, db_comment="ntc_…")
    key = models.CharField(max_length=120, db_comment="one message out of many tries")
    reference = models.CharField(max_length=120, db_comment="what the other side knows it by; made before any try")
    body = models.TextField(db_comment="as it goes; may hold personal data of the sender")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    batch = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_comment="went in one call with others")
    began_at = models.DateTimeField(null=True, db_comment="the call began; its answer is not known yet")
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    their_id = models.CharField(max_length=200, blank=True, default="", db_comment="id at the other side")
    status = models.CharField(max_length=30, blank=True, default="", choices=[(s.value, s.value) for s in Status])
    raw_status = models.CharField(max_length=200, blank=True, default="", db_comment="the other side's own word")
    status_at = models.DateTimeField(null=True)
    next_look = models.DateTimeField(null=True, db_comment="when to ask how it stands; null = never again")
    looks = models.PositiveIntegerField(default=0, db_comment="times it was asked without news")
    reports = models.PositiveIntegerField(default=0, db_comment="number of the newest report")
    taken = models.PositiveIntegerField(default=0, db_comment="newest report that the room of the subject took")
    problem = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=1000, blank=True, default="")
    mend = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="each_dispatch_once"),
            models.UniqueConstraint(fields=["channel", "reference"], name="each_dispatch_reference_once"),
        ]
        indexes = [
            models.Index(fields=["channel", "state", "id"], name="dispatches_by_state"),
            models.Index(fields=["subject"], name="dispatches_of_a_subject"),
            models.Index(fields=["state", "next_look"], name="dispatches_to_look_at"),
            models.Index(
                fields=["id"],
                condition=models.Q(cargo=Cargo.NOTICE, reports__gt=models.F("taken")),
                name="dispatches_with_news",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Enclosure(WrittenOnce):
    """A paper that goes along with a message, and ends with it."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="enclosures")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.sha256


class Report(AppendOnly):
    """What the other side said of a message, each time that it changed. Never changed here."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="told")
    number = models.PositiveIntegerField(db_comment="1, 2, 3 … within the dispatch")
    raw = models.CharField(max_length=200, db_comment="the other side's own word")
    status = models.CharField(max_length=30, choices=[(s.value, s.value) for s in Status])
    detail = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "number"], name="reports_in_order")]

    def __str__(self) -> str:
        return f"{self.dispatch_id}/{self.number} {self.raw}"

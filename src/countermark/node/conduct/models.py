"""Tables of conduct: measures and what was done with them. Nothing here is ever rewritten, and no counter is kept.

What a person answered lies beside the act and goes when its time is over (`forgetting_answers`). What a marketplace
told us, and what we answered, is a copy of signed entries for our screens: the entries stay, the copies go when their
time is over (`forgetting`).
"""

from django.db import models
from django.db.models import F, Q

from countermark.node.conduct.misuse import Track
from countermark.node.conduct.states import ActKind, MeasureKind
from countermark.node.kernel.append_only import AppendOnly, WrittenOnce
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

SUBJECT = 60


class Measure(AppendOnly):
    """One measure as it was decided or proposed: against whom, why, until when. It cannot be stored without an end."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="msr_…")
    track = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Track])
    subject = models.CharField(max_length=SUBJECT, db_comment="slr_… of a seller, name of the agreement of a filer")
    kind = models.CharField(max_length=14, choices=[(one.value, one.value) for one in MeasureKind])
    notice = models.ForeignKey(
        "notices.Notice", models.PROTECT, null=True, related_name="+", db_comment="whose link tells the seller"
    )
    reasons = models.TextField(db_comment="as the person is told them")
    detail = models.CharField(max_length=200, blank=True, default="", db_comment="what exactly: how many listings, …")
    factors = models.JSONField(db_comment="the four factors, with their numbers, as they were when it was decided")
    points = models.PositiveIntegerField(db_comment="of strikes, or cases, on that day")
    policy = models.CharField(max_length=64, db_comment="SHA-256 of the policy")
    made_on = models.DateField()
    ends_on = models.DateField(db_comment="last day on which it holds")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="who decided or proposed it")
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("made_on")), name="a_measure_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_measure_has_reasons"),
        ]
        indexes = [models.Index(fields=["organisation", "subject", "id"], name="measures_of_a_subject")]

    def __str__(self) -> str:
        return self.public_id


class Act(AppendOnly):
    """One thing done with a measure. Who did it stands here; what a person answered lies beside it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField(db_comment="1, 2, 3 … within the measure")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ActKind])
    by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+", db_comment="null: the person")
    words = models.TextField(blank=True, default="", db_comment="reasons of the marketplace")
    facts = models.JSONField(default=dict, db_comment="how it was told, when, receipt")
    matter = models.TextField(db_comment="law.Matter under eu-misuse after it, as JSON; pins the version")
    answer_by = models.DateField(null=True, db_comment="last day of the complaint, as the law counts it")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "number"], name="acts_in_order")]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.number} {self.kind}"

    @property
    def said(self) -> str:
        """Its words: reasons, or what the person answered; empty where there are none, or their time is over."""
        answer: Appeal | None = getattr(self, "appeal", None) if self.kind == ActKind.APPEALED else None
        return answer.words if answer else self.words


class PayeeLink(AppendOnly):
    """A way in for one payee to the measures about its payments. Only its SHA-256 is kept."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to {self.measure_id}"


class Appeal(WrittenOnce):
    """What a person answered to a measure: personal data, kept here and nowhere else."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="appeal")
    words = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.act_id}"


class ToldMeasure(models.Model):
    """A measure about our own notices, as a marketplace told us of it; told again when it changes."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="msr_… of the marketplace")
    said = models.JSONField(db_comment="fields of the entry, as the agreement let them through")
    entry = models.CharField(max_length=64, db_comment="id of the entry that said it")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "entry"], name="each_telling_of_a_measure_once")]
        indexes = [models.Index(fields=["organisation", "public_id", "id"], name="told_measures_by_id")]

    def __str__(self) -> str:
        return self.public_id


class ToldAnswer(models.Model):
    """What we answered to such a measure."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="msr_… of the marketplace")
    words = models.TextField()
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    entry = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "entry"], name="each_measure_answered_once")]

    def __str__(self) -> str:
        return f"answer to {self.public_id}"

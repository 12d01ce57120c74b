"""Tables of proceedings: where each stands, and what happened, which is never rewritten.

The words of a step lie beside it and are deleted when the time of a proceeding is over; the step keeps their hash.
"""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

CODE = 40


class Proceeding(models.Model):
    """One proceeding as it stands; `matter` is computed from its steps, and kept so that a list is one question."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="pcd_…")
    regime = models.CharField(max_length=CODE)
    about = models.CharField(
        max_length=200, db_comment="parcel, domain, recordal: words of the organisation, no person"
    )
    right = models.CharField(max_length=ID_LENGTH + 6, blank=True, default="", db_comment="rgt_… that it rests on")
    matter = models.TextField(db_comment="law.Matter as JSON; pins the version of the regime")
    law_state = models.CharField(max_length=CODE)
    closed = models.BooleanField(default=False)
    due = models.DateField(null=True, db_comment="the next day that counts; empty where none runs")
    deleted_at = models.DateTimeField(null=True, db_comment="when its words were deleted; the steps stay")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="who opened it")
    made_at = models.DateTimeField(default=now)
    key = models.CharField(max_length=64, blank=True, default="", db_comment="of the form; makes one of many tries")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "by", "key"], condition=~models.Q(key=""), name="each_proceeding_opened_once"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "closed", "id"], name="proceedings_open"),
            models.Index(fields=["organisation", "due", "id"], name="proceedings_by_due_day"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Step(AppendOnly):
    """One thing that happened, or (`undoes`) that an earlier one was written by mistake."""

    proceeding = models.ForeignKey(Proceeding, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField(db_comment="1, 2, 3 … within the proceeding")
    undoes = models.PositiveIntegerField(null=True, db_comment="number of the step that is taken back")
    event = models.CharField(max_length=CODE, blank=True, default="")
    actor = models.CharField(max_length=CODE, blank=True, default="", db_comment="of the regime")
    rule = models.CharField(max_length=CODE, blank=True, default="")
    state = models.CharField(max_length=CODE, db_comment="state in law after it")
    digest = models.CharField(max_length=64, db_comment="SHA-256 of its words as `words.text_of` writes them, hex")
    version = models.CharField(max_length=64, db_comment="of the regime, hash")
    at = models.DateTimeField(db_comment="when it took effect")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="who wrote it down")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="proceeding_steps_in_order")]

    def __str__(self) -> str:
        return f"{self.proceeding_id}/{self.number} {self.event}"


class StepWords(models.Model):
    """The words of a step: what its hash stands for, with a salt, so that nobody finds a number by trying."""

    step = models.OneToOneField(Step, models.PROTECT, related_name="words")
    facts = models.JSONField(default=dict, db_comment="numbers and dates of papers, no personal data")
    note = models.CharField(max_length=1000, blank=True, default="")
    salt = models.CharField(max_length=43, db_comment="32 random bytes, base64url")

    def __str__(self) -> str:
        return f"words of {self.step_id}"

"""What is kept for a time and no longer: class, last day, legal hold, and when the files were deleted."""

from django.db import models


class Retention(models.TextChoices):
    """How long something is kept; `retaining.YEARS` has the years."""

    ROUTINE = "routine", "routine"
    CASE = "case", "for a case"


class Retained(models.Model):
    """A row whose files are deleted after its last day, unless somebody holds it."""

    retention = models.CharField(max_length=10, default=Retention.ROUTINE, choices=Retention.choices)
    retain_until = models.DateField(null=True, db_comment="last day, unless held")
    held = models.BooleanField(default=False, db_comment="legal hold: nothing is deleted")
    held_by = models.CharField(max_length=60, blank=True, default="", db_comment="usr_… who answers for the hold")
    held_for = models.CharField(max_length=200, blank=True, default="", db_comment="the case, never a person")
    review_on = models.DateField(null=True, db_comment="when somebody looks whether the hold is still needed")
    deleted_at = models.DateTimeField(null=True, db_comment="when the files were deleted; seal and custody stay")

    class Meta:
        abstract = True

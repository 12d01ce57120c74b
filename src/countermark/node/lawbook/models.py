"""Tables of the lawbook: only added to."""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.time import now


class KeptRegime(AppendOnly):
    """One version of a regime as bytes, so that a matter which pins it can be computed after the law has changed."""

    regime = models.CharField(max_length=40)
    version = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of what it says")
    data = models.BinaryField(db_comment="law.keep: the file and its ways of counting")
    kept_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.regime} {self.version[:12]}"


class RuleReview(AppendOnly):
    """A named person stands for one version of one rule, or no longer does."""

    class Act(models.TextChoices):
        """What was done."""

        SIGNED = "signed", "signed"
        TAKEN_BACK = "taken_back", "taken back"

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    rule = models.CharField(max_length=120, db_comment="regime/rule, or the id of a way of counting")
    version = models.CharField(max_length=64, db_comment="of the rule as it was read")
    act = models.CharField(max_length=10, choices=Act.choices)
    words = models.TextField(db_comment="what was read, or why it is taken back; no personal data")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, db_comment="as signed; personal data")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["organisation", "rule", "id"], name="reviews_of_a_rule")]

    def __str__(self) -> str:
        return f"{self.rule} {self.act}"

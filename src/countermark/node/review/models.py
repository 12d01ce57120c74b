"""Tables of what people decided, who holds what, and what was put aside."""

from django.db import models

from countermark.model import Level
from countermark.node.findings.states import FindingState
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.time import now
from countermark.node.review.verdicts import Verdict


class Decision(AppendOnly):
    """What one person said about one finding, and what the person saw. Never changed: undo is another row."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=30, unique=True, db_comment="dcs_…")
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="decisions")
    listing = models.ForeignKey("listings.Listing", models.PROTECT, related_name="+", db_index=False)
    brand = models.CharField(max_length=200, db_comment="with listing: what is decided about, across scans")
    verdict = models.CharField(max_length=16, choices=[(v.value, v.value) for v in Verdict])
    reason = models.CharField(max_length=40, blank=True, default="", db_comment="code of the reason")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    seconds = models.PositiveIntegerField(default=0, db_comment="time the item was in front of the person")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    state_before = models.CharField(max_length=12, choices=[(s.value, s.value) for s in FindingState])
    reviewer_before = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    level_seen = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Level])
    engine_version = models.CharField(max_length=40, db_comment="what the person saw was computed by")
    policy_hash = models.CharField(max_length=64)
    reference_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["listing", "brand", "-id"], name="review_on_a_listing"),
            models.Index(fields=["by", "-at"], name="review_by_a_person"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Lease(models.Model):
    """One person has one item in hand for a while, so that two people never judge the same one."""

    finding = models.OneToOneField("findings.Finding", models.CASCADE, related_name="lease")
    member = models.ForeignKey("parties.User", models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, db_comment="the page sends it back with the decision")
    taken_at = models.DateTimeField(default=now)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "until"], name="review_leases_of_a_person")]

    def __str__(self) -> str:
        return f"{self.finding_id} held by {self.member_id}"


class Skip(models.Model):
    """One person put one item aside for a while; others still see it."""

    finding = models.ForeignKey("findings.Finding", models.CASCADE, related_name="+")
    member = models.ForeignKey("parties.User", models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "finding"], name="one_skip_of_a_person")]

    def __str__(self) -> str:
        return f"{self.finding_id} skipped by {self.member_id}"

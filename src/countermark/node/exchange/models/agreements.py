"""Who we are to partners, what we agreed with each, and how things stand with them."""

from django.db import models

from countermark.node.exchange.states import AgreementState
from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.claims import Claimable
from countermark.node.kernel.time import now
from countermark.node.parties.kinds import OrganisationKind

#: Longest id of a party or an agreement (proof.agreements allows 40).
PARTY_LENGTH = 40


class Identity(models.Model):
    """Under which names and key an organisation speaks to partners. Set once, by the key ceremony."""

    organisation = models.OneToOneField("parties.Organisation", models.PROTECT, related_name="identity")
    party = models.CharField(max_length=PARTY_LENGTH, unique=True, db_comment="id of the organisation in agreements")
    node = models.CharField(max_length=200, db_comment="name of the node in logs; its address without https://")
    key = models.CharField(max_length=43, db_comment="the organisation's public key, base64url")

    def __str__(self) -> str:
        return self.party


class Agreement(models.Model):
    """An agreement with one partner as it stands now; what was signed is in its versions."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=PARTY_LENGTH, db_comment="id of the agreement, the same on both nodes")
    partner = models.CharField(max_length=PARTY_LENGTH, db_comment="party id of the partner")
    partner_name = models.CharField(max_length=200)
    partner_kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in OrganisationKind])
    partner_node = models.CharField(max_length=200, db_comment="its node's name, which is also its address")
    state = models.CharField(max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    since = models.DateTimeField(default=now, db_comment="since when it is in this state")
    version = models.PositiveIntegerField(default=0, db_comment="version in force; 0 before the first")
    digest = models.CharField(max_length=64, blank=True, default="", db_comment="of the version in force")
    pending = models.PositiveIntegerField(default=0, db_comment="version that waits for a signature; 0 for none")
    suspended_by_us = models.BooleanField(default=False)
    suspended_by_them = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True, db_comment="notice was given: from here on it has ended")
    fingerprint_checked_by = models.CharField(
        max_length=60, blank=True, default="", db_comment="usr_… who compared the partner's key aloud"
    )
    fingerprint_checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="each_agreement_once")]
        indexes = [models.Index(fields=["organisation", "state"], name="agreements_by_state")]

    def __str__(self) -> str:
        return self.name


class AgreementVersion(AppendOnly):
    """One version of an agreement, as canonical bytes: what both organisations sign."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.BinaryField(db_comment="canonical bytes")
    digest = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=PARTY_LENGTH, db_comment="party that wrote it")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            # A draft may be written anew under one number; signatures name the digest.
            models.UniqueConstraint(fields=["agreement", "digest"], name="each_version_once"),
        ]
        indexes = [models.Index(fields=["agreement", "number"], name="versions_in_order")]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class AgreementSignature(AppendOnly):
    """One organisation's signature for one version."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=PARTY_LENGTH)
    signature = models.CharField(max_length=86, db_comment="64 bytes as base64url")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "party"], name="each_party_signs_once")]

    def __str__(self) -> str:
        return f"{self.party} signed {self.version_id}"


class Parcel(Claimable):
    """A document or signature on its way to a partner's node: tried again until it arrives, and taken once there."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parcels")
    kind = models.CharField(max_length=12, db_comment="offer, signature or refusal")
    body = models.BinaryField(db_comment="JSON as it is sent")
    key = models.CharField(max_length=64, db_comment="SHA-256 of kind and body: the same parcel is sent once")
    next_try = models.DateTimeField(default=now)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "key"], name="each_parcel_once")]
        indexes = [models.Index(fields=["state", "next_try"], name="parcels_to_send")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agreement_id}"


class Standing(models.Model):
    """How the talk with one partner goes: when it last answered, receipted, witnessed, and since when it does not."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="standing")
    asked_at = models.DateTimeField(null=True, db_comment="last time we asked for entries")
    answered_at = models.DateTimeField(null=True, db_comment="last time the partner answered properly")
    failing_since = models.DateTimeField(null=True, db_comment="first failure since the last good answer")
    failures = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True, default="", db_comment="code of the last failure")
    detail = models.CharField(max_length=300, blank=True, default="", db_comment="the last failure in words")
    receipt_in_seq = models.BigIntegerField(default=0, db_comment="our entries that the partner receipted")
    receipt_in_at = models.DateTimeField(null=True)
    receipt_out_seq = models.BigIntegerField(default=0, db_comment="the partner's entries that we receipted")
    receipt_out_at = models.DateTimeField(null=True)
    witnessed_us_at = models.DateTimeField(null=True, db_comment="when the partner last cosigned our log")
    witnessed_us_size = models.BigIntegerField(default=0)
    proved_seq = models.BigIntegerField(
        default=0, db_comment="receipts of the partner up to here were proven or refused"
    )
    witnessed_them_at = models.DateTimeField(null=True, db_comment="when we last cosigned the partner's log")
    witness_problem = models.CharField(max_length=40, blank=True, default="", db_comment="why it last did not cosign")
    clock_off_seconds = models.IntegerField(null=True, db_comment="the partner's clock minus ours, when last seen")
    deletions_told = models.BigIntegerField(
        default=0, db_comment="row of the last of our deletions that the partner was told of"
    )
    told_seq = models.BigIntegerField(default=0, db_comment="last of our entries that a hint told the partner of")

    def __str__(self) -> str:
        return f"standing of {self.agreement_id}"

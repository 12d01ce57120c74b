"""What is protected: houses, their rights with reference pictures, and what they make, ask for and allow."""

from django.db import models

from countermark.model import ImageRole, RightKind, RightStatus
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now


class Brand(models.Model):
    """A house: its name, its owner, and what it makes, asks for and allows."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200, db_comment="as its owner writes it; findings name the house by it")
    owner = models.CharField(max_length=300, blank=True, default="", db_comment="company that owns the house")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="each_house_once")]

    def __str__(self) -> str:
        return self.name


class PriceBand(models.Model):
    """What genuine goods of a house usually cost new, in one currency."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="price_bands")
    currency = models.CharField(max_length=3, db_comment="ISO 4217")
    low = models.DecimalField(max_digits=20, decimal_places=4, db_comment="lowest usual price of one new unit")
    high = models.DecimalField(max_digits=20, decimal_places=4, db_comment="highest usual price of one new unit")
    category = models.CharField(
        max_length=200, blank=True, default="", db_comment="words a listing's category or title must hold; empty = any"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__gt=0, low__lte=models.F("high")), name="a_band_runs_from_low_to_high"
            )
        ]

    def __str__(self) -> str:
        return f"{self.low} – {self.high} {self.currency}"


class AuthorisedSeller(models.Model):
    """A shop that the house itself supplies or allows."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="authorised_sellers")
    name = models.CharField(max_length=300, db_comment="may be a person's name: personal data")
    marketplace = models.CharField(max_length=200, blank=True, default="", db_comment="empty = by name alone")
    external_id = models.CharField(
        max_length=200, blank=True, default="", db_comment="the marketplace's id of the shop"
    )

    def __str__(self) -> str:
        return f"authorised seller {self.pk}"


class NeverMade(models.Model):
    """Something the house never produced."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="never_made")
    words = models.JSONField(default=list, db_comment="each must occur, folded, in the title")
    explanation = models.CharField(max_length=1000, db_comment="why it cannot be genuine, a sentence one can quote")

    def __str__(self) -> str:
        return " ".join(self.words)


class Right(models.Model):
    """One right that a notice could rely on."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    core_id = models.CharField(max_length=ID_LENGTH, db_comment="rgt_…, in addresses and findings; never changes")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="rights")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in RightKind], db_comment="branch of law")
    title = models.CharField(max_length=300, db_comment="how people call it")
    mark = models.CharField(
        max_length=500, blank=True, default="", db_comment="verbal element; empty when there is none"
    )
    mark_language = models.CharField(max_length=35, null=True, db_comment="BCP 47; null when nobody said")  # noqa: DJ001
    aliases = models.JSONField(default=list, db_comment="other spellings: a list of {value, language}")
    generic = models.BooleanField(default=False, db_comment="an everyday word; never fires alone")
    territories = models.TextField(blank=True, default="", db_comment="ISO 3166-1 alpha-2, EU or WO: ,EU,US,")
    classes = models.JSONField(default=list, db_comment="Nice classes, 1 to 45")
    office = models.CharField(
        max_length=10, blank=True, default="", db_comment="register, WIPO ST.3; empty = unregistered"
    )
    number = models.CharField(max_length=100, blank=True, default="", db_comment="registration or application number")
    status = models.CharField(
        max_length=10, default=RightStatus.UNKNOWN.value, choices=[(s.value, s.value) for s in RightStatus]
    )
    valid_from = models.DateField(null=True, db_comment="first day in force")
    valid_to = models.DateField(null=True, db_comment="last day in force")
    source = models.CharField(max_length=200, blank=True, default="", db_comment="where the record was read from")
    search_text = models.TextField(blank=True, default="", db_comment="title, mark, aliases and number, folded")
    withdrawn_at = models.DateTimeField(null=True, db_comment="from then on nothing relies on it")
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "core_id"], name="each_right_once")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="rights_newest_first"),
            models.Index(fields=["organisation", "number"], name="rights_by_number"),
        ]

    def __str__(self) -> str:
        return self.title


class Reference(models.Model):
    """An official picture of a right: a photo of a genuine product, or the mark as a drawing."""

    right = models.ForeignKey(Right, models.CASCADE, related_name="references")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="ref_…")
    capture = models.ForeignKey("evidence.Capture", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=[(r.value, r.value) for r in (ImageRole.OFFICIAL, ImageRole.LOGO)])
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["right", "capture", "role"], name="each_reference_once")]

    def __str__(self) -> str:
        return self.public_id

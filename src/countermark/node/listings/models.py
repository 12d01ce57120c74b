"""What is offered, by whom, and how it came in."""

from django.db import models

from countermark.model import Condition
from countermark.node.kernel.claims import Claimable
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

#: Longest texts as the reader of listings lets them through.
NAME_LENGTH = 300
TAG_LENGTH = 35


class Import(Claimable):
    """One file of listings on its way in. Progress and rows are committed together, batch by batch."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="imp_…, in addresses")
    name = models.CharField(max_length=200, db_comment="the file as its owner calls it; shown, never opened")
    requested_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+", db_index=False)
    requested_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0, db_comment="of the file, bytes")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_comment="of the file, hex")
    pictures_size = models.PositiveBigIntegerField(default=0, db_comment="of the archive of pictures; 0 = none came")
    marketplace = models.CharField(max_length=200, blank=True, default="", db_comment="for rows that name none")
    language = models.CharField(max_length=TAG_LENGTH, blank=True, default="", db_comment="for texts that name none")
    bytes_done = models.PositiveBigIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0, db_comment="where a resumed import goes on, in good rows")
    problems_read = models.PositiveIntegerField(
        default=0, db_comment="where it goes on, in problems told by the reader"
    )
    rows_good = models.PositiveIntegerField(default=0, db_comment="rows that were kept")
    rows_new = models.PositiveIntegerField(default=0, db_comment="listings not known before")
    rows_changed = models.PositiveIntegerField(default=0, db_comment="listings whose content changed")
    rows_older = models.PositiveIntegerField(default=0, db_comment="rows older than what we have: not taken")
    problems_total = models.PositiveIntegerField(default=0, db_comment="also those beyond the rows kept of them")
    pictures_kept = models.PositiveIntegerField(default=0)
    pictures_missing = models.PositiveIntegerField(default=0, db_comment="named by a listing, not had or refused")
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="imports_newest_first"),
            models.Index(fields=["state", "id"], name="imports_waiting"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ImportProblem(models.Model):
    """A row that was set aside, or a field that was left out: which, why, and how to mend it."""

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    row = models.PositiveBigIntegerField(db_comment="1 = first record; 0 = the file as a whole")
    field = models.CharField(max_length=200, blank=True, default="")
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=500)
    mend = models.CharField(max_length=500, blank=True, default="")
    excerpt = models.CharField(max_length=200, blank=True, default="", db_comment="may hold personal data")

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"


class Seller(models.Model):
    """A shop on one marketplace, as last seen."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    core_id = models.CharField(max_length=ID_LENGTH, db_comment="slr_…, in addresses")
    marketplace = models.CharField(max_length=200)
    external_id = models.CharField(max_length=NAME_LENGTH, db_comment="the marketplace's own id of the shop")
    name = models.CharField(
        max_length=NAME_LENGTH, blank=True, default="", db_comment="personal data: may name a person"
    )
    country = models.CharField(max_length=2, null=True, db_comment="ISO 3166-1 alpha-2")  # noqa: DJ001 - null = not said
    since = models.DateField(null=True, db_comment="day the shop opened")
    sales = models.BigIntegerField(null=True, db_comment="completed sales the marketplace reports")
    search_text = models.CharField(max_length=2 * NAME_LENGTH, blank=True, default="", db_comment="the name, folded")
    seen_at = models.DateTimeField(db_comment="capture that the facts are from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "marketplace", "external_id"], name="each_shop_once"),
            models.UniqueConstraint(fields=["organisation", "core_id"], name="each_shop_has_one_name"),
        ]

    def __str__(self) -> str:
        return self.core_id


class Listing(models.Model):
    """One offer, as captured last."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    core_id = models.CharField(max_length=ID_LENGTH, db_comment="lst_…, in addresses and findings")
    marketplace = models.CharField(max_length=200)
    external_id = models.CharField(max_length=NAME_LENGTH, db_comment="the marketplace's own id of the listing")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="listings", db_index=False)
    title = models.TextField(db_comment="as shown to buyers, never changed")
    title_language = models.CharField(max_length=TAG_LENGTH, null=True)  # noqa: DJ001 - null = nobody said
    description = models.TextField(null=True)  # noqa: DJ001 - null = the listing has none
    description_language = models.CharField(max_length=TAG_LENGTH, null=True)  # noqa: DJ001
    brand_text = models.TextField(blank=True, default="", db_comment="the listing's own brand field")
    category = models.TextField(blank=True, default="")
    condition = models.CharField(
        max_length=12, default=Condition.UNKNOWN.value, choices=[(c.value, c.value) for c in Condition]
    )
    price_exact = models.CharField(max_length=80, blank=True, default="", db_comment="as written, to the last digit")
    price_amount = models.DecimalField(
        max_digits=22, decimal_places=4, null=True, db_comment="the same, rounded: to search by"
    )
    price_currency = models.CharField(max_length=3, blank=True, default="", db_comment="ISO 4217; empty = no price")
    stock = models.BigIntegerField(null=True)
    ships_from = models.CharField(max_length=2, null=True, db_comment="ISO 3166-1 alpha-2")  # noqa: DJ001
    product_code = models.CharField(max_length=40, null=True, db_comment="GTIN, EAN, UPC or ISBN")  # noqa: DJ001
    url = models.TextField(null=True, db_comment="where a person can look at it; never fetched")  # noqa: DJ001
    captured_at = models.DateTimeField(db_comment="when it was seen, UTC; an older capture never takes its place")
    content_hash = models.CharField(max_length=64, db_comment="SHA-256 of its content without the time of capture, hex")
    search_text = models.TextField(blank=True, default="", db_comment="id, brand field and title, folded, cut")
    has_picture = models.BooleanField(default=False, db_comment="the bytes of at least one picture are here")
    source_import = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+", db_comment="brought it last")
    first_seen_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now, db_comment="when its content changed last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "marketplace", "external_id"], name="each_listing_once"),
            models.UniqueConstraint(fields=["organisation", "core_id"], name="each_listing_has_one_name"),
        ]
        indexes = [
            # The text stands in the index of the order, so that a search for a rare word reads the index alone.
            models.Index(fields=["organisation", "-id", "search_text"], name="listings_to_search"),
            models.Index(fields=["organisation", "marketplace", "-id"], name="listings_of_a_marketplace"),
            models.Index(fields=["seller", "-id"], name="listings_of_a_shop"),
            models.Index(fields=["organisation", "has_picture", "-id"], name="listings_with_pictures"),
            models.Index(fields=["organisation", "price_currency", "price_amount"], name="listings_by_price"),
            models.Index(fields=["organisation", "captured_at"], name="listings_by_capture"),
        ]

    def __str__(self) -> str:
        return self.core_id


class ListingPicture(models.Model):
    """A picture of a listing: named always, kept when its bytes could be had."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="pictures", db_index=False)
    position = models.PositiveSmallIntegerField(db_comment="in the order shown, from 0")
    uri = models.TextField(db_comment="as the file named it")
    capture = models.ForeignKey("evidence.Capture", models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True, default="", db_comment="why its bytes are not here")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "position"], name="one_picture_a_place")]

    def __str__(self) -> str:
        return f"{self.listing_id}/{self.position}"

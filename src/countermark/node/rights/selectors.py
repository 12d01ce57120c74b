"""Read rights, as one member sees them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from countermark.model import ImageRole, Portfolio, RightKind, RightStatus
from countermark.node.evidence.selectors import address_of
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.folding import fold, is_storable
from countermark.node.kernel.pages import page_by_row
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.models import Brand, Reference, Right
from countermark.node.rights.records import as_record, brand_record, plain, split_codes
from countermark.node.rights.shown import (
    AliasShown,
    AuthorisedSellerShown,
    BandShown,
    BrandShown,
    NeverMadeShown,
    ReferenceShown,
    RightPage,
    RightRow,
    RightShown,
)

__all__ = ["RightFilters", "any_right", "as_record", "brand", "brands", "portfolio", "right", "rights", "territories"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightFilters:
    """Conditions that must all hold; an empty one holds always.

    Attributes:
        words: a part of the title, the mark, an alias or the number; capitals and widths do not count.
        brand: exact name of the house.
        kind, status: exact.
        territory: a code the right holds in.
        withdrawn: only withdrawn ones (True), only others (False), or both (None).
        without_pictures: only rights that have no reference picture.
    """

    words: str = ""
    brand: str = ""
    kind: RightKind | None = None
    status: RightStatus | None = None
    territory: str = ""
    withdrawn: bool | None = False
    without_pictures: bool = False


EVERYTHING = RightFilters()


def rights(member: Member, filters: RightFilters = EVERYTHING, cursor: str = "", size: int = 50) -> RightPage:
    """One page of rights, newest first. Raises NotPermitted (RIGHTS_VIEW)."""
    member.require(Permission.RIGHTS_VIEW)
    found = _matching(member, filters).select_related("brand").defer("search_text")
    rows, following = page_by_row(found.prefetch_related(_REFERENCES), cursor, size)
    return RightPage(tuple(_row(right) for right in rows), following)


def right(member: Member, right_id: str) -> RightShown:
    """One right with its reference pictures, withdrawn ones too. Raises NotPermitted (RIGHTS_VIEW), NotFound."""
    member.require(Permission.RIGHTS_VIEW)
    if not is_storable(right_id):
        raise NotFound("right")
    found = _own(member).filter(core_id=right_id).select_related("brand").prefetch_related(_REFERENCES).first()
    if found is None:
        raise NotFound("right", right_id)
    return RightShown(
        row=_row(found),
        aliases=tuple(AliasShown(alias["value"], alias["language"]) for alias in found.aliases),
        generic=found.generic,
        classes=tuple(found.classes),
        valid_from=found.valid_from,
        source=found.source,
        withdrawn_at=found.withdrawn_at,
        withdrawn_reason=found.withdrawn_reason,
        references=tuple(_reference(reference) for reference in found.references.all()),
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def any_right(member: Member) -> bool:
    """Whether the organisation has any right. Raises NotPermitted (RIGHTS_VIEW)."""
    member.require(Permission.RIGHTS_VIEW)
    return _own(member).exists()


def brands(member: Member) -> tuple[BrandShown, ...]:
    """Every house of the organisation, by name. Raises NotPermitted (RIGHTS_VIEW)."""
    member.require(Permission.RIGHTS_VIEW)
    rows = Brand.objects.filter(organisation_id=member.organisation_id).order_by("name")
    return tuple(_brand(member, row) for row in _with_lists(rows))


def brand(member: Member, name: str) -> BrandShown:
    """One house. Raises NotPermitted (RIGHTS_VIEW), NotFound."""
    member.require(Permission.RIGHTS_VIEW)
    rows = Brand.objects.filter(organisation_id=member.organisation_id, name=name)
    for row in _with_lists(rows) if is_storable(name) else ():
        return _brand(member, row)
    raise NotFound("house", name)


def territories(member: Member) -> tuple[str, ...]:
    """Every code that a right of the organisation holds in, sorted: the choices of a filter."""
    member.require(Permission.RIGHTS_VIEW)
    joined = _own(member).order_by().values_list("territories", flat=True).distinct()
    return tuple(sorted({code for codes in joined for code in split_codes(codes)}))


def portfolio(member: Member) -> Portfolio:
    """The whole reference side for the engine: every house, every right that can be relied on.

    Withdrawn and lapsed rights are left out. Pictures are named by content address. The same rights give the same
    bytes, whatever the order in which they came. Raises NotPermitted (RIGHTS_VIEW).
    """
    member.require(Permission.RIGHTS_VIEW)
    houses = Brand.objects.filter(organisation_id=member.organisation_id).order_by("name")
    relied_on = _own(member).filter(withdrawn_at__isnull=True).exclude(status=RightStatus.LAPSED)
    rows = relied_on.select_related("brand").prefetch_related(_REFERENCES).order_by("brand__name", "core_id")
    return Portfolio(
        brands=tuple(brand_record(row) for row in _with_lists(houses)),
        rights=tuple(as_record(row) for row in rows),
    )


_REFERENCES = Prefetch("references", Reference.objects.select_related("capture").order_by("pk"))


def _own(member: Member) -> QuerySet[Right]:
    return Right.objects.filter(organisation_id=member.organisation_id)


def _with_lists(rows: QuerySet[Brand]) -> QuerySet[Brand]:
    return rows.annotate(rights_count=Count("rights")).prefetch_related(
        "price_bands", "authorised_sellers", "never_made"
    )


def _matching(member: Member, filters: RightFilters) -> QuerySet[Right]:
    found = _own(member)
    if not is_storable(filters.words, filters.brand, filters.territory):
        return found.none()
    exact = {"brand__name": filters.brand, "kind": filters.kind, "status": filters.status}
    found = found.filter(**{field: value for field, value in exact.items() if value})
    for word in fold(filters.words).split(" ") if filters.words.strip() else []:
        found = found.filter(search_text__contains=word)
    if filters.territory:
        found = found.filter(territories__contains=f",{filters.territory.upper()},")
    if filters.withdrawn is not None:
        found = found.filter(withdrawn_at__isnull=not filters.withdrawn)
    return found.filter(Q(references__isnull=True)) if filters.without_pictures else found


def _row(right: Right) -> RightRow:
    references = list(right.references.all())
    return RightRow(
        id=right.core_id,
        brand=right.brand.name,
        kind=RightKind(right.kind),
        title=right.title,
        mark=right.mark,
        mark_language=right.mark_language,
        territories=split_codes(right.territories),
        office=right.office,
        number=right.number,
        status=RightStatus(right.status),
        valid_to=right.valid_to,
        withdrawn=right.withdrawn_at is not None,
        capture_id=references[0].capture.public_id if references else None,
        references=len(references),
    )


def _reference(reference: Reference) -> ReferenceShown:
    return ReferenceShown(
        id=reference.public_id,
        capture_id=reference.capture.public_id,
        uri=address_of(reference.capture.sha256),
        role=ImageRole(reference.role),
        width=reference.capture.width,
        height=reference.capture.height,
        added_at=reference.added_at,
    )


def _brand(member: Member, row: Brand) -> BrandShown:
    named = member.may(Permission.PERSONAL_DATA_VIEW)
    bands = sorted(row.price_bands.all(), key=lambda b: (b.currency, b.category, b.low))
    sellers = sorted(row.authorised_sellers.all(), key=lambda s: (s.marketplace, s.name))
    return BrandShown(
        name=row.name,
        owner=row.owner,
        rights=row.rights_count,  # type: ignore[attr-defined]
        price_bands=tuple(
            BandShown(currency=b.currency, low=plain(b.low), high=plain(b.high), category=b.category) for b in bands
        ),
        authorised_sellers=tuple(
            AuthorisedSellerShown(name=s.name if named else "", marketplace=s.marketplace, external_id=s.external_id)
            for s in sellers
        ),
        never_made=tuple(NeverMadeShown(words=tuple(n.words), explanation=n.explanation) for n in row.never_made.all()),
    )


def expired(row: RightRow, today: date) -> bool:
    """Whether the last day in force has passed, whatever the status says: a page warns, the engine still looks."""
    return row.valid_to is not None and row.valid_to < today

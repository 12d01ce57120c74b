"""One finding with everything a page about it needs: three questions to the database."""

from collections.abc import Iterable

import msgspec
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from countermark.model import Finding as Record
from countermark.model import Listing, from_json
from countermark.node.audit import services as audit
from countermark.node.evidence.models import Capture
from countermark.node.evidence.selectors import address_of
from countermark.node.findings.models import Finding
from countermark.node.findings.paging import row_of
from countermark.node.findings.shown import FindingDetail, Picture, RightShown, SellerShown
from countermark.node.listings.models import ListingPicture
from countermark.node.listings.records import as_record, image_of
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.models import Reference, Right

#: Pictures of the protected side: a house may have thousands, a reviewer looks at the nearest.
REFERENCES_SHOWN = 24


def with_sides(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with listing, seller, right and what took their place, in the same question."""
    return found.select_related("listing__seller", "right__brand", "scan", "superseded_by").defer(
        "listing__search_text", "right__search_text", "superseded_by__record"
    )


def detail_of(member: Member, finding: Finding) -> FindingDetail:
    """A finding (from `with_sides`) with its pictures. Seeing the seller's name is written to the audit trail."""
    record = from_json(finding.record, Record)
    seller = _seller(member, finding)
    pictures = list(
        ListingPicture.objects.filter(listing_id=finding.listing_id).select_related("capture").order_by("position")
    )
    offered = _offered(pictures, {reason.listing_image for reason in record.reasons if reason.listing_image})
    return FindingDetail(
        row=row_of(finding, next((p.capture.public_id for p in pictures if p.capture), None)),
        record=record,
        listing=_listing(finding, pictures, seller),
        listing_changed=finding.content_hash != finding.listing.content_hash,
        seller=seller,
        right=right_shown(finding.right) if finding.right else None,
        offered=offered,
        protected=_protected(finding, {reason.reference for reason in record.reasons if reason.reference}),
        scan_id=finding.scan.public_id if finding.scan else None,
        superseded_by=finding.superseded_by.core_id if finding.superseded_by else None,
        reviewed_by=finding.last_reviewer_id,
    )


def _listing(finding: Finding, pictures: list[ListingPicture], seller: SellerShown) -> Listing:
    record = as_record(finding.listing, pictures)
    if seller.name_hidden:
        return msgspec.structs.replace(record, seller=msgspec.structs.replace(record.seller, name=""))
    return record


def _offered(pictures: Iterable[ListingPicture], matched: set[str]) -> tuple[Picture, ...]:
    shown = [picture_shown(picture.capture, image_of(picture).uri, matched) for picture in pictures]
    return tuple(sorted(shown, key=lambda picture: not picture.matched))


def _protected(finding: Finding, matched: set[str]) -> tuple[Picture, ...]:
    hashes = [uri.removeprefix("sha256:") for uri in matched]
    nearness = Case(
        When(Q(capture__sha256__in=hashes), then=Value(0)),
        When(Q(right_id=finding.right_id), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    references = Reference.objects.filter(
        Q(right__withdrawn_at__isnull=True) | Q(right_id=finding.right_id),
        right__organisation_id=finding.organisation_id,
        right__brand__name=finding.brand,
    )
    rows = references.select_related("capture").annotate(nearness=nearness).order_by("nearness", "pk")
    shown: dict[str, Picture] = {}
    for row in rows[:REFERENCES_SHOWN]:
        shown.setdefault(row.capture.public_id, picture_shown(row.capture, address_of(row.capture.sha256), matched))
    return tuple(shown.values())


def picture_shown(capture: Capture | None, uri: str, matched: set[str]) -> Picture:
    """A picture as a page is given it; `matched`: addresses on which a reason rests."""
    if capture is None:
        return Picture(capture_id=None, uri=uri, matched=uri in matched)
    return Picture(
        capture_id=capture.public_id, uri=uri, matched=uri in matched, width=capture.width, height=capture.height
    )


def _seller(member: Member, finding: Finding) -> SellerShown:
    seller = finding.listing.seller
    named = member.may(Permission.PERSONAL_DATA_VIEW)
    if named:
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="seller.viewed",
            target=seller.core_id,
            detail={"finding": finding.core_id},
        )
    return SellerShown(
        id=seller.core_id,
        external_id=seller.external_id,
        name=seller.name if named else "",
        name_hidden=not named,
        country=seller.country,
        since=seller.since,
        sales=seller.sales,
    )


def right_shown(right: Right) -> RightShown:
    """A right as a reviewer needs it."""
    return RightShown(
        id=right.core_id,
        title=right.title,
        kind=right.kind,
        mark=right.mark,
        mark_language=right.mark_language,
        office=right.office,
        number=right.number,
        territories=tuple(code for code in right.territories.split(",") if code),
        classes=tuple(right.classes),
        status=right.status,
        withdrawn=right.withdrawn_at is not None,
    )

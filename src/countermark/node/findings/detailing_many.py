"""Many findings at once for a batch of work: four questions to the database, however many there are."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from countermark.model import Finding as Record
from countermark.model import Listing, from_json
from countermark.node.evidence.selectors import address_of
from countermark.node.findings.detailing import picture_shown, right_shown, with_sides
from countermark.node.findings.models import Finding
from countermark.node.findings.paging import row_of
from countermark.node.findings.shown import FindingDetail, Picture, SellerShown
from countermark.node.kernel.folding import is_storable
from countermark.node.listings.models import ListingPicture, Seller
from countermark.node.listings.records import as_record, image_of
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.models import Reference

#: Findings that are asked for at once.
MOST = 1_000


def details_of_many(member: Member, core_ids: Sequence[str]) -> dict[str, FindingDetail]:
    """Findings by id, those that there are. The name of a seller is in none, so nothing is written to the trail.

    Of the protected side only the pictures that the reasons rest on are there. Raises NotPermitted (FINDINGS_VIEW),
    ValueError (more than `MOST`).
    """
    member.require(Permission.FINDINGS_VIEW)
    if len(core_ids) > MOST:
        raise ValueError(f"{len(core_ids)} findings are more than {MOST} at once.")
    wanted = [one for one in core_ids if is_storable(one)]
    rows = list(with_sides(Finding.objects.filter(organisation_id=member.organisation_id, core_id__in=wanted)))
    records = {row.pk: from_json(row.record, Record) for row in rows}
    pictures, references = _pictures(rows), _references(member, list(records.values()))
    return {row.core_id: _detail(row, records[row.pk], pictures[row.listing_id], references) for row in rows}


def _detail(
    row: Finding, record: Record, pictures: list[ListingPicture], references: dict[tuple[str, str], Picture]
) -> FindingDetail:
    hit = {reason.listing_image for reason in record.reasons if reason.listing_image}
    matched = dict.fromkeys(reason.reference for reason in record.reasons if reason.reference)
    return FindingDetail(
        row=row_of(row, next((one.capture.public_id for one in pictures if one.capture), None)),
        record=record,
        listing=_listing(row, pictures),
        listing_changed=row.content_hash != row.listing.content_hash,
        seller=_seller(row.listing.seller),
        right=right_shown(row.right) if row.right else None,
        offered=tuple(picture_shown(one.capture, image_of(one).uri, hit) for one in pictures),
        protected=tuple(references[row.brand, uri] for uri in matched if (row.brand, uri) in references),
        scan_id=row.scan.public_id if row.scan else None,
        superseded_by=row.superseded_by.core_id if row.superseded_by else None,
        reviewed_by=row.last_reviewer_id,
    )


def _listing(row: Finding, pictures: list[ListingPicture]) -> Listing:
    record = as_record(row.listing, pictures)
    return msgspec.structs.replace(record, seller=msgspec.structs.replace(record.seller, name=""))


def _seller(seller: Seller) -> SellerShown:
    return SellerShown(
        id=seller.core_id,
        external_id=seller.external_id,
        name="",
        name_hidden=True,
        country=seller.country,
        since=seller.since,
        sales=seller.sales,
    )


def _pictures(rows: list[Finding]) -> dict[int, list[ListingPicture]]:
    found: dict[int, list[ListingPicture]] = defaultdict(list)
    stored = ListingPicture.objects.filter(listing_id__in=[row.listing_id for row in rows]).select_related("capture")
    for one in stored.order_by("position"):
        found[one.listing_id].append(one)
    return found


def _references(member: Member, records: list[Record]) -> dict[tuple[str, str], Picture]:
    """Pictures of rights in force that reasons rest on, by house and address."""
    uris = {reason.reference for record in records for reason in record.reasons if reason.reference}
    hashes = {uri.removeprefix("sha256:") for uri in uris}
    stored = Reference.objects.filter(
        right__organisation_id=member.organisation_id, right__withdrawn_at__isnull=True, capture__sha256__in=hashes
    ).select_related("capture", "right__brand")
    shown = ((one.right.brand.name, address_of(one.capture.sha256), one.capture) for one in stored)
    return {(house, uri): picture_shown(capture, uri, uris) for house, uri, capture in shown}

"""Pictures of listings that a scan could not use: kept beside the listing, told on its page and on the scan's."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from countermark.formats.images import is_address
from countermark.node.findings.models import Scan, ScanPart, UnusablePicture
from countermark.node.findings.shown import UnusableShown
from countermark.node.listings.models import Listing, ListingPicture
from countermark.node.listings.records import image_of
from countermark.signals.image import Unreadable

#: Kept of one scan in detail; all are counted. A list without its pictures would leave a row for each of them.
KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Unusable:
    """One picture (row number) that could not be used, and why, in words fit for a report."""

    picture: int
    lack: UnusablePicture.Lack
    why: str
    mend: str


def unusable_in(rows: Sequence[Listing], unreadable: Iterable[Unreadable], lost: Collection[str]) -> Iterator[Unusable]:
    """What the engine could not look at, picture by picture; `lost` are content addresses that the store lacks.

    A picture that a listing names by an address on the web is no fault of the list: nobody fetches it, and it is left
    out, as the command does.
    """
    for one in unreadable:
        for picture in rows[one.row].pictures.all():
            if image_of(picture).uri == one.uri and not _is_on_the_web(picture):
                yield _told(picture, one, lost)


def lost_in(part: ScanPart, lost: Collection[str]) -> Iterator[Unusable]:
    """Pictures of a part's listings that the store lacks, of listings that are not looked at in full as well."""
    named = [address.removeprefix("sha256:") for address in lost]
    shown = ListingPicture.objects.filter(listing_id__gte=part.first_row, listing_id__lte=part.last_row)
    shown = shown.filter(listing__organisation_id=part.scan.organisation_id, capture__sha256__in=named)
    for picture in shown.values_list("pk", flat=True) if named else ():
        yield Unusable(picture, UnusablePicture.Lack.LOST, "its bytes are not in the store.", "")


def may_lapse(found: Iterable[Unusable]) -> bool:
    """Whether what is no longer found may leave the queue: not where a picture speaks only by its absence."""
    return all(one.lack is UnusablePicture.Lack.NEVER_CAME for one in found)


def keep_unusable(scan: Scan, listings: Collection[int], found: Mapping[int, Unusable]) -> None:
    """Keep what a part could not use, by picture, in place of what earlier scans said of the listings it looked at.

    Call inside the transaction that ends the part. What a later scan said stays.
    """
    UnusablePicture.objects.filter(picture__listing_id__in=listings, scan_id__lte=scan.pk).delete()
    if not found:
        return
    later = UnusablePicture.objects.filter(pk__in=found, scan_id__gt=scan.pk).values("pk")
    # A listing may have come in again meanwhile, with other pictures.
    there = ListingPicture.objects.filter(pk__in=found).exclude(pk__in=later).order_by("listing_id", "position")
    room = max(0, KEPT - scan.unusable_pictures.count())
    told = [found[picture] for picture in there.values_list("pk", flat=True)[:room]]
    UnusablePicture.objects.bulk_create(
        [
            UnusablePicture(picture_id=one.picture, scan=scan, lack=one.lack, why=one.why[:500], mend=one.mend[:500])
            for one in told
        ],
        update_conflicts=True,
        unique_fields=["picture"],
        update_fields=["scan", "lack", "why", "mend"],
    )


def told(rows: QuerySet[UnusablePicture], most: int) -> tuple[UnusableShown, ...]:
    """The first of them as pages show them, by listing and in the order of its pictures."""
    whole = rows.select_related("scan", "picture__listing").order_by("picture__listing_id", "picture__position")
    return tuple(_shown(row) for row in whole[:most])


def _shown(row: UnusablePicture) -> UnusableShown:
    picture, listing = row.picture, row.picture.listing
    return UnusableShown(
        listing_id=listing.core_id,
        marketplace=listing.marketplace,
        external_id=listing.external_id,
        position=picture.position,
        named=picture.uri,
        lack=row.lack,
        why=row.why,
        mend=row.mend,
        scan_id=row.scan.public_id,
    )


def _is_on_the_web(picture: ListingPicture) -> bool:
    return picture.capture is None and is_address(picture.uri) and not picture.uri.startswith("sha256:")


def _told(picture: ListingPicture, one: Unreadable, lost: Collection[str]) -> Unusable:
    if picture.capture is None:
        return Unusable(picture.pk, UnusablePicture.Lack.NEVER_CAME, picture.problem or one.why, "")
    if one.uri in lost:
        return Unusable(picture.pk, UnusablePicture.Lack.LOST, one.why, "")
    return Unusable(picture.pk, UnusablePicture.Lack.REFUSED, one.why, one.mend)

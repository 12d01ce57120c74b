"""Store a batch of listings beside what is there: the latest capture wins, nothing twice, pictures had stay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from countermark import model
from countermark.node.evidence.keeping import rows_for
from countermark.node.evidence.models import Capture
from countermark.node.kernel.folding import fold
from countermark.node.kernel.rows import update_rows
from countermark.node.kernel.time import now
from countermark.node.listings.models import Import, Listing, ListingPicture, Seller
from countermark.node.listings.pictures import Gathered
from countermark.node.listings.records import CHANGING, content_hash, fill, image_of

_SELLER_CHANGING = ("name", "country", "since", "sales", "search_text", "seen_at")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A listing as the file has it, and its pictures as they were gathered."""

    record: model.Listing
    pictures: tuple[Gathered, ...] = ()
    id: str = field(init=False)
    seller_id: str = field(init=False)

    def __post_init__(self) -> None:
        # Derived once: a hash each time somebody asks would be half the work of storing a batch.
        object.__setattr__(self, "id", self.record.id)
        object.__setattr__(self, "seller_id", self.record.seller.id)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch changed: listings not known before, changed ones, rows older than what is there; pictures."""

    new: int = 0
    changed: int = 0
    older: int = 0
    pictures_kept: int = 0
    pictures_missing: int = 0


@dataclass
class _Plan:
    """What is to be written, collected before the first write of listings."""

    new: list[Listing] = field(default_factory=list)
    known: list[Listing] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    seen_again: list[Listing] = field(default_factory=list)
    pictures: dict[str, list[ListingPicture]] = field(default_factory=dict)
    replaced: list[int] = field(default_factory=list)
    changed: int = 0
    older: int = 0

    def see_again(self, row: Listing, record: model.Listing, source: Import | None) -> None:
        """Nothing about the offer changed: only when it was seen, and who brought it, is written."""
        if row.captured_at == record.captured_at:
            self.same.append(row.pk)
            return
        row.captured_at, row.source_import = record.captured_at, source
        self.seen_again.append(row)


def store(organisation: int, incoming: Sequence[Incoming], source: Import | None) -> Stored:
    """Store listings of one organisation. Call inside the transaction that also moves the import's progress.

    A row whose capture is older than the stored one changes nothing. A picture whose bytes did not come this time but
    are here from an earlier one stays. Rows are locked and written in the order of their ids, so that two imports
    never wait for one another in a circle; a listing that another import adds at the same moment raises
    IntegrityError, and the whole batch is tried again.
    """
    ordered = sorted(incoming, key=lambda each: each.id)
    captures = _captures(organisation, ordered, source)
    sellers = _store_sellers(organisation, ordered)
    plan = _plan(organisation, ordered, captures, sellers, source)
    Listing.objects.bulk_create(plan.new)
    update_rows(plan.known, CHANGING)
    update_rows(plan.seen_again, ("captured_at", "source_import"))
    Listing.objects.filter(pk__in=plan.same).update(source_import=source)
    _write_pictures(plan)
    fresh = [picture for pictures in plan.pictures.values() for picture in pictures]
    kept = sum(picture.capture_id is not None for picture in fresh)
    return Stored(len(plan.new), plan.changed, plan.older, kept, len(fresh) - kept)


def _captures(organisation: int, incoming: Iterable[Incoming], source: Import | None) -> dict[str, Capture]:
    gathered = [picture for each in incoming for picture in each.pictures]
    origin = f"listings of {source.public_id}" if source else "listings"
    captures = rows_for(organisation, [g.picture for g in gathered if g.picture], origin)
    # A file may name a picture by its content address; it is found when this organisation has it.
    named = {g.uri.removeprefix("sha256:") for g in gathered if g.picture is None and g.uri.startswith("sha256:")}
    if named:
        rows = Capture.objects.filter(organisation_id=organisation, sha256__in=named)
        captures |= {row.sha256: row for row in rows}
    return captures


def _store_sellers(organisation: int, incoming: Iterable[Incoming]) -> dict[str, Seller]:
    latest: dict[str, model.Listing] = {}
    for each in incoming:
        known = latest.get(each.seller_id)
        if known is None or known.captured_at <= each.record.captured_at:
            latest[each.seller_id] = each.record
    locked = Seller.objects.select_for_update().filter(organisation_id=organisation, core_id__in=list(latest))
    rows = {row.core_id: row for row in locked.order_by("core_id")}
    newer = [row for core_id, row in rows.items() if row.seen_at < latest[core_id].captured_at]
    missing = [Seller(organisation_id=organisation, core_id=core_id) for core_id in sorted(latest.keys() - rows.keys())]
    for row in (*newer, *missing):
        _fill_seller(row, latest[row.core_id])
    update_rows(newer, _SELLER_CHANGING)
    Seller.objects.bulk_create(missing)
    return rows | {row.core_id: row for row in missing}


def _fill_seller(row: Seller, record: model.Listing) -> None:
    seller = record.seller
    row.marketplace, row.external_id = seller.marketplace, seller.external_id
    row.name, row.search_text = seller.name, fold(seller.name)[: 2 * len(seller.name) + 1]
    row.country, row.since, row.sales, row.seen_at = seller.country, seller.since, seller.sales, record.captured_at


def _plan(
    organisation: int,
    incoming: Iterable[Incoming],
    captures: dict[str, Capture],
    sellers: dict[str, Seller],
    source: Import | None,
) -> _Plan:
    by_id = {each.id: each for each in incoming}
    known = _known(organisation, by_id)
    there = _pictures_there(known.values())
    plan, moment = _Plan(), now()
    for core_id, each in by_id.items():
        row = known.get(core_id)
        if row is not None and row.captured_at > each.record.captured_at:
            plan.older += 1
            continue
        before = there.get(row.pk, []) if row else []
        pictures = _pictures(each.pictures, captures, before)
        images = tuple(image_of(picture) for picture in pictures)
        hashed = content_hash(msgspec.structs.replace(each.record, images=images))
        if row and (row.content_hash, row.stock) == (hashed, each.record.stock) and not _differ(before, pictures):
            plan.see_again(row, each.record, source)
            continue
        is_new, row = row is None, row or Listing(organisation_id=organisation, first_seen_at=moment)
        if not is_new and row.content_hash != hashed:
            plan.changed += 1
        if row.content_hash != hashed:
            row.updated_at = moment
        fill(row, each.record)
        row.core_id = core_id
        row.seller, row.content_hash, row.source_import = sellers[each.seller_id], hashed, source
        row.has_picture = any(picture.capture is not None for picture in pictures)
        (plan.new if is_new else plan.known).append(row)
        if is_new or _differ(before, pictures):
            plan.pictures[core_id] = pictures
            plan.replaced += [row.pk] if before else []
    return plan


def _known(organisation: int, core_ids: Iterable[str]) -> dict[str, Listing]:
    """What is there of some listings, locked: only what decides; the rest is written over or left alone."""
    rows = Listing.objects.select_for_update().filter(organisation_id=organisation, core_id__in=list(core_ids))
    rows = rows.only("core_id", "captured_at", "content_hash", "stock", "updated_at").order_by("core_id")
    return {row.core_id: row for row in rows}


def _pictures_there(rows: Iterable[Listing]) -> dict[int, list[ListingPicture]]:
    there: dict[int, list[ListingPicture]] = defaultdict(list)
    pictures = ListingPicture.objects.filter(listing_id__in=[row.pk for row in rows]).select_related("capture")
    for picture in pictures.order_by("listing_id", "position"):
        there[picture.listing_id].append(picture)
    return there


def _pictures(
    gathered: Sequence[Gathered], captures: dict[str, Capture], before: Sequence[ListingPicture]
) -> list[ListingPicture]:
    had = {picture.uri: picture.capture for picture in before if picture.capture}
    pictures = []
    for position, each in enumerate(gathered):
        if each.picture:
            capture: Capture | None = captures[each.picture.sha256]
        else:
            capture = had.get(each.uri) or captures.get(each.uri.removeprefix("sha256:"))
        problem = "" if capture else each.problem
        pictures.append(ListingPicture(position=position, uri=each.uri, capture=capture, problem=problem))
    return pictures


def _differ(before: Sequence[ListingPicture], after: Sequence[ListingPicture]) -> bool:
    def seen(pictures: Sequence[ListingPicture]) -> list[tuple[str, int | None, str]]:
        return [(picture.uri, picture.capture_id, picture.problem) for picture in pictures]

    return seen(before) != seen(after)


def _write_pictures(plan: _Plan) -> None:
    if plan.replaced:
        ListingPicture.objects.filter(listing_id__in=plan.replaced).delete()
    rows = {row.core_id: row for row in (*plan.new, *plan.known)}
    for core_id, pictures in plan.pictures.items():
        for picture in pictures:
            picture.listing = rows[core_id]
    ListingPicture.objects.bulk_create(picture for pictures in plan.pictures.values() for picture in pictures)

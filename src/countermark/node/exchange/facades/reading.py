"""Read a shelf as one token may: pages of objects in order, each made from its entry at this moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from countermark.node.exchange.agreeing.versions import identity_of
from countermark.node.exchange.facades import lenses, misp, placing, tables
from countermark.node.exchange.facades.frame import frame_object, party_id
from countermark.node.exchange.facades.ids import event_id
from countermark.node.exchange.facades.lens import Lens, Said
from countermark.node.exchange.facades.payloads import said_by
from countermark.node.exchange.facades.stix import Version, stix_object, stix_time
from countermark.node.exchange.facades.tokens import Reading
from countermark.node.exchange.models import Agreement, Feed, FeedEntry, Placed, Shelf
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import NotFound
from countermark.proof.entries import DataClass

#: Objects on one page, at most and unless said; rows read at once by what streams.
MOST_OBJECTS, USUAL_OBJECTS, CHUNK = 500, 100, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks for.

    Attributes:
        limit: objects wanted.
        after: place after which it goes on; 0 for the beginning.
        added_after: only what was added later than that, exactly.
        ids, types: only these; empty = all.
        versions: words `last`, `first`, `all`, or moments; empty = last.
    """

    limit: int = USUAL_OBJECTS
    after: int = 0
    added_after: datetime | None = None
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str | datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Versions in order, and whether more follow.

    Attributes:
        rows: what is on it.
        more: whether more is there now.
    """

    rows: Sequence[Placed]
    more: bool

    @property
    def last(self) -> int:
        """Cursor of the next page."""
        return self.rows[-1].place if self.rows else 0


class Book:
    """The shelf of one agreement, open for one reader. Facts are read when they are asked for first."""

    def __init__(self, reading: Reading, agreement: Agreement) -> None:
        self.agreement = agreement
        self._reading = reading
        self.shelf: Shelf = placing.shelf_of(agreement)

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.agreement.name}: with {self.agreement.partner_name}"

    @cached_property
    def lens(self) -> Lens:
        """How the reader sees it."""
        return lenses.for_reader(self.agreement, self._reading.member, personal=self._reading.token.personal)

    def page(self, asked: Asked) -> Page:
        """A page. What was said until now is taken in first, as far as it is needed to fill the page.

        The order is that of places, which have no gap; so nothing is left out or told twice, whatever is added
        meanwhile, and a page that says more follows always ends behind where it began.
        """
        limit = max(1, min(asked.limit, MOST_OBJECTS))
        waiting = placing.take_in(self.shelf)
        rows = list(self._rows(asked)[: limit + 1])
        while waiting and len(rows) <= limit:
            waiting = placing.take_in(self.shelf)
            rows = list(self._rows(asked)[: limit + 1])
        return Page(rows[:limit], more=len(rows) > limit)

    def objects(self, page: Page) -> list[dict[str, Any]]:
        """The objects of a page; an address that nobody may see any more is left out."""
        versions = self.versions(page.rows)
        made = [self._frame(row) if row.cause_id is None else stix_object(versions[row.pk]) for row in page.rows]
        return [one for one in made if one is not None]

    def versions(self, rows: Iterable[Placed]) -> dict[int, Version]:
        """Row -> version, with its words as this reader may see them; what describes the shelf has none."""
        placed = [row for row in rows if row.cause_id is not None]
        said = self._said({one for row in placed for one in (row.cause_id, row.content_id) if one is not None})
        return {
            row.pk: Version(
                stix_id=row.stix_id,
                created=row.created,
                version=row.version,
                revoked=row.revoked,
                about=row.about,
                state=row.state,
                cause=said[row.cause_id or 0],
                words=said.get(row.content_id or 0),
            )
            for row in placed
        }

    def every(self, rows: QuerySet[Placed]) -> Iterator[tuple[Placed, Version]]:
        """All of some rows with their versions, chunk by chunk, in order."""
        after = 0
        while chunk := list(rows.filter(place__gt=after).order_by("place")[:CHUNK]):
            versions = self.versions(chunk)
            yield from ((row, versions[row.pk]) for row in chunk if row.pk in versions)
            after = chunk[-1].place

    def newest(self) -> QuerySet[Placed]:
        """The newest version of everything, after all that waits was taken in."""
        while placing.take_in(self.shelf):
            pass
        return Placed.objects.filter(shelf=self.shelf, newest=True)

    def _rows(self, asked: Asked) -> QuerySet[Placed]:
        rows = Placed.objects.filter(shelf=self.shelf, place__gt=asked.after)
        if asked.added_after is not None:
            rows = rows.filter(added_at__gt=asked.added_after)
        if asked.ids:
            rows = rows.filter(stix_id__in=asked.ids)
        if asked.types:
            rows = rows.filter(type__in=asked.types)
        wanted = asked.versions or ("last",)
        if "all" not in wanted:
            condition = Q(version__in=[one for one in wanted if isinstance(one, datetime)])
            condition |= Q(newest=True) if "last" in wanted else Q(pk=None)
            condition |= Q(first=True) if "first" in wanted else Q(pk=None)
            rows = rows.filter(newest=True) if set(wanted) == {"last"} else rows.filter(condition)
        return rows.order_by("place")

    def _said(self, keys: set[int]) -> dict[int, Said]:
        found = FeedEntry.objects.filter(pk__in=keys).select_related("feed__agreement", "beside")
        return {row.pk: said_by(row, self.lens) for row in found}

    def _frame(self, row: Placed) -> dict[str, Any] | None:
        return frame_object(row.stix_id, stix_time(row.created), self._names)

    @cached_property
    def _names(self) -> dict[str, tuple[str, str]]:
        """Party -> name and kind of organisation."""
        identity = identity_of(self.agreement.organisation_id)
        return {
            identity.party: (identity.organisation.name, str(identity.organisation.kind)),
            self.agreement.partner: (self.agreement.partner_name, self.agreement.partner_kind),
        }

    # MISP

    def heads(self) -> list[misp.EventHead]:
        """Every event of the MISP feed."""
        rows = self.newest().exclude(cause=None).values("block").order_by("block")
        found = rows.annotate(made=Min("created"), changed=Max("added_at"))
        return [self._head(row["block"], row["made"], row["changed"]) for row in found]

    def event(self, uuid: UUID) -> tuple[misp.EventHead, list[Version]]:
        """One event with what is in it. Raises NotFound."""
        head = next((one for one in self.heads() if one.uuid == uuid), None)
        if head is None:
            raise NotFound("event", str(uuid))
        return head, [version for _, version in self._of_block(head.block)]

    def hashes(self) -> Iterator[str]:
        """Lines of `hashes.csv`."""
        for head in self.heads():
            yield from misp.hashes(head, (version for _, version in self._of_block(head.block)))

    def _of_block(self, block: int) -> Iterator[tuple[Placed, Version]]:
        return self.every(Placed.objects.filter(shelf=self.shelf, newest=True, block=block))

    def _head(self, block: int, made: datetime, changed: datetime) -> misp.EventHead:
        name = self._reading.member.organisation_name
        own = UUID(party_id(self.lens.reader).partition("--")[2])
        strictest = DataClass.PERSONAL if self.lens.sees_persons else DataClass.PSEUDONYM
        info = f"{self.title}, part {block + 1}"
        return misp.EventHead(block, event_id(self.shelf.public_id, block), info, made, changed, (name, own), strictest)

    # Tables

    def table(self, kind: ItemKind | None) -> Iterator[str]:
        """CSV of listings or findings, or of entries of any kind, line by line."""
        rows = self._entry_rows() if kind is None else self._item_rows(kind)
        return tables.write_rows(tables.columns_of(kind), rows)

    def _item_rows(self, kind: ItemKind) -> Iterator[list[str]]:
        prefix = {ItemKind.LISTING: "infrastructure", ItemKind.FINDING: "note"}[kind]
        shared = Q(key__startswith="o:") | Q(key__startswith="t:") | Q(key__startswith="x:")
        for _, version in self.every(self.newest().filter(shared, type=prefix)):
            yield tables.row_of_item(version, kind)

    def _entry_rows(self) -> Iterator[list[str]]:
        for feed in Feed.objects.filter(agreement=self.agreement).order_by("-ours"):
            after = 0
            rows = FeedEntry.objects.filter(feed=feed).select_related("feed__agreement", "beside").order_by("seq")
            while chunk := list(rows.filter(seq__gt=after)[:CHUNK]):
                for row in chunk:
                    said = said_by(row, self.lens)
                    kept = "kept" if getattr(row, "beside", None) else "deleted"
                    yield tables.row_of_entry(said, row.recorded_at, "open" if said.entry.data is not None else kept)
                after = chunk[-1].seq


def books(reading: Reading) -> list[Book]:
    """Everything that a token opens."""
    return [Book(reading, agreement) for agreement in reading.agreements()]


def book(reading: Reading, public_id: str) -> Book:
    """One shelf, by the id of its collection. Raises NotFound, also for one that this token does not open."""
    try:
        identifier = UUID(public_id)
    except ValueError:
        raise NotFound("collection", "") from None
    for one in books(reading):
        if one.shelf.public_id == identifier:
            return one
    raise NotFound("collection", public_id)

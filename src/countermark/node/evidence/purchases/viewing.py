"""Read test purchases as a member sees them: lists, the timeline, a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from countermark.node.evidence import custody
from countermark.node.evidence.exhibits.making import EXHIBIT
from countermark.node.evidence.models import Purchase, PurchaseExhibit, PurchaseFile
from countermark.node.evidence.models.retained import Retention
from countermark.node.evidence.purchases.acts import Act, Mover, Stage
from countermark.node.evidence.purchases.chain import ACTS, Chain, chain_of, purchase_row, purchases_of
from countermark.node.evidence.purchases.fields import FIELDS
from countermark.node.evidence.purchases.words import Brought
from countermark.node.evidence.store import file_digest, store
from countermark.node.evidence.viewing import PaperShown
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.refusals import Refused
from countermark.proof.seals import CustodyLine

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """A purchase in a list; `opinion` is empty while no expert has said one."""

    id: str
    listing_id: str
    stage: Stage
    mover: Mover
    opinion: str
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the timeline.

    Attributes:
        seq, recorded, actor, action, digest: of the line.
        act: None when the line is no act, such as a check or an export.
        at: when it happened, ISO 8601 in UTC, as a person said.
        words: fields and what was written, in the order of the form.
        files: what came with it.
        corrects: place of the act whose words these replace, 0 when none.
        corrected: whether these words no longer stand.
        stamps: authority and time of each timestamp over this line.
        facts: further facts of a line that is no act.
    """

    seq: int
    recorded: str
    actor: str
    action: str
    digest: str
    act: Act | None = None
    at: str = ""
    words: tuple[tuple[str, str], ...] = ()
    files: tuple[Brought, ...] = ()
    corrects: int = 0
    corrected: bool = False
    stamps: tuple[tuple[str, datetime], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseShown:
    """Everything a page about one purchase needs.

    Attributes:
        row: as in a list.
        steps: the timeline, oldest first.
        allowed: what can be recorded now; `next` is what comes when all goes well, None at the end.
        holder: who has the object, as was written.
        held, held_by, held_for, review_on: legal hold, who answers for it, its case, when it is looked at again.
        retention, retain_until, deleted_at: class, last day, and when the files were deleted.
        papers: made for a court, oldest first.
        broken: sentences about what is no longer as it was recorded.
    """

    row: PurchaseRow
    steps: tuple[Step, ...]
    allowed: tuple[Act, ...]
    next: Act | None
    holder: str
    held: bool
    held_by: str
    held_for: str
    review_on: date | None
    retention: str
    retain_until: date | None
    deleted_at: datetime | None
    papers: tuple[PaperShown, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file to hand out, as a download; the caller closes it."""

    name: str
    media_type: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Supporting:
    """A purchase that can support a notice: its id, conclusion, and the digest that stands for its record."""

    id: str
    stage: Stage
    opinion: str
    digest: str


def purchases(member: Member, stage: str = "", after: int = 0) -> tuple[tuple[PurchaseRow, ...], int]:
    """A page of purchases, newest first, and where the next begins (0: there is none).

    Raises NotPermitted (EVIDENCE_PURCHASE).
    """
    rows = purchases_of(member).order_by("-id")
    if stage in set(Stage):
        rows = rows.filter(stage=stage)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_SIZE + 1])
    return tuple(_row(row) for row in found[:PAGE_SIZE]), found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else 0


def purchases_of_listing(member: Member, listing_id: str, most: int = 20) -> tuple[PurchaseRow, ...]:
    """Purchases from a listing, newest first; nothing for who may not see them."""
    if not member.may(Permission.EVIDENCE_PURCHASE):
        return ()
    return tuple(_row(row) for row in purchases_of(member).filter(listing_id=listing_id).order_by("-id")[:most])


def supporting(member: Member, listings: Iterable[str], most: int = 5) -> dict[str, tuple[Supporting, ...]]:
    """Purchases from listings that can support a notice about one, newest first, at most so many of each listing.

    They were unpacked at least, and no expert found the goods genuine. The digest is that of the line of the last act:
    through the chain it stands for every act, film and paper before it.
    """
    if not member.may(Permission.EVIDENCE_PURCHASE):
        return {}
    shown = [Stage.OPENED, Stage.SEALED, Stage.EXAMINED, Stage.CLOSED]
    rows = purchases_of(member).filter(listing_id__in=list(listings), stage__in=shown, deleted_at=None)
    found: dict[str, list[Supporting]] = defaultdict(list)
    for row in rows.exclude(opinion="genuine").order_by("-id"):
        known = found[row.listing_id]
        if len(known) == most:
            continue
        chain = _readable(row)
        # One that was closed before anybody opened it shows nothing.
        if chain is not None and any(done.act is Act.OPEN for done in chain.standing.done):
            known.append(Supporting(row.public_id, Stage(row.stage), row.opinion, chain.last_act.digest))
    return {listing: tuple(known) for listing, known in found.items()}


def _readable(row: Purchase) -> Chain | None:
    """The chain of a purchase; None where somebody broke it: its own page says so, and it supports nothing."""
    try:
        return chain_of(row)
    except Refused:
        return None


def purchase(member: Member, purchase_id: str) -> PurchaseShown:
    """One purchase. Raises NotPermitted (EVIDENCE_PURCHASE), NotFound."""
    row = purchase_row(member, purchase_id)
    try:
        chain = chain_of(row)
    except Refused as refused:
        return _shown(row, (), (), "", (str(refused),))
    allowed = chain.standing.allowed() if row.deleted_at is None else ()
    return _shown(row, _steps(row, chain), allowed, chain.standing.holder, chain.lost)


def open_file(member: Member, purchase_id: str, name: str) -> OpenFile:
    """A file, after it was compared with its hash; leaves a line of custody.

    Raises NotPermitted (EVIDENCE_PURCHASE), NotFound, Conflict (deleted, or changed in the store).
    """
    row = purchase_row(member, purchase_id)
    found = row.files.filter(name=name[:200]).first()
    if found is None:
        raise NotFound("file of this purchase", "")
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; the chain stays.", code="deleted")
    check_stored(found)
    with transaction.atomic():
        custody.add(row, member.actor, "opened", {"file": found.name})
    return OpenFile(found.name.replace("/", "-"), found.media_type, store().evidence_path(found.sha256).open("rb"))


def check_stored(file: PurchaseFile) -> None:
    """Make sure that the bytes in the store are those that were recorded. Raises Conflict."""
    found = file_digest(store().evidence_path(file.sha256))
    if not found:
        raise Conflict(f"{file.name} is not in the store any more.", code="evidence-lost")
    if found != file.sha256:
        raise Conflict(f"{file.name} in the store is no longer what was recorded.", code="evidence-changed")


def _row(row: Purchase) -> PurchaseRow:
    stage = Stage(row.stage)
    return PurchaseRow(
        id=row.public_id,
        listing_id=row.listing_id,
        stage=stage,
        mover=stage.mover,
        opinion=row.opinion,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _shown(
    row: Purchase, steps: tuple[Step, ...], allowed: tuple[Act, ...], holder: str, broken: tuple[str, ...]
) -> PurchaseShown:
    return PurchaseShown(
        row=_row(row),
        steps=steps,
        allowed=allowed,
        next=Stage(row.stage).next if allowed else None,
        holder=holder,
        held=row.held,
        held_by=row.held_by,
        held_for=row.held_for,
        review_on=row.review_on,
        retention=Retention(row.retention).label,
        retain_until=row.retain_until,
        deleted_at=row.deleted_at,
        papers=tuple(_paper(one) for one in row.exhibits.order_by("id")),
        broken=broken,
    )


def _paper(one: PurchaseExhibit) -> PaperShown:
    return PaperShown(
        name=one.name, kind=EXHIBIT, language=one.language, sha256=one.sha256, size=one.size, made_at=one.made_at
    )


def _steps(row: Purchase, chain: Chain) -> tuple[Step, ...]:
    stamps: dict[int, list[tuple[str, datetime]]] = {}
    for one in row.stamps.order_by("id"):
        stamps.setdefault(one.seq, []).append((one.authority, one.stamped_at))
    return tuple(_step(line, chain, tuple(stamps.get(line.seq, ()))) for line in chain.lines)


def _step(line: CustodyLine, chain: Chain, stamps: tuple[tuple[str, datetime], ...]) -> Step:
    said, acts = chain.words.get(line.seq), {one.seq: one.act for one in chain.standing.done}
    order = [one.name for one in FIELDS.get(acts.get(said.corrects or line.seq, Act.CORRECT), ())] if said else []
    is_act = line.action in ACTS
    return Step(
        seq=line.seq,
        recorded=line.at,
        actor=line.actor,
        action=line.action,
        digest=line.digest,
        act=Act(line.action) if is_act else None,
        at=said.words.get("at", "") if said else "",
        words=tuple((name, said.words[name]) for name in _in_order(said.words, order)) if said else (),
        files=said.files if said else (),
        corrects=said.corrects if said else 0,
        corrected=line.seq in chain.standing.corrected,
        stamps=stamps,
        facts=() if is_act else tuple(sorted(line.detail.items())),
    )


def _in_order(words: Mapping[str, str], order: list[str]) -> list[str]:
    """Names of fields as the form has them, what was wrong at the end; the time stands elsewhere."""
    return sorted(words.keys() - {"at"}, key=lambda name: order.index(name) if name in order else len(order))

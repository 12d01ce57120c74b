"""Legal holds in one register: each with owner, reason, case and a day on which somebody looks again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from countermark.node.audit import services as audit
from countermark.node.conduct import forgetting as measures
from countermark.node.duties.models import Hold
from countermark.node.evidence import retaining
from countermark.node.evidence.models import Evidence, Purchase
from countermark.node.exchange import holding as exchange
from countermark.node.exchange.holding import HoldReason
from countermark.node.exchange.models import Beside
from countermark.node.findings.models import Finding
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.notices import forgetting as notices
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import forgetting as proceedings

#: A hold that nobody looks at keeps personal data for ever.
LONGEST_REVIEW = timedelta(days=366)
REASONS = {
    HoldReason.LITIGATION: "a court case",
    HoldReason.AUTHORITY: "an order of an authority",
    HoldReason.CLAIM: "a claim that is prepared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShown:
    """A hold for a page; `due`: the day on which somebody looks again has come."""

    id: str
    target: str
    reason: str
    case: str
    owner: str
    placed_at: datetime
    review_on: date
    ended_at: datetime | None
    due: bool


def holds(member: Member, size: int = 200) -> tuple[HoldShown, ...]:
    """Every hold: those to look at first, then those that run, then those that ended. Raises NotPermitted."""
    member.require(Permission.RETENTION_HOLD)
    rows = Hold.objects.filter(organisation_id=member.organisation_id).order_by("review_on")[:size]
    today = now().date()
    shown = [
        HoldShown(
            id=row.public_id,
            target=row.target,
            reason=REASONS[HoldReason(row.reason)],
            case=row.case,
            owner=f"usr_{row.owner_id}",
            placed_at=row.placed_at,
            review_on=row.review_on,
            ended_at=row.ended_at,
            due=row.ended_at is None and row.review_on <= today,
        )
        for row in rows
    ]
    return tuple(sorted(shown, key=lambda one: (one.ended_at is not None, not one.due, one.review_on)))


def unregistered(member: Member, size: int = 100) -> tuple[str, ...]:
    """What is held elsewhere and stands in no register: nobody looks again. Raises NotPermitted (RETENTION_HOLD)."""
    member.require(Permission.RETENTION_HOLD)
    own = _running(member.organisation_id).values("target")
    ours = {"organisation_id": member.organisation_id, "held": True, "deleted_at": None}
    pieces, purchases = Evidence.objects.filter(**ours), Purchase.objects.filter(**ours)
    beside = Beside.objects.filter(entry__feed__organisation_id=member.organisation_id, held=True)
    found = [
        *pieces.exclude(public_id__in=own).values_list("public_id", flat=True)[:size],
        *purchases.exclude(public_id__in=own).values_list("public_id", flat=True)[:size],
        *beside.exclude(entry__entry_id__in=own).values_list("entry__entry_id", flat=True)[:size],
    ]
    return tuple(found[:size])


def due(organisation_id: int) -> int:
    """How many holds wait to be looked at."""
    return _running(organisation_id).filter(review_on__lte=now().date()).count()


def is_held(organisation_id: int, target: str) -> bool:
    """Whether a hold keeps something."""
    return _running(organisation_id).filter(target=target[:80]).exists()


@transaction.atomic
def place(member: Member, target: str, reason: str, case: str, review_on: date) -> str:
    """Hold something whatever its retention says.

    Args:
        member: RETENTION_HOLD; becomes the owner.
        target: a piece of evidence (`evd_…`), a test purchase (`prc_…`), a finding (`fnd_…`), a proceeding (`pcd_…`),
            a measure (`msr_…`), the words and papers of a notice (`ntc_…`), or what lies beside an entry (64
            hexadecimal digits).
        reason: a `HoldReason`, not `over`.
        case: docket or case; names no person.
        review_on: day on which the owner looks again, at most a year away.

    Raises:
        NotPermitted, NotFound, Invalid; Conflict: it is held already.
    """
    member.require(Permission.RETENTION_HOLD)
    _check(reason, case, review_on)
    if is_held(member.organisation_id, target):
        raise Conflict("It is held already. Change the day of that hold.", code="held-already")
    _switch(member, target, reason, case, review_on)
    made = new_id("hld")
    Hold.objects.create(
        organisation_id=member.organisation_id,
        public_id=made,
        target=target[:80],
        reason=reason,
        case=case.strip(),
        owner_id=member.user_id,
        review_on=review_on,
    )
    _note(member.actor, member.organisation_id, "hold.placed", made, {"target": target, "reason": reason})
    return made


@transaction.atomic
def review(member: Member, hold_id: str, review_on: date) -> None:
    """Somebody has looked, and the hold goes on until another day. Raises NotPermitted, NotFound, Invalid."""
    row = _row(member, hold_id)
    _check(row.reason, row.case, review_on)
    row.review_on, row.reminded_on, row.owner_id = review_on, None, member.user_id
    row.save(update_fields=["review_on", "reminded_on", "owner"])
    _note(member.actor, row.organisation_id, "hold.reviewed", hold_id, {"until": review_on.isoformat()})


@transaction.atomic
def end(member: Member, hold_id: str) -> None:
    """End a hold: what is over its day is deleted at the next round. Raises NotPermitted, NotFound."""
    row = _row(member, hold_id)
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    _switch(member, row.target, HoldReason.OVER, row.case, None)
    _note(member.actor, row.organisation_id, "hold.ended", hold_id, {"target": row.target})


def remind() -> int:
    """For a worker: write to the trail, once a day, that a hold waits to be looked at; says how many."""
    today = now().date()
    waiting = Hold.objects.filter(ended_at=None, review_on__lte=today).exclude(reminded_on=today)
    rows = list(waiting.order_by("pk")[:500])
    for row in rows:
        with transaction.atomic():
            if Hold.objects.filter(pk=row.pk).exclude(reminded_on=today).update(reminded_on=today):
                _note("worker", row.organisation_id, "hold.review_due", row.public_id, {"owner": f"usr_{row.owner_id}"})
    return len(rows)


def _running(organisation_id: int) -> QuerySet[Hold]:
    return Hold.objects.filter(organisation_id=organisation_id, ended_at=None)


def _row(member: Member, hold_id: str) -> Hold:
    member.require(Permission.RETENTION_HOLD)
    row = _running(member.organisation_id).select_for_update().filter(public_id=hold_id[:40]).first()
    if row is None:
        raise NotFound("hold", hold_id)
    return row


def _check(reason: str, case: str, review_on: date) -> None:
    if reason not in REASONS:
        raise Invalid.of("reason", "reason", "There is no such reason.", "Choose one of the list.")
    if not case.strip() or len(case) > 200 or not is_storable(case):
        raise Invalid.of("case", "case", "Name the case that it is for.", "Write a docket or the name of the case.")
    if not now().date() < review_on <= now().date() + LONGEST_REVIEW:
        raise Invalid.of("review_on", "day", "Somebody looks again within a year.", "Choose a day from tomorrow on.")


def _switch(member: Member, target: str, reason: str, case: str, review_on: date | None) -> None:
    """Tell the room that deletes: to hold until somebody looks again, or (None) to hold no longer."""
    held = review_on is not None
    by_the_table = {"pcd": proceedings.check_there, "msr": measures.check_there, "ntc": notices.check_there}
    kind = target.partition("_")[0]
    if kind in by_the_table and is_id(kind, target):
        if held:
            by_the_table[kind](member.organisation_id, target)
    elif is_id("evd", target) or is_id("prc", target):
        if held:
            retaining.hold(member, target, case.strip(), review_on)
        else:
            retaining.release(member, target, case.strip())
    elif target.startswith("fnd_"):
        if held and not Finding.objects.filter(organisation_id=member.organisation_id, core_id=target[:40]).exists():
            raise NotFound("finding", target)
    elif held:
        exchange.hold(member, [target], reason)
    else:
        exchange.release(member, [target], reason)


def _note(actor: str, organisation: int, action: str, target: str, detail: dict[str, str]) -> None:
    audit.record(actor=actor, organisation=organisation, action=action, target=target, detail=detail)

"""Apply what partners said: each entry once, in the order of its subject, with its effect in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.models import Agreement, FeedEntry, Inbound
from countermark.node.exchange.receipting import ReceiptContradicts, take_receipt
from countermark.node.exchange.rollbacks import freeze_ours
from countermark.node.exchange.thawing import THAWED
from countermark.node.kernel.claims import State, claim, finish
from countermark.node.kernel.errors import NotFound, Problem
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import Entry, read_moment, said_in
from countermark.proof.extracts import receipted
from countermark.proof.ijson import Plain, read_object
from countermark.proof.key_ring import REVOKED, ROTATED
from countermark.proof.refusals import Refused

#: Seconds for which a worker has an entry in hand.
LEASE_SECONDS = 120.0
#: Times that a worker may die over one entry before people must look.
_TRIES = 5
#: States in which an entry holds up what follows it on its subject.
UNFINISHED = (State.QUEUED, State.RUNNING, State.FAILED)


class CannotApply(Exception):
    """An entry that is well signed but cannot be applied here; it is kept, shown, and tried again when asked.

    Attributes:
        code: short, for machines and for the page.
        detail: what is missing, in words, without personal data.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code, self.detail = code, detail


#: Why an entry is kept, shown and tried again when asked; anything else is a fault of this node.
PROBLEMS = (CannotApply, Refused, Problem)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One entry of a partner, as the room that applies it is given it.

    Attributes:
        organisation_id: our organisation.
        agreement: under which it was said (a row of this room; other rooms take its `name` and `partner`).
        entry: what was signed.
        entry_id: its id.
        data: its content: what stands in it, and what lies beside it when that is a JSON object.
        carried: bytes beside it; None when there are none, or they were deleted before it was applied.
        media_type: of those bytes.
        recorded_at: when it came.
    """

    organisation_id: int
    agreement: Agreement
    entry: Entry
    entry_id: str
    data: Mapping[str, Plain]
    carried: bytes | None
    media_type: str
    recorded_at: datetime

    @property
    def happened_at(self) -> datetime:
        """When it happened, as the partner says."""
        return read_moment(self.entry.time)


Handler = Callable[[Arrived], None]


def claim_inbound(worker: str) -> int | None:
    """The oldest entry that may be applied, claimed; None when none waits.

    An entry waits for every earlier one of its feed on the same subject; others go on.
    """
    # One state at a time: asked for either, a database sorts the whole backlog for each entry that it gives out.
    for state in (State.QUEUED, State.RUNNING):
        row = claim(_free().filter(state=state), worker, LEASE_SECONDS, tries=_TRIES)
        if row is not None:
            return row.pk
    return None


def workers_claiming() -> list[str]:
    """Names of the workers that have an entry in hand."""
    held = Inbound.objects.filter(state=State.RUNNING).order_by("claimed_by")
    return list(held.values_list("claimed_by", flat=True).distinct())


def release_claims(worker: str) -> int:
    """Let entries wait again that a worker had in hand when it was killed; says how many."""
    held = Inbound.objects.filter(state=State.RUNNING, claimed_by=worker)
    return held.update(state=State.QUEUED, claimed_by="", claimed_until=None)


def apply_one(key: int, worker: str, handlers: Mapping[str, Handler]) -> str:
    """Apply a claimed entry; gives the state in which it is now.

    Args:
        key: what `claim_inbound` gave.
        worker: who claimed it.
        handlers: by type of entry, of other rooms. Those of the exchange itself are known here.
    """
    row = Inbound.objects.select_related("entry__feed__agreement", "entry__beside").get(pk=key)
    try:
        with transaction.atomic():
            carry_out(row, handlers)
            return State.DONE if finish(row, worker, State.DONE) else row.state
    except PROBLEMS as error:
        note_failure(row, worker, error)
    return State.FAILED


def carry_out(row: Inbound, handlers: Mapping[str, Handler]) -> None:
    """Do what an entry says. In a transaction, which the caller gives up when this raises one of `PROBLEMS`."""
    arrived = arrived_of(row.entry)
    _handler(arrived.entry.type, handlers)(arrived)


def note_failure(row: Inbound, worker: str, error: "CannotApply | Refused | Problem") -> None:
    """Keep an entry as one that cannot be applied, with the reason; after its effect was undone."""
    if isinstance(error, ReceiptContradicts):
        freeze_ours(row.entry.feed.agreement, error.reason)
    Inbound.objects.filter(pk=row.pk).update(code=error.code[:40])
    finish(row, worker, State.FAILED, str(error.detail) or str(error))


def waits_on(organisation_id: int, subject: str) -> bool:
    """Whether something that a partner said on a subject has come and is not applied yet."""
    rows = Inbound.objects.filter(organisation_id=organisation_id, subject=subject)
    return rows.filter(state__in=[State.QUEUED, State.RUNNING]).exists()


def retry(member: Member, entry_id: str) -> None:
    """Try an entry again that could not be applied, after the cause was mended.

    Raises:
        NotPermitted (EXCHANGE_SHARE), NotFound.
    """
    member.require(Permission.EXCHANGE_SHARE)
    failed = Inbound.objects.filter(
        organisation_id=member.organisation_id, entry__entry_id=entry_id[:64], state=State.FAILED
    )
    if not failed.update(state=State.QUEUED, attempts=0, reason="", code=""):
        raise NotFound("failed entry", entry_id)


def retry_unknown(types: Mapping[str, Handler]) -> int:
    """Try all entries again that were of a type unknown to this node, and are known after it was renewed."""
    failed = Inbound.objects.filter(state=State.FAILED, code="unknown-type", entry__type__in=list(types))
    return failed.update(state=State.QUEUED, attempts=0, reason="", code="")


def arrived_of(row: FeedEntry) -> Arrived:
    """An entry with its content, read again from the bytes that were signed."""
    entry = said_in(row.token)
    beside = getattr(row, "beside", None)
    carried = None if beside is None else bytes(beside.data)
    media_type = "" if beside is None else beside.media_type
    data = dict(entry.data or {})
    if carried is not None and media_type == "application/json":
        data |= read_object(carried)
    feed = row.feed
    return Arrived(
        feed.organisation_id, feed.agreement, entry, row.entry_id, data, carried, media_type, row.recorded_at
    )


def _free() -> QuerySet[Inbound]:
    earlier = Inbound.objects.filter(
        # The organisation follows from the feed; named, it lets the index on subjects be used.
        organisation=OuterRef("organisation"),
        entry__feed=OuterRef("entry__feed"),
        subject=OuterRef("subject"),
        id__lt=OuterRef("id"),
        state__in=UNFINISHED,
    )
    return Inbound.objects.filter(~Exists(earlier)).order_by("id")


def _handler(kind: str, handlers: Mapping[str, Handler]) -> Handler:
    found = _OWN.get(kind) or handlers.get(kind)
    if found is None:
        raise CannotApply("unknown-type", f"This node does not know entries of type {kind}. A newer version may.")
    return found


def _receipt(arrived: Arrived) -> None:
    take_receipt(arrived.agreement, *receipted(arrived.entry))


def _nothing(_arrived: Arrived) -> None:
    """Counts from the moment it is stored: keys are read from the feed itself."""


def _suspended(arrived: Arrived) -> None:
    lifecycle.partner_suspended(_locked(arrived), suspended=True)


def _resumed(arrived: Arrived) -> None:
    lifecycle.partner_suspended(_locked(arrived), suspended=False)


def _ended(arrived: Arrived) -> None:
    ends_at = arrived.data.get("ends_at")
    if not isinstance(ends_at, str):
        raise CannotApply("wrong-data", "It names no end.")
    lifecycle.partner_gave_notice(_locked(arrived), read_moment(ends_at))


def _locked(arrived: Arrived) -> Agreement:
    return Agreement.objects.select_for_update().get(pk=arrived.agreement.pk)


_OWN: Mapping[str, Handler] = {
    "receipt": _receipt,
    "agreement.agreed": _nothing,
    "agreement.amended": _nothing,
    "agreement.suspended": _suspended,
    "agreement.resumed": _resumed,
    "agreement.ended": _ended,
    "retention.deleted": _nothing,
    THAWED: _nothing,
    ROTATED: _nothing,
    REVOKED: _nothing,
}

"""Legal hold: keep what lies beside entries beyond its last day, and let it go again. Both are written to the trail."""

from collections.abc import Sequence
from enum import StrEnum

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.models import Beside
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Entries held or released by one act.
MOST_AT_ONCE = 1000


class HoldReason(StrEnum):
    """Why something is kept beyond its day. A code: a free text in the trail could name a person for ever."""

    LITIGATION = "litigation"
    AUTHORITY = "authority"
    CLAIM = "claim"
    OVER = "over"


def hold(member: Member, entry_ids: Sequence[str], reason: str) -> int:
    """Keep what lies beside some entries until it is released; says how many were not held before.

    Args:
        member: RETENTION_HOLD.
        entry_ids: 64 hexadecimal digits each, at most MOST_AT_ONCE.
        reason: a `HoldReason`, not `over`.

    Raises:
        NotPermitted; Invalid: the reason, or too many; NotFound: one of them is not ours to see, or has nothing beside
            it any more. Then none is held.
    """
    if reason == HoldReason.OVER:
        raise Invalid.of("reason", "reason", "That ends a hold.", "Choose litigation, authority or claim.")
    return _set(member, entry_ids, reason, held=True)


def release(member: Member, entry_ids: Sequence[str], reason: str = HoldReason.OVER) -> int:
    """Let go what was held; what is over its day is deleted at the next round. Raises as `hold`."""
    return _set(member, entry_ids, reason, held=False)


def _set(member: Member, entry_ids: Sequence[str], reason: str, *, held: bool) -> int:
    member.require(Permission.RETENTION_HOLD)
    if reason not in set(HoldReason):
        raise Invalid.of("reason", "reason", "There is no such reason.", f"Choose one of {', '.join(HoldReason)}.")
    wanted = set(entry_ids)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid.of("entries", "number", f"Name 1 to {MOST_AT_ONCE} entries.", "Do it in several steps.")
    with transaction.atomic():
        # Locked against the worker that deletes: whoever comes first decides, and nothing is held that is gone.
        rows = Beside.objects.select_for_update(of=("self",)).select_related("entry__feed__agreement")
        found = list(rows.filter(entry__feed__organisation_id=member.organisation_id, entry__entry_id__in=wanted))
        missing = wanted - {row.entry.entry_id for row in found}
        if missing:
            raise NotFound("entry with something beside it", min(missing)[:60])
        changed = [row for row in found if row.held != held]
        Beside.objects.filter(pk__in=[row.pk for row in changed]).update(held=held)
        for row in changed:
            audit.record(
                actor=member.actor,
                organisation=member.organisation_id,
                action="retention.held" if held else "retention.released",
                target=row.entry.entry_id,
                detail={"agreement": row.entry.feed.agreement.name, "reason": reason},
            )
    return len(changed)

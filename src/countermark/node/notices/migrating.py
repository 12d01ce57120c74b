"""A change of law reaches a notice only when a person moves it there: which have not been moved, what would change."""

from dataclasses import dataclass

import msgspec
from django.db import transaction

from countermark.law.regime import Regime
from countermark.model.decoding import decode
from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer, recording
from countermark.node.notices.models import Notice
from countermark.node.notices.states import ALIVE
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST_REASON, MOST_SHOWN = 1_000, 200


class _Pinned(msgspec.Struct):
    """Of a stored matter, only the version."""

    version: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """An open notice that runs under a version of its law which is no longer the one in force."""

    id: str
    title: str
    regime: str
    version: str


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that differs: its words under the pinned version and now; empty where it does not exist."""

    rule: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Move:
    """What moving a notice would change, and what it would not.

    Attributes:
        notice, title: which.
        law: title of the regime.
        pinned, present: versions.
        changes: rules that differ, in the order of the file.
        running: clocks that keep the dates they were given, in words.
    """

    notice: str
    title: str
    law: str
    pinned: str
    present: str
    changes: tuple[Change, ...]
    running: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether another version is in force."""
        return self.pinned != self.present


def outdated(member: Member) -> tuple[Outdated, ...]:
    """Open notices of the organisation that have pinned another version; at most MOST_SHOWN. NOTICES_VIEW."""
    member.require(Permission.NOTICES_VIEW)
    found: list[Outdated] = []
    for regime in lawyer.regimes():
        rows = Notice.objects.filter(
            organisation_id=member.organisation_id, regime=regime.id, stage__in=sorted(ALIVE)
        ).exclude(matter__contains=f'"version":"{regime.version}"')
        for row in rows.order_by("pk").only("public_id", "title", "matter")[: MOST_SHOWN - len(found)]:
            version = decode(row.matter, _Pinned).version
            found.append(Outdated(row.public_id, row.title, regime.file.title, version))
    return tuple(found)


def preview(member: Member, notice_id: str) -> Move:
    """What moving would change. Raises NotPermitted (NOTICES_VIEW), NotFound, Conflict (the pinned version is lost)."""
    member.require(Permission.NOTICES_VIEW)
    row = Notice.objects.filter(organisation_id=member.organisation_id, public_id=notice_id[:40]).first()
    if row is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    matter = lawyer.read(row.matter)
    before, after = lawyer.law_of(matter), lawyer.regime(row.regime)
    running = tuple(
        f"{one.title}: {one.due.last.isoformat()}" for one in matter.running if one.due and one.due.last is not None
    )
    changes = tuple(_changes(before, after)) if before.version != after.version else ()
    return Move(row.public_id, row.title, after.file.title, before.version, after.version, changes, running)


@transaction.atomic
def move(member: Member, notice_id: str, version: str, reason: str) -> None:
    """Move a notice to the version of its law that is in force.

    Args:
        member: LAWBOOK_SIGN.
        notice_id: `ntc_…`.
        version: that the person has seen; another one in force means that it has changed meanwhile.
        reason: why; it stays in the log of the matter.

    Raises:
        NotPermitted, NotFound, Invalid (reason), Conflict, LawRefuses.
    """
    member.require(Permission.LAWBOOK_SIGN)
    if not reason.strip() or len(reason) > LONGEST_REASON or not is_storable(reason):
        raise Invalid.of("reason", "reason-missing", "Say why the law of this notice changes.", "Name law and article.")
    row = recording.lock(member, notice_id)
    if lawyer.regime(row.regime).version != version:
        raise Conflict("The law has changed since you looked. Look again.", code="rule-changed")
    after = lawyer.moved(lawyer.read(row.matter), now(), member.actor, reason.strip())
    recording.record_move(row, after, member.actor, reason.strip())
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="notice.law_moved",
        target=row.public_id,
        detail={"to": version},
    )


def _changes(before: Regime, after: Regime) -> list[Change]:
    rows = {one.id: one for one in before.file.rules}
    new = {one.id: one for one in after.file.rules}
    found = []
    for name in dict.fromkeys([*rows, *new]):
        old, now_ = rows.get(name), new.get(name)
        if old is None or now_ is None or old.version != now_.version:
            some = now_ or old
            assert some is not None
            found.append(Change(f"{after.id}/{name}", some.title, _words(old), _words(now_)))
    return found


def _words(rule: object) -> str:
    if rule is None:
        return ""
    time = getattr(rule, "time", None)
    return f"{getattr(rule, 'says', '')} {time.period}." if time else str(getattr(rule, "says", ""))

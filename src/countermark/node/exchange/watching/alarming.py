"""What does not go as agreed, from how things stand: pure, so that every threshold is tested with a clock alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from countermark.node.exchange.shown import Alarm, AlarmCode, FeedShown, KeyState, PartnerStanding
from countermark.node.exchange.states import IN_FORCE, FeedState
from countermark.node.kernel.claims import State

#: An answer may fail once or twice: a partner restarts its node.
SILENT_AFTER = timedelta(minutes=15)
#: Our own worker asks every few seconds; so long without a question means that it does not run.
NOT_ASKING_AFTER = timedelta(minutes=30)
#: A witness answers within minutes.
WITNESS_AFTER = timedelta(hours=1)
#: How far clocks may differ before entries are kept back (`receiving.CLOCK_TOLERANCE`).
CLOCK_SECONDS = 120

_ENDING = (KeyState.ENDS_SOON, KeyState.ENDED)


def alarms_in(standings: Iterable[PartnerStanding], moment: datetime) -> tuple[Alarm, ...]:
    """Every alarm, the gravest kind first, among equals the oldest."""
    found = [alarm for standing in standings for alarm in _of(standing, moment)]
    order = list(AlarmCode)
    grave = (AlarmCode.BROKEN, AlarmCode.FROZEN)
    return tuple(sorted(found, key=lambda one: (one.code not in grave, order.index(one.code), one.since or moment)))


def _of(standing: PartnerStanding, moment: datetime) -> Iterator[Alarm]:
    yield from _about_offers(standing)
    if standing.agreement.state in IN_FORCE:
        yield from _about_trust(standing)
        yield from _about_silence(standing, moment)
        yield from _about_entries(standing)
        yield from _about_keys(standing, moment)


def _about_offers(standing: PartnerStanding) -> Iterator[Alarm]:
    row = standing.agreement
    if row.our_move and row.proposed_by_us is False:
        yield _alarm(standing, AlarmCode.OFFER, row.since, version=row.pending)
    lost = [parcel for parcel in standing.parcels if parcel.state == State.FAILED]
    if lost:
        yield _alarm(standing, AlarmCode.UNDELIVERED, lost[0].made_at, kind=lost[0].kind)


def _about_trust(standing: PartnerStanding) -> Iterator[Alarm]:
    if standing.broken:
        yield _alarm(standing, AlarmCode.BROKEN, None)
    for feed in (standing.ours, standing.theirs):
        if feed is not None and feed.state == FeedState.FROZEN:
            yield _alarm(standing, AlarmCode.FROZEN, feed.changed_at, reason=feed.reason, feed=feed.name)


def _about_silence(standing: PartnerStanding, moment: datetime) -> Iterator[Alarm]:
    talk = standing.talk
    if talk.failing_since is not None and talk.failing_since <= moment - SILENT_AFTER:
        yield _alarm(standing, AlarmCode.SILENT, talk.answered_at or talk.failing_since, problem=talk.problem)
    elif talk.asked_at is not None and talk.asked_at <= moment - NOT_ASKING_AFTER:
        yield _alarm(standing, AlarmCode.NOT_ASKING, talk.asked_at)
    waiting = _waiting_since(standing.ours)
    if waiting is not None and waiting <= moment - timedelta(hours=talk.receipt_hours):
        yield _alarm(standing, AlarmCode.NO_RECEIPT, waiting, hours=talk.receipt_hours)
    if talk.unwitnessed_since is not None:
        # Checkpoints that are older than the agreement have waited for this partner only since then.
        since = max(talk.unwitnessed_since, standing.agreement.since)
        if since <= moment - WITNESS_AFTER:
            yield _alarm(standing, AlarmCode.NOT_WITNESSED, since, problem=talk.witness_problem)
    unproven = None if standing.theirs is None else standing.theirs.unproven_since
    if unproven is not None and unproven <= moment - WITNESS_AFTER and talk.failing_since is None:
        yield _alarm(standing, AlarmCode.NOT_PROVEN, unproven)
    if talk.clock_off_seconds is not None and abs(talk.clock_off_seconds) > CLOCK_SECONDS:
        yield _alarm(standing, AlarmCode.CLOCK, talk.answered_at, seconds=talk.clock_off_seconds)


def _waiting_since(feed: FeedShown | None) -> datetime | None:
    return None if feed is None else feed.waiting_since


def _about_entries(standing: PartnerStanding) -> Iterator[Alarm]:
    stuck = [one for one in standing.refusals if not one.solved]
    if stuck:
        yield _alarm(standing, AlarmCode.REFUSED, stuck[0].at, reason=stuck[0].code, seq=stuck[0].seq)
    if standing.unapplied:
        oldest = standing.unapplied[0]
        yield _alarm(standing, AlarmCode.UNAPPLIED, oldest.recorded_at, count=standing.unapplied_total)


def _about_keys(standing: PartnerStanding, moment: datetime) -> Iterator[Alarm]:
    """One alarm a side: the key of it that ends first, unless a newer one of its purpose is there."""
    for ours in (True, False):
        good = {key.purpose for key in standing.keys if key.ours is ours and key.state is KeyState.USED}
        ending = [key for key in standing.keys if key.ours is ours and key.state in _ENDING and key.purpose not in good]
        first = min(ending, key=lambda key: key.until or moment, default=None)
        if first is not None and first.until is not None:
            side = "ours" if ours else "theirs"
            yield _alarm(standing, AlarmCode.KEY_ENDS, first.until, side=side, purpose=str(first.purpose))


def _alarm(standing: PartnerStanding, code: AlarmCode, since: datetime | None, **facts: str | int) -> Alarm:
    row = standing.agreement
    return Alarm(code=code, agreement=row.name, partner_name=row.partner_name, since=since, facts=facts)

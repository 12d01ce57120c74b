"""Send what waits, a batch at a time, so that a worker may be killed at any point and nothing goes twice.

A batch is written down before its call begins. When its answer was lost, the same batch is asked about, or sent again
as it was where the other side makes one of two; only then does the next begin.
"""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from countermark.node.audit import services as audit
from countermark.node.channels import looking, standing
from countermark.node.channels.connector import Again, Arrived, Outcome, Refused, TryLater, Unsure
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch, Report
from countermark.node.channels.outbox import place_of
from countermark.node.channels.reporting import news_of
from countermark.node.channels.shelf import connector
from countermark.node.kernel import claims
from countermark.node.kernel.claims import State
from countermark.node.kernel.deadlines import deadline
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now

log = structlog.get_logger(__name__)

#: Seconds of a claim, and of all calls of one turn: it ends well before somebody else may take the channel.
_CLAIM, _TURN = 600.0, 300.0
_TELL = "Look into the log of the worker, and tell whoever keeps the connector."

#: Columns that an outcome changes.
_WRITTEN = (
    "state",
    "batch",
    "began_at",
    "sent_at",
    "their_id",
    "status",
    "raw_status",
    "status_at",
    "next_look",
    "reports",
    "problem",
    "detail",
    "mend",
)


def claim_channel(worker: str) -> str | None:
    """Claim a channel that has something to do now, the one that waited longest; gives its id, None for none."""
    moment, open_now = now(), Dispatch.objects.filter(channel=OuterRef("pk"))
    to_send = open_now.filter(state__in=(Dispatch.State.WAITING, Dispatch.State.UNSURE))
    to_look = open_now.filter(state=Dispatch.State.SENT, next_look__lte=moment)
    due = Channel.objects.filter(Q(next_try=None) | Q(next_try__lte=moment), paused_at=None, closed_at=None)
    due = due.filter(Exists(to_send) | Exists(to_look)).order_by(F("turn_at").asc(nulls_first=True), "pk")
    row = claims.claim(due, worker, _CLAIM)
    return row.public_id if row else None


def workers_claiming() -> list[str]:
    """Names of workers that hold channels."""
    held = Channel.objects.filter(state=State.RUNNING).exclude(claimed_by="")
    return list(held.values_list("claimed_by", flat=True).distinct())


def release_claims(worker: str) -> int:
    """Let what a worker held wait again; says how many."""
    rows = Channel.objects.filter(state=State.RUNNING, claimed_by=worker)
    return sum(claims.give_back(row, worker) for row in rows)


def run_channel(channel_id: str, worker: str, line: Line | None = None) -> bool:
    """One turn of a claimed channel: one batch, or one look at how things stand; says whether it went well."""
    channel = Channel.objects.select_related("organisation").get(public_id=channel_id)
    Channel.objects.filter(pk=channel.pk).update(turn_at=now())
    try:
        with deadline(_TURN), line or Line(loopback=place_of(channel).loopback) as open_line:
            if not send_batch(channel, open_line):
                looking.look_at_some(channel, open_line)
    except TryLater as problem:
        standing.went_wrong(channel, problem)
        return False
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # A connector that fails must hold up neither its worker nor the other channels; what was begun is asked about.
        log.exception("channel.connector_failed", channel=channel.public_id, error=type(error).__name__)
        standing.went_wrong(
            channel, TryLater("connector", "The connector failed.", mend=_TELL, retry_after=standing.HOUR)
        )
        return False
    finally:
        claims.give_back(channel, worker)
    standing.went_well(channel)
    return True


def send_batch(channel: Channel, line: Line) -> int:
    """Send the next batch of a channel; says how many messages it had. Raises TryLater."""
    found, place = connector(channel.connector), place_of(channel)
    problems = found.missing(place)
    lost = _lost_batch(channel)
    rows = lost or _begin(channel, found.limits.in_a_call, ready=not problems)
    if problems and Dispatch.objects.filter(channel=channel, state__in=("waiting", "unsure")).exists():
        raise TryLater("not-set-up", problems[0].message, mend=problems[0].mend, retry_after=standing.HOUR)
    if not rows:
        return 0
    ask = found.find if lost and not found.repeats_safely else found.send
    try:
        outcomes = ask(looking.parcels_of(rows), place, line)
    except TryLater as problem:
        if problem.nothing_sent and not lost:
            _free(rows)
        raise
    _write(channel, rows, outcomes)
    return len(rows)


def _lost_batch(channel: Channel) -> list[Dispatch]:
    """The oldest batch whose answer is not known; a batch stays together, so that it is the same call again."""
    unsure = _rows(channel).filter(state=Dispatch.State.UNSURE)
    first = unsure.first()
    return list(unsure.filter(batch=first.batch)) if first else []


def _rows(channel: Channel) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(channel=channel).select_related("channel").order_by("pk")


@transaction.atomic
def _begin(channel: Channel, most: int, *, ready: bool) -> list[Dispatch]:
    if not ready:
        return []
    waiting = _rows(channel).filter(state=Dispatch.State.WAITING)
    rows, batch, moment = list(waiting[:most]), new_id("btc"), now()
    keys = [row.pk for row in rows]
    Dispatch.objects.filter(pk__in=keys).update(
        state=Dispatch.State.UNSURE, batch=batch, began_at=moment, attempts=F("attempts") + 1
    )
    for row in rows:
        row.state, row.batch, row.began_at = Dispatch.State.UNSURE, batch, moment
    return rows


def _free(rows: Sequence[Dispatch]) -> None:
    """The other side surely took nothing: they wait as before."""
    keys = [row.pk for row in rows]
    Dispatch.objects.filter(pk__in=keys, state=Dispatch.State.UNSURE).update(
        state=Dispatch.State.WAITING, batch="", began_at=None
    )


@transaction.atomic
def _write(channel: Channel, rows: Sequence[Dispatch], outcomes: Sequence[Outcome]) -> None:
    """What became of a batch: rows, reports and trail together, or nothing of it."""
    held = Dispatch.objects.select_for_update().filter(
        pk__in=[row.pk for row in rows], state=Dispatch.State.UNSURE, batch=rows[0].batch
    )
    still = set(held.values_list("pk", flat=True))
    news: list[Report] = []
    for row, outcome in zip(rows, outcomes, strict=True):
        if row.pk in still:
            news += _apply(row, outcome)
            row.save(update_fields=_WRITTEN)
            if row.state == Dispatch.State.FAILED:
                _trail(channel, row.public_id, "dispatch.failed", subject=row.subject, problem=row.problem)
    Report.objects.bulk_create(news)
    if news:
        _trail(channel, channel.public_id, "dispatch.sent", batch=news[0].dispatch.batch, messages=len(news))


def _apply(row: Dispatch, outcome: Outcome) -> list[Report]:
    """The row as the outcome leaves it, not saved, and the report that goes with it."""
    row.problem = row.detail = row.mend = ""
    match outcome:
        case Arrived(their_id, raw, status):
            row.state, row.sent_at, row.their_id = Dispatch.State.SENT, now(), their_id[:200]
            told = news_of(row, raw, status)
            row.next_look = looking.first_look(row)
            return [told] if told else []
        case Refused(code, detail, mend):
            row.state, row.problem = Dispatch.State.FAILED, code[:40]
            row.detail, row.mend = detail[:1000], mend[:500]
        case Unsure(mend):
            row.state, row.problem, row.mend = Dispatch.State.FAILED, "unsure", mend[:500]
            row.detail = "The call began and its answer was lost. Whether it arrived is not known."
        case Again():
            row.state, row.batch, row.began_at = Dispatch.State.WAITING, "", None
    return []


def _trail(channel: Channel, target: str, action: str, **facts: str | int) -> None:
    audit.record(
        actor="worker",
        organisation=channel.organisation_id,
        action=action,
        target=target,
        detail={"channel": channel.public_id, **facts},
    )
    log.info(action, target=target, channel=channel.public_id, **facts)

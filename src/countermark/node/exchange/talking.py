"""Talk with one partner: bring what waits, fetch what it said, sign for it, and have our log witnessed."""

from collections.abc import Mapping
from random import SystemRandom
from typing import Protocol

import structlog
from django.db import transaction

from countermark.node.exchange import logs
from countermark.node.exchange.agreeing import parcels
from countermark.node.exchange.answering import write_add_checkpoint
from countermark.node.exchange.clocks import note_clock
from countermark.node.exchange.models import Agreement, Feed, Parcel, Standing
from countermark.node.exchange.pages import MOST_ENTRIES, read_page
from countermark.node.exchange.receipting import give_receipt
from countermark.node.exchange.receiving import Received, note_refusal, receive
from countermark.node.exchange.rollbacks import shows_rollback
from countermark.node.exchange.states import TALKING
from countermark.node.exchange.wire.backoff import is_due, next_try
from countermark.node.exchange.wire.client import JSON, Reply
from countermark.node.exchange.wire.partner_problems import PartnerProblem, PartnerRefused
from countermark.node.kernel.time import now
from countermark.proof.ijson import Plain
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)

#: Statuses that speak of keys and clocks, not of what was brought: those are mended, and it is brought again.
_OF_THE_DOOR = frozenset({401, 403})
#: Why a partner does not cosign a log that is not the one it saw before.
_OTHER_HISTORY = frozenset({"other-size", "not-consistent", "equivocation"})
#: Parcels sent in one go.
_MOST_PARCELS = 20
_PATHS = {"offer": "/offers", "signature": "/agreements/{name}/signature", "refusal": "/agreements/{name}/refusal"}
_RNG = SystemRandom()


class Line(Protocol):
    """A way to ask a partner's node; `wire.client.PartnerClient` is one. Both raise PartnerProblem."""

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Reply:
        """Ask for something."""
        ...

    def post(self, path: str, said: dict[str, Plain] | bytes, *, media_type: str = "") -> Reply:
        """Hand something over."""
        ...


def partners_to_talk_to() -> list[int]:
    """Rows of all agreements under which there is anything to say or to hear."""
    waiting = Parcel.objects.filter(state__in=(Parcel.State.QUEUED, Parcel.State.RUNNING)).values("agreement_id")
    rows = Agreement.objects.filter(state__in=TALKING).values_list("pk", flat=True)
    return sorted({*rows, *(one["agreement_id"] for one in waiting)})


def due(agreement_id: int) -> bool:
    """Whether it is time to ask this partner, also after failures."""
    moment = Standing.objects.values_list("next_try", flat=True).get(agreement_id=agreement_id)
    return is_due(moment, now())


def begin_anew() -> int:
    """Forget how long to wait for partners: a node that was just started asks each at once. Says how many waited."""
    return Standing.objects.exclude(next_try=None).update(next_try=None)


def fetch(agreement_id: int, line: Line, wait: float = 0.0) -> Received | None:
    """Ask once for entries, keep what came, and sign for it.

    Args:
        agreement_id: its row.
        line: to the partner.
        wait: seconds that the partner may hold our question until it has news.

    Returns:
        What became of the page; None when it could not be had. The failure is noted in the standing, with the moment
        of the next try.
    """
    agreement = Agreement.objects.get(pk=agreement_id)
    if agreement.state not in TALKING:
        return None
    try:
        received = _fetch(agreement, line, wait)
    except PartnerProblem as problem:
        note_clock(agreement.pk, getattr(problem, "date", None))
        _went_wrong(agreement, problem)
        return None
    _went_well(agreement)
    if received.stored:
        give_receipt(agreement)
    return received


def bring(agreement_id: int, line: Line, worker: str) -> int:
    """Bring what waits for the partner outside of the feed: offers, signatures, refusals; says how many arrived.

    A parcel that the partner will never take is kept as failed, with its reason; one that could not be brought waits.
    """
    agreement = Agreement.objects.get(pk=agreement_id)
    try:
        return _bring(agreement, line, worker)
    except PartnerProblem as problem:
        log.warning("exchange.not_brought", agreement=agreement.name, code=problem.code)
        return 0


def have_witnessed(agreement_id: int, line: Line) -> bool:
    """Ask a partner to cosign our newest checkpoint; says whether it has cosigned it now.

    Not being witnessed is noted, and shown on the first page.
    """
    agreement = Agreement.objects.get(pk=agreement_id)
    try:
        asked = logs.to_witness(agreement)
        if asked is None:
            return True
        logs.keep_cosignature(agreement, asked.checkpoint, _ask_witness(agreement, line, asked))
    except (PartnerProblem, Refused) as problem:
        if problem.code in _OTHER_HISTORY:
            _compare_histories(agreement, line)
        Standing.objects.filter(agreement=agreement).update(witness_problem=problem.code[:40])
        log.warning("exchange.not_witnessed", agreement=agreement.name, code=problem.code)
        return False
    return True


def tell_news(agreement_id: int, line: Line) -> None:
    """Tell the partner once that our feed has grown; a hint that is lost costs nothing but time."""
    feed = Feed.objects.filter(agreement_id=agreement_id, ours=True).first()
    standing = Standing.objects.get(agreement_id=agreement_id)
    if feed is None or feed.seq <= standing.told_seq:
        return
    # Noted before it is sent: a partner that is away is not told the same thing again and again.
    Standing.objects.filter(pk=standing.pk).update(told_seq=feed.seq)
    try:
        line.post(f"/agreements/{feed.agreement.name}/hint", {"seq": feed.seq})
    except PartnerProblem as problem:
        log.info("exchange.hint_lost", agreement=feed.agreement.name, code=problem.code)


def _bring(agreement: Agreement, line: Line, worker: str) -> int:
    sent = 0
    while sent < _MOST_PARCELS:
        parcel = parcels.claim_parcel(agreement, worker)
        if parcel is None:
            return sent
        try:
            line.post(_PATHS[parcel.kind].format(name=agreement.name), bytes(parcel.body), media_type=JSON)
        except PartnerProblem as problem:
            if isinstance(problem, PartnerRefused) and not problem.passes and problem.status not in _OF_THE_DOOR:
                parcels.refused(parcel, worker, str(problem))
                continue
            parcels.later(parcel, worker, next_try(max(1, parcel.attempts), now(), _RNG))
            raise
        parcels.delivered(parcel, worker)
        sent += 1
    return sent


def _fetch(agreement: Agreement, line: Line, wait: float) -> Received:
    after = Feed.objects.values_list("seq", flat=True).get(agreement=agreement, ours=False)
    Standing.objects.filter(agreement=agreement).update(asked_at=now())
    query = {"after": after, "most": MOST_ENTRIES, "wait": int(wait)}
    reply = line.get(f"/agreements/{agreement.name}/entries", query)
    note_clock(agreement.pk, reply.date)
    try:
        page = read_page(reply.body)
        received = receive(agreement, page, asked_after=after)
        if received.code == "broken-chain" and received.head > 0:
            received = _look_back(agreement, line, received)
    except Refused as refused:
        note_refusal(agreement, agreement.name, after + 1, refused, "")
        return Received(0, 0, after, refused)
    return received


def _look_back(agreement: Agreement, line: Line, received: Received) -> Received:
    """Ask again for the entry before the break: a partner that went on from an old copy now says another one there.

    The two together are a proof of fault, where a broken chain alone is only a puzzle.
    """
    query = {"after": received.head - 1, "most": 1}
    again = receive(agreement, read_page(line.get(f"/agreements/{agreement.name}/entries", query).body))
    return again if again.frozen else received


def _compare_histories(agreement: Agreement, line: Line) -> None:
    """Ask the partner for the newest checkpoint of ours that it cosigned, and see whether our log still holds it."""
    try:
        note = line.get(f"/agreements/{agreement.name}/witnessed").body.decode("utf-8", "replace")
        if shows_rollback(agreement, note):
            log.error("exchange.went_back_in_time", agreement=agreement.name)
    except (PartnerProblem, Refused) as problem:
        log.warning("exchange.histories_not_compared", agreement=agreement.name, code=problem.code)


def _ask_witness(agreement: Agreement, line: Line, asked: logs.ToWitness) -> str:
    path = f"/agreements/{agreement.name}/checkpoint"
    try:
        return _cosignature(line.post(path, write_add_checkpoint(asked), media_type="text/plain"))
    except PartnerRefused as refused:
        if refused.code != "other-size" or not refused.detail.isdigit():
            raise
        again = logs.to_witness(agreement, old_size=int(refused.detail))
        if again is None:
            raise
        return _cosignature(line.post(path, write_add_checkpoint(again), media_type="text/plain"))


def _cosignature(reply: Reply) -> str:
    try:
        return reply.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not-a-note", "The cosignature is not text.") from error


def _went_well(agreement: Agreement) -> None:
    Standing.objects.filter(agreement=agreement).update(
        answered_at=now(), failing_since=None, failures=0, next_try=None, problem="", detail=""
    )


def _went_wrong(agreement: Agreement, problem: PartnerProblem) -> None:
    moment = now()
    with transaction.atomic():
        standing = Standing.objects.select_for_update().get(agreement=agreement)
        standing.failures += 1
        standing.failing_since = standing.failing_since or moment
        standing.problem, standing.detail = problem.code[:40], str(problem.detail)[:300].replace("\0", "")
        standing.next_try = next_try(standing.failures, moment, _RNG, getattr(problem, "retry_after", None))
        standing.save(update_fields=["failures", "failing_since", "problem", "detail", "next_try"])
    log.warning("exchange.partner_failed", agreement=agreement.name, code=problem.code, failures=standing.failures)

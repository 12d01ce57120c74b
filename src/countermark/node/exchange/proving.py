"""Have a partner prove that its receipts stand in its log: what it signed for is then out of its hands for good."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from countermark.node.exchange.models import Agreement, FeedEntry, ReceiptProof, Standing
from countermark.node.exchange.receiving import note_refusal
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.talking import Line
from countermark.node.exchange.wire.partner_problems import PartnerProblem
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose
from countermark.proof.extracts import RECEIPT
from countermark.proof.log_proofs import check_log_proof, leaf_of, read_log_proof
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)

#: Receipts asked about in one go: each is a request of its own.
_AT_ONCE = 20
#: Between two questions about receipts that no log we witnessed since they came can hold.
_ASK_EVERY = timedelta(minutes=10)
_asked: dict[int, datetime] = {}


def prove_receipts(agreement_id: int, line: Line) -> int:
    """Fetch, check and keep the log proofs of receipts that came before we last witnessed the partner's log.

    A receipt that the partner cannot prove yet, or that cannot be asked about, is asked about again later; a proof that
    does not hold is noted as refused, and passed over. Now and then one is asked about whatever we witnessed when: it
    may have been long on its way, and stand in a log that has not grown since.

    Returns:
        How many proofs are kept now that were not before.
    """
    agreement = Agreement.objects.select_related("standing").get(pk=agreement_id)
    kept = 0
    for receipt in _unproven(agreement, whenever=_is_time(agreement_id))[:_AT_ONCE]:
        try:
            text = line.get(f"/agreements/{agreement.name}/entries/{receipt.entry_id}/log-proof").body
        except PartnerProblem as problem:
            log.info("exchange.receipt_not_proven", agreement=agreement.name, seq=receipt.seq, code=problem.code)
            return kept
        kept += _keep(agreement, receipt, text)
    return kept


def _is_time(agreement_id: int) -> bool:
    last, moment = _asked.get(agreement_id), now()
    if last is not None and moment - _ASK_EVERY < last <= moment:
        return False
    _asked[agreement_id] = moment
    return last is not None


def _unproven(agreement: Agreement, *, whenever: bool) -> QuerySet[FeedEntry]:
    standing = agreement.standing
    if standing.witnessed_them_at is None:
        return FeedEntry.objects.none()
    rows = FeedEntry.objects.filter(
        feed__agreement=agreement, feed__ours=False, type=RECEIPT, seq__gt=standing.proved_seq
    ).order_by("seq")
    return rows if whenever else rows.filter(recorded_at__lt=standing.witnessed_them_at)


def _keep(agreement: Agreement, receipt: FeedEntry, body: bytes) -> bool:
    try:
        text = body.decode("utf-8", "replace").replace("\0", "")
        _check(agreement, receipt, text)
    except Refused as refused:
        note_refusal(agreement, receipt.feed.name, receipt.seq, refused, "")
        text = ""
    with transaction.atomic():
        if text:
            ReceiptProof(entry=receipt, text=text).save()
        Standing.objects.filter(agreement=agreement).update(proved_seq=receipt.seq)
    return bool(text)


def _check(agreement: Agreement, receipt: FeedEntry, text: str) -> None:
    """By the rules of `countermark verify`: in the partner's log, under a checkpoint that somebody else witnessed."""
    ring, node = ring_of(agreement), agreement.partner_node
    logs = [key for key in ring.note_keys(Purpose.LOG) if key.name == node]
    witnesses = [key for key in ring.note_keys(Purpose.WITNESS) if key.name != node]
    check_log_proof(read_log_proof(text), leaf_of(bytes(receipt.leaf_salt), receipt.entry_id), logs, witnesses)

"""Our own database went back in time: noticed by what partners hold, before we contradict ourselves.

A copy from yesterday lacks what was said since. Whoever goes on from it signs a second statement for a place that is
taken, which is a proof of fault. So the feeds stand still until people have looked.
"""

from countermark.node.exchange.models import Agreement, Feed, Log
from countermark.node.exchange.receiving import freeze
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.states import FeedState
from countermark.node.exchange.trees import Tree
from countermark.proof.agreements import Purpose
from countermark.proof.checkpoints import Checkpoint, open_checkpoint

#: Why a feed of ours is frozen: a partner holds more than we have, or signed for something else than we have.
ROLLED_BACK, RECEIPT_DIFFERS = "rolled-back", "receipt-differs"


def went_back(organisation_id: int) -> bool:
    """Whether a feed of ours stands still because our database went back in time."""
    reasons = (ROLLED_BACK, RECEIPT_DIFFERS)
    return Feed.objects.filter(organisation_id=organisation_id, ours=True, reason__in=reasons).exists()


def shows_rollback(agreement: Agreement, note: str) -> bool:
    """Whether a checkpoint that we once signed holds more, or something else, than our log does now.

    If so, all our feeds are frozen: one log holds them all. A partner cannot bring this about: it would need our
    signature.

    Args:
        agreement: with the partner that kept the checkpoint.
        note: as it gives it back.

    Raises:
        Refused: the note is not ours.
    """
    keys = ring_of(agreement).note_keys(Purpose.LOG)
    ours = [key for key in keys if key.name != agreement.partner_node]
    signed = open_checkpoint(note, ours).checkpoint
    if _stands_in_log(agreement.organisation_id, signed):
        return False
    for feed in Feed.objects.filter(organisation_id=agreement.organisation_id, ours=True, state=FeedState.OPEN):
        freeze(feed, ROLLED_BACK)
    return True


def freeze_ours(agreement: Agreement, reason: str) -> None:
    """Let our feed under one agreement stand still, because the partner signed for what we do not have.

    Only under this one: what a partner says for itself must not stop our talk with others.
    """
    for feed in Feed.objects.filter(agreement=agreement, ours=True, state=FeedState.OPEN):
        freeze(feed, reason)


def _stands_in_log(organisation_id: int, signed: Checkpoint) -> bool:
    size = Log.objects.filter(organisation_id=organisation_id).values_list("size", flat=True).first() or 0
    if signed.size > size:
        return False
    return signed.size == 0 or Tree.of_log(organisation_id).root(signed.size) == signed.root

"""Receipts: we sign for what came, and read what the partner signed for."""

from django.db import transaction

from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.models import Agreement, Feed, FeedEntry, Standing
from countermark.node.exchange.states import FeedState
from countermark.node.exchange.trees import Tree
from countermark.node.kernel.time import now
from countermark.proof.extracts import RECEIPT, receipt_data
from countermark.proof.refusals import Refused

_AT_ONCE = 5000


class ReceiptContradicts(Refused):
    """A partner signed for what our feed does not hold: our database went back in time, or the partner is wrong.

    Attributes:
        reason: why our feed must stand still, a code of `rollbacks`.
    """

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__("wrong-receipt", detail)
        self.reason = reason


def grow_feed_tree(feed: Feed, size: int) -> Tree:
    """Take the ids of all entries up to a place into the feed's own tree. In a transaction."""
    locked = Feed.objects.select_for_update().get(pk=feed.pk)
    tree = Tree.of_feed(feed.pk)
    while locked.tree_size < size:
        last = min(size, locked.tree_size + _AT_ONCE)
        ids = FeedEntry.objects.filter(feed=feed, seq__gt=locked.tree_size, seq__lte=last).order_by("seq")
        leaves = [bytes.fromhex(one) for one in ids.values_list("entry_id", flat=True)]
        locked.tree_size = tree.add(locked.tree_size, leaves)
        Feed.objects.filter(pk=feed.pk).update(tree_size=locked.tree_size)
    return tree


def give_receipt(agreement: Agreement) -> FeedEntry | None:
    """Sign for everything of the partner's feed that we have, once, when more than receipts has come since.

    Receipts are not receipted on their own: the two nodes would never fall silent.
    """
    with transaction.atomic():
        # Ours first, as whoever appends does: two locks in two orders would wait for one another.
        ours = Feed.objects.select_for_update().filter(agreement=agreement, ours=True).first()
        theirs = Feed.objects.filter(agreement=agreement, ours=False).first()
        if ours is None or theirs is None or ours.state != FeedState.OPEN:
            return None
        standing = Standing.objects.select_for_update().get(agreement=agreement)
        new = FeedEntry.objects.filter(feed=theirs, seq__gt=standing.receipt_out_seq, seq__lte=theirs.seq)
        if not new.exclude(type=RECEIPT).exists():
            return None
        tree = grow_feed_tree(theirs, theirs.seq)
        data = receipt_data(theirs.name, theirs.seq, tree.root(theirs.seq))
        entry = say_for_exchange(agreement, RECEIPT, theirs.name, dict(data))
        Standing.objects.filter(pk=standing.pk).update(receipt_out_seq=theirs.seq, receipt_out_at=now())
    return entry


def take_receipt(agreement: Agreement, feed: str, seq: int, root: bytes) -> None:
    """Note that the partner signed for our feed up to a place.

    Raises:
        Refused: wrong-receipt, when it is for another feed.
        ReceiptContradicts: it is for more than we said, or under another root: the partner has seen something else
            than we have.
    """
    with transaction.atomic():
        ours = Feed.objects.get(agreement=agreement, ours=True)
        if feed != ours.name or seq < 1:
            raise Refused("wrong-receipt", f"It is for place {seq} of {feed[:80]}.")
        if seq > ours.seq:
            raise ReceiptContradicts(f"It is for place {seq} of {feed[:80]}; we have {ours.seq}.", "rolled-back")
        if grow_feed_tree(ours, seq).root(seq) != root:
            detail = f"Its root up to {seq} is another than that of what we said."
            raise ReceiptContradicts(detail, "receipt-differs")
        standing = Standing.objects.select_for_update().get(agreement=agreement)
        if seq > standing.receipt_in_seq:
            Standing.objects.filter(pk=standing.pk).update(receipt_in_seq=seq, receipt_in_at=now())

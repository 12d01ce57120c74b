"""The node's log: it takes in every entry we said, is signed as a checkpoint, and witnessed by partners."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from countermark.node.exchange.models import (
    Agreement,
    Checkpoint,
    Cosignature,
    Feed,
    FeedEntry,
    Identity,
    Log,
    LogLeaf,
    Standing,
)
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.rollbacks import went_back
from countermark.node.exchange.signing import signer_of
from countermark.node.exchange.trees import Tree
from countermark.node.kernel.rows import insert_values
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose
from countermark.proof.checkpoints import Checkpoint as LogState
from countermark.proof.checkpoints import open_checkpoint, sign_checkpoint
from countermark.proof.log_proofs import LogProof, leaf_of
from countermark.proof.refusals import Refused

#: Entries taken into the log by one transaction.
_AT_ONCE = 2000


def grow_log(organisation_id: int) -> int:
    """Take every entry we said that the log lacks into it; gives the size of the log.

    The order within a feed is kept; between feeds it is the order of this act.
    """
    while True:
        with transaction.atomic():
            Log.objects.get_or_create(organisation_id=organisation_id)
            log = Log.objects.select_for_update().get(organisation_id=organisation_id)
            if not _grow_once(log):
                return log.size


def _grow_once(log: Log) -> bool:
    taken = False
    for feed in Feed.objects.filter(organisation_id=log.organisation_id, ours=True).order_by("id"):
        last = feed.logged_seq + _AT_ONCE
        rows = FeedEntry.objects.filter(feed=feed, seq__gt=feed.logged_seq, seq__lte=last).order_by("seq")
        entries = list(rows.values_list("pk", "leaf_salt", "entry_id"))
        if not entries:
            continue
        _take(log, entries)
        Feed.objects.filter(pk=feed.pk).update(logged_seq=feed.logged_seq + len(entries))
        taken = True
    return taken


def _take(log: Log, entries: Sequence[tuple[int, bytes, str]]) -> None:
    """Entries as (row, salt, id)."""
    leaves = [leaf_of(bytes(salt), entry_id) for _, salt, entry_id in entries]
    places = ((log.organisation_id, log.size + place, row) for place, (row, _, _) in enumerate(entries))
    insert_values(LogLeaf, ("organisation", "index", "entry"), places)
    log.size = Tree.of_log(log.organisation_id).add(log.size, leaves)
    log.save(update_fields=["size"])


def publish_checkpoint(organisation_id: int) -> Checkpoint | None:
    """Sign the log as it is now, after taking in what it lacks; the last checkpoint when it has not grown.

    Returns None while the log is empty: there is nothing to witness.
    """
    size = grow_log(organisation_id)
    with transaction.atomic():
        # One at a time, so that no size is signed twice.
        Log.objects.select_for_update().get(organisation_id=organisation_id)
        last = Checkpoint.objects.filter(organisation_id=organisation_id).order_by("-size").first()
        if size == 0 or (last is not None and last.size >= size) or went_back(organisation_id):
            # After a fall back in time another root for a size that was signed before would be a proof of fault.
            return last
        identity = Identity.objects.get(organisation_id=organisation_id)
        state = LogState(identity.node, size, Tree.of_log(organisation_id).root(size))
        note = sign_checkpoint(state, signer_of(organisation_id, Purpose.LOG))
        row = Checkpoint(organisation_id=organisation_id, size=size, root=state.root, note=note)
        row.save()
    return row


def publish_all_checkpoints() -> None:
    """Sign the log of every organisation that has said something since its last checkpoint."""
    for organisation_id in organisations_that_speak():
        publish_checkpoint(organisation_id)


def organisations_that_speak() -> list[int]:
    """Rows of the organisations of this node that have a feed."""
    return list(Feed.objects.filter(ours=True).values_list("organisation_id", flat=True).distinct())


def is_urgent() -> bool:
    """Whether something was said that must stand in a signed log at once: notices and answers to them."""
    unlogged = FeedEntry.objects.filter(feed__ours=True, seq__gt=F("feed__logged_seq"))
    return unlogged.filter(type__startswith="notice.").exists()


@dataclass(frozen=True, slots=True)
class ToWitness:
    """What a partner is asked to cosign: our newest checkpoint and the proof that it follows the one it cosigned.

    Attributes:
        checkpoint: its row.
        old_size: size that the partner saw last; 0 for none.
        proof: hashes of the consistency proof.
    """

    checkpoint: Checkpoint
    old_size: int
    proof: tuple[bytes, ...]


def to_witness(agreement: Agreement, old_size: int | None = None) -> ToWitness | None:
    """What the partner has not cosigned yet; None when it has everything, or there is nothing.

    Args:
        agreement: with that partner.
        old_size: what the partner says it saw last, when it knows better than we do.

    Raises:
        Refused: not-consistent, when the partner saw a larger log than we have: our database went back in time.
    """
    latest = Checkpoint.objects.filter(organisation_id=agreement.organisation_id).order_by("-size").first()
    if latest is None or latest.cosignatures.filter(agreement=agreement).exists():
        return None
    if old_size is None:
        old_size = Standing.objects.get(agreement=agreement).witnessed_us_size
    if old_size > latest.size:
        raise Refused("not-consistent", f"The partner has witnessed {old_size} leaves, our log has {latest.size}.")
    proof = Tree.of_log(agreement.organisation_id).consistency(old_size, latest.size)
    return ToWitness(latest, old_size, tuple(proof))


def keep_cosignature(agreement: Agreement, checkpoint: Checkpoint, line: str) -> Cosignature:
    """Keep the line by which a partner witnessed a checkpoint, after checking it.

    Raises:
        Refused: a wrong signature, or not-witnessed when it is not the partner's.
    """
    keys = ring_of(agreement)
    ours = [key for key in keys.note_keys(Purpose.LOG) if key.name != agreement.partner_node]
    theirs = [key for key in keys.note_keys(Purpose.WITNESS) if key.name == agreement.partner_node]
    signed = open_checkpoint(checkpoint.note + line, ours, theirs)
    if agreement.partner_node not in signed.witnessed:
        raise Refused("not-witnessed", "The answer holds no cosignature of the partner.")
    moment = signed.witnessed[agreement.partner_node]
    with transaction.atomic():
        known = Cosignature.objects.filter(checkpoint=checkpoint, agreement=agreement).first()
        if known is None:
            known = Cosignature(checkpoint=checkpoint, agreement=agreement, line=line, witnessed_at=moment)
            known.save()
        Standing.objects.filter(agreement=agreement).update(
            witnessed_us_at=now(), witnessed_us_size=checkpoint.size, witness_problem=""
        )
    return known


def log_proof(entry: FeedEntry, agreement: Agreement | None = None) -> LogProof | None:
    """Proof that an entry of ours stands in our log, under the first checkpoint that holds it and was witnessed.

    Args:
        entry: of one of our feeds.
        agreement: whose partner must have cosigned; None takes the first checkpoint, witnessed or not.

    Returns:
        The proof, with every cosignature there is; None when no such checkpoint exists yet.
    """
    leaf = LogLeaf.objects.filter(entry=entry).first()
    if leaf is None:
        return None
    found = Checkpoint.objects.filter(organisation_id=leaf.organisation_id, size__gt=leaf.index)
    if agreement is not None:
        found = found.filter(cosignatures__agreement=agreement)
    checkpoint = found.order_by("size").first()
    if checkpoint is None:
        return None
    path = Tree.of_log(leaf.organisation_id).inclusion(leaf.index, checkpoint.size)
    return LogProof(leaf.index, tuple(path), witnessed_note(checkpoint))


def witnessed_note(checkpoint: Checkpoint) -> str:
    """A checkpoint with every cosignature that we have."""
    return checkpoint.note + "".join(checkpoint.cosignatures.order_by("id").values_list("line", flat=True))

"""Witness a partner's log: cosign only what follows from everything that the partner showed us before."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from countermark.node.exchange.models import Agreement, Feed, Identity, SeenCheckpoint, Standing
from countermark.node.exchange.receiving import freeze, keep_contradiction, note_refusal
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import signer_of
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose
from countermark.proof.checkpoints import Checkpoint, SignedCheckpoint, cosign, open_checkpoint
from countermark.proof.merkle import check_consistency
from countermark.proof.refusals import Refused


class OtherSize(Exception):
    """The partner takes us to have seen another size than we have (C2SP tlog-witness answers 409 with ours)."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The last size seen here is {size}.")
        self.size = size


def witness(agreement: Agreement, old_size: int, proof: Sequence[bytes], note: str) -> str:
    """Check a partner's checkpoint against all that we saw of its log, keep it, and cosign it.

    Args:
        agreement: with that partner.
        old_size: size that the partner takes us to have seen last.
        proof: consistency proof from there.
        note: the checkpoint, signed by the partner's log.

    Returns:
        Our line.

    Raises:
        OtherSize: we saw another size last; the proof must begin there.
        Refused: the note or the proof does not hold. Two roots for one size freeze the partner's feed as well.
    """
    signed = _opened(agreement, note)
    refused = None
    with transaction.atomic():
        Standing.objects.select_for_update().get(agreement=agreement)
        last = (
            SeenCheckpoint.objects.filter(organisation_id=agreement.organisation_id, origin=signed.checkpoint.origin)
            .order_by("-size")
            .first()
        )
        same = _seen_at(agreement, signed.checkpoint)
        if same is not None and bytes(same.root) != signed.checkpoint.root:
            _hold_two_roots(agreement, same, note)
            refused = Refused("equivocation", f"Two roots for size {signed.checkpoint.size}.")
        elif same is not None:
            return same.line
        else:
            return _cosigned(agreement, last, old_size, proof, signed)
    raise refused


def _opened(agreement: Agreement, note: str) -> SignedCheckpoint:
    keys = ring_of(agreement)
    return open_checkpoint(note, [key for key in keys.note_keys(Purpose.LOG) if key.name == agreement.partner_node])


def _seen_at(agreement: Agreement, checkpoint: Checkpoint) -> SeenCheckpoint | None:
    return SeenCheckpoint.objects.filter(
        organisation_id=agreement.organisation_id, origin=checkpoint.origin, size=checkpoint.size
    ).first()


def _cosigned(
    agreement: Agreement, last: SeenCheckpoint | None, old_size: int, proof: Sequence[bytes], signed: SignedCheckpoint
) -> str:
    seen = 0 if last is None else last.size
    if old_size != seen or signed.checkpoint.size < seen:
        raise OtherSize(seen)
    if last is not None:
        check_consistency(seen, bytes(last.root), signed.checkpoint.size, signed.checkpoint.root, proof)
    moment = now()
    line = _line(agreement, signed.checkpoint, moment)
    SeenCheckpoint(
        organisation_id=agreement.organisation_id,
        agreement=agreement,
        origin=signed.checkpoint.origin,
        size=signed.checkpoint.size,
        root=signed.checkpoint.root,
        note=signed.note,
        line=line,
        at=moment,
    ).save()
    Standing.objects.filter(agreement=agreement).update(witnessed_them_at=moment)
    return line


def _line(agreement: Agreement, checkpoint: Checkpoint, moment: datetime) -> str:
    name = Identity.objects.values_list("node", flat=True).get(organisation_id=agreement.organisation_id)
    return cosign(checkpoint, name, signer_of(agreement.organisation_id, Purpose.WITNESS), moment)


def _hold_two_roots(agreement: Agreement, same: SeenCheckpoint, note: str) -> None:
    keep_contradiction(agreement, "checkpoint", f"{same.origin} at {same.size}", same.note, note)
    for feed in Feed.objects.filter(agreement=agreement, ours=False):
        freeze(feed, "equivocation")


def note_bad_checkpoint(agreement: Agreement, refused: Refused, note: str) -> None:
    """Note a checkpoint that was not accepted, for the page of refused things."""
    note_refusal(agreement, f"log of {agreement.partner_node}", 0, refused, note[:4000].replace("\0", ""))

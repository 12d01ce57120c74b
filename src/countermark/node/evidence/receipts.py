"""Receipts of what was deleted because its time was over: the one shape in which every room writes them."""

from collections.abc import Iterable
from datetime import date

import msgspec

from countermark.node.audit import services as audit
from countermark.node.evidence.models import DeletionReceipt
from countermark.node.evidence.store import digest
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.proof.canonical import canonical
from countermark.proof.entries import write_moment
from countermark.proof.ijson import Plain


class GoneFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a receipt: `bytes` is `deleted`, or `shared` where other evidence is made of the same bytes."""

    name: str
    sha256: str
    size: int
    bytes: str


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was deleted, when, and by which rule.

    Attributes:
        subject: `evd_…`, `prc_…`, `pcd_…`, `ntc_…`, `bat_…`, `msr_…`, or the id of an entry.
        retention, last_day: class and last day that were over.
        deleted: when the bytes were gone, by the node's clock.
        chain: digest of the line of custody before the one that says so, or of the last thing that stays; may be empty.
        files: in the order of their names.
    """

    subject: str
    retention: str
    last_day: str
    deleted: str
    chain: str
    files: tuple[GoneFile, ...]
    format: str = "countermark-deletion/1"

    def to_bytes(self) -> bytes:
        """The text in its one spelling (RFC 8785)."""
        plain: Plain = msgspec.to_builtins(self)
        return canonical(plain)


def gone(name: str, text: bytes) -> GoneFile:
    """Words that are deleted, as a receipt names them: by the hash over their one spelling."""
    return GoneFile(name, digest(text), len(text), "deleted")


def receipt_now(subject: str, retention: str, last_day: date | None, chain: str, files: Iterable[GoneFile]) -> Receipt:
    """The receipt of what is deleted at this moment; arguments as the attributes of `Receipt`."""
    return Receipt(
        subject=subject,
        retention=retention,
        last_day=last_day.isoformat() if last_day else "",
        deleted=write_moment(now()),
        chain=chain,
        files=tuple(files),
    )


def write_off(organisation_id: int, receipt: Receipt, action: str, target: str = "") -> None:
    """Keep the receipt of what a worker deletes by the table, and say so in the trail. In the transaction that deletes.

    Args:
        organisation_id: whose it was.
        receipt: as `receipt_now` made it.
        action: for the trail.
        target: what the trail names; the subject of the receipt when empty.
    """
    keep_receipt(organisation_id, receipt)
    audit.record(actor="worker", organisation=organisation_id, action=action, target=target or receipt.subject)


def keep_receipt(organisation_id: int, receipt: Receipt) -> str:
    """Keep the receipt of something that is gone, of this room or a higher one; gives its SHA-256. In a transaction."""
    text = receipt.to_bytes()
    DeletionReceipt(
        organisation_id=organisation_id,
        subject=receipt.subject,
        text=text.decode(),
        sha256=digest(text),
        at=now(),
    ).save()
    return digest(text)


def receipt_of(organisation_id: int, subject: str) -> bytes:
    """A receipt of an organisation, as bytes; whoever calls has asked who may. Raises NotFound."""
    row = DeletionReceipt.objects.filter(organisation_id=organisation_id, subject=subject[:64]).first()
    if row is None:
        raise NotFound("receipt of a deletion", subject)
    text: str = row.text
    return text.encode()

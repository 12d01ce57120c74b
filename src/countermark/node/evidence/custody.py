"""Who had a piece of evidence, and what was done with it: lines that are added, never changed, chained by hash."""

from collections.abc import Mapping

from django.db import transaction

from countermark.node.evidence.models import CustodyEvent, Evidence, Purchase, PurchaseLine
from countermark.node.kernel.time import now
from countermark.proof.entries import write_moment
from countermark.proof.ijson import read_object
from countermark.proof.seals import NOTHING_BEFORE, CustodyLine
from countermark.proof.shapes import as_record


def add(row: Evidence | Purchase, actor: str, action: str, detail: Mapping[str, str] | None = None) -> CustodyLine:
    """Add a line; call it in the transaction of the act it speaks of. Lines of one piece wait for one another."""
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        last = row.custody.order_by("-seq").first()
        line = CustodyLine(
            seq=last.seq + 1 if last else 1,
            prev=last.digest if last else NOTHING_BEFORE,
            at=write_moment(now()),
            actor=actor,
            action=action,
            detail=dict(detail or {}),
        )
        stored = {"seq": line.seq, "line": line.to_bytes().decode(), "digest": line.digest}
        if isinstance(row, Evidence):
            CustodyEvent(evidence=row, **stored).save()
        else:
            PurchaseLine(purchase=row, **stored).save()
    return line


def lines_of(row: Evidence | Purchase) -> list[CustodyLine]:
    """Every line, in order, as stored; nothing is checked.

    Raises:
        Refused: broken-custody, when a line cannot be read.
    """
    stored = row.custody.order_by("seq").values_list("line", flat=True)
    return [as_record(read_object(line.encode()), CustodyLine, "broken-custody") for line in stored]

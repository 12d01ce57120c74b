"""What higher rooms may tell a partner of evidence: that a seal was set and when; nothing of what it shows.

Of a test purchase the line of its last act is told: through the chain it stands for every word, film and paper before.
Nothing is told before its parcel was put under seal, so that no partner learns of an order that is still on its way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from countermark.node.evidence import custody
from countermark.node.evidence.models import (
    Evidence,
    EvidenceStamp,
    Purchase,
    PurchaseFile,
    PurchaseLine,
    PurchaseStamp,
)
from countermark.node.evidence.purchases.acts import Act
from countermark.node.kernel.claims import State
from countermark.proof.entries import read_moment
from countermark.proof.ijson import read_object
from countermark.proof.seals import CustodyLine, digest
from countermark.proof.shapes import as_record


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """A seal, without what it seals.

    Attributes:
        evidence: `evd_…`, or `prc_…` of a test purchase.
        seal: SHA-256 of its text, of a purchase of the line of its last act, hex.
        sealed_at: by our clock.
        files: how many it stands for.
        stamped_at, authority: of its first timestamp; None and empty while it has none.
    """

    evidence: str
    seal: str
    sealed_at: datetime
    files: int
    stamped_at: datetime | None
    authority: str


def seals_to_tell(organisation: int, since: datetime, told: Collection[str], most: int) -> list[SealFacts]:
    """Seals of pages set since then whose ids are not among those told, the oldest first."""
    rows = Evidence.objects.filter(organisation_id=organisation, state=State.DONE, sealed_at__gte=since)
    found = []
    for row in rows.exclude(public_id__in=told).order_by("id")[:most]:
        assert row.sealed_at is not None
        first = row.stamps.order_by("id").first()
        facts = _facts(row.public_id, digest(row.seal.encode()), row.sealed_at, row.files.count(), first)
        found.append(facts)
    return found


def purchases_to_tell(organisation: int, since: datetime, told: Collection[str], most: int) -> list[SealFacts]:
    """The last act of each purchase that is or was under seal, recorded since then and not among the digests told."""
    rows = PurchaseLine.objects.filter(
        purchase__organisation_id=organisation, purchase__deleted_at=None, purchase__changed_at__gte=since
    )
    files = PurchaseFile.objects.filter(purchase=OuterRef("purchase"))
    # Lines of acts are those that name files.
    last_acts = rows.filter(
        Exists(files.filter(seq=OuterRef("seq"))),
        ~Exists(files.filter(seq__gt=OuterRef("seq"))),
        Exists(files.filter(name__endswith=f"-{Act.SEAL}.json")),
    )
    return [_line_facts(row) for row in last_acts.exclude(digest__in=told).select_related("purchase")[:most]]


def _line_facts(row: PurchaseLine) -> SealFacts:
    line = as_record(read_object(row.line.encode()), CustodyLine, "broken-custody")
    first = row.purchase.stamps.filter(seq=row.seq).order_by("id").first()
    files = row.purchase.files.filter(seq__lte=row.seq).count()
    return _facts(row.purchase.public_id, row.digest, read_moment(line.at), files, first)


def _facts(
    evidence: str, seal: str, sealed_at: datetime, files: int, first: EvidenceStamp | PurchaseStamp | None
) -> SealFacts:
    return SealFacts(
        evidence=evidence,
        seal=seal,
        sealed_at=sealed_at,
        files=files,
        stamped_at=first.stamped_at if first else None,
        authority=first.authority if first else "",
    )


def note_told(organisation: int, evidence_id: str, partner: str, entry: str) -> None:
    """A line of custody: a partner was told of the seal. In the transaction of the telling."""
    table = Purchase if evidence_id.startswith("prc_") else Evidence
    row = table.objects.get(organisation_id=organisation, public_id=evidence_id)
    custody.add(row, "system", "told", {"partner": partner, "entry": entry})

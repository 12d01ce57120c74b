"""What higher rooms may tell a partner of evidence: that a seal was set and when; nothing of what it shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from countermark.node.evidence import custody
from countermark.node.evidence.models import Evidence
from countermark.node.kernel.claims import State
from countermark.proof.seals import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """A seal, without what it seals.

    Attributes:
        evidence: `evd_…`.
        seal: SHA-256 of its text, hex.
        sealed_at: by our clock.
        files: how many it lists.
        stamped_at, authority: of its first timestamp; None and empty while it has none.
    """

    evidence: str
    seal: str
    sealed_at: datetime
    files: int
    stamped_at: datetime | None
    authority: str


def seals_to_tell(organisation: int, since: datetime, told: Collection[str], most: int) -> list[SealFacts]:
    """Seals set since then that are not among those told, the oldest first."""
    rows = Evidence.objects.filter(organisation_id=organisation, state=State.DONE, sealed_at__gte=since)
    found = []
    for row in rows.exclude(public_id__in=told).order_by("id")[:most]:
        assert row.sealed_at is not None
        first = row.stamps.order_by("id").first()
        found.append(
            SealFacts(
                evidence=row.public_id,
                seal=digest(row.seal.encode()),
                sealed_at=row.sealed_at,
                files=row.files.count(),
                stamped_at=first.stamped_at if first else None,
                authority=first.authority if first else "",
            )
        )
    return found


def note_told(organisation: int, evidence_id: str, partner: str, entry: str) -> None:
    """A line of custody: a partner was told of the seal. In the transaction of the telling."""
    row = Evidence.objects.get(organisation_id=organisation, public_id=evidence_id)
    custody.add(row, "system", "told", {"partner": partner, "entry": entry})

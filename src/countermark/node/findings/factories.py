"""Scans and findings for tests."""

import hashlib
from itertools import count

from countermark.judge import ENGINE_VERSION, load_policy
from countermark.model import Direction, Kind, Level, Portfolio, Reason, derive_id, to_json
from countermark.model import Finding as Record
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.models import Finding, Scan, Snapshot
from countermark.node.findings.states import FindingState
from countermark.node.kernel.ids import new_id
from countermark.node.listings.factories import make_listing
from countermark.node.listings.models import Listing
from countermark.node.parties.access import Member

_numbers = count(1)

HASH = "0" * 64


def make_reason(signal: str = "text.mark", weight: float = 2.0, **more: object) -> Reason:
    """One reason; its direction follows the sign of the weight."""
    given: dict[str, object] = {
        "signal": signal,
        "version": 1,
        "direction": Direction.FOR if weight > 0 else Direction.AGAINST,
        "value": 1.0,
        "weight": weight,
        "sentence": f"What {signal} says.",
        "wrong_when": f"How {signal} can be wrong.",
    }
    return Reason(**(given | more))  # type: ignore[arg-type]


def make_record(listing: Listing, brand: str = "Corvane", **more: object) -> Record:
    """A finding as the engine makes it, about a listing; without an `id`, a new one each time."""
    given: dict[str, object] = {
        "id": derive_id("fnd", listing.core_id, brand, str(next(_numbers))),
        "listing_id": listing.core_id,
        "marketplace": listing.marketplace,
        "external_id": listing.external_id,
        "seller_id": listing.seller.core_id,
        "brand": brand,
        "right_id": "",
        "kind": Kind.UNAUTHORISED_USE,
        "risk": 0.8,
        "level": Level.MEDIUM,
        "expected_harm": 10.0,
        "base": -2.0,
        "reasons": (make_reason(),),
        "engine_version": ENGINE_VERSION,
        "policy_hash": policy_in_use().digest,
        "reference_hash": HASH,
        "listing_hash": HASH,
    }
    return Record(**(given | more))  # type: ignore[arg-type]


def make_finding(
    member: Member, listing: Listing | None = None, *, state: FindingState = FindingState.OPEN, **more: object
) -> Finding:
    """A finding of the member's organisation, about a new listing when none is given; `more` as in `make_record`."""
    listing = listing or make_listing(member)
    record = make_record(listing, **more)  # type: ignore[arg-type]
    return Finding.objects.create(
        organisation_id=member.organisation_id,
        core_id=record.id,
        listing=listing,
        seller_core_id=record.seller_id,
        brand=record.brand,
        marketplace=record.marketplace,
        kind=record.kind,
        level=record.level,
        risk=record.risk,
        expected_harm=record.expected_harm,
        content_hash=listing.content_hash,
        state=state,
        record=to_json(record).decode(),
    )


def make_snapshot(member: Member, portfolio: Portfolio | None = None) -> Snapshot:
    """References as a scan keeps them; without a portfolio, different ones each time, of no right."""
    portfolio = portfolio or Portfolio()
    policy = load_policy()
    return Snapshot.objects.create(
        organisation_id=member.organisation_id,
        reference_hash=hashlib.sha256(str(next(_numbers)).encode()).hexdigest(),
        policy_hash=policy.digest,
        portfolio=to_json(portfolio),
        policy=policy.source,
    )


def make_scan(member: Member, snapshot: Snapshot | None = None) -> Scan:
    """A scan that nobody runs."""
    return Scan.objects.create(
        organisation_id=member.organisation_id,
        public_id=new_id("scn"),
        requested_by_id=member.user_id,
        snapshot=snapshot or make_snapshot(member),
        engine_version=ENGINE_VERSION,
    )

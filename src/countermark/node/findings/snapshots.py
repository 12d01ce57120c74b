"""Take the references of a scan: of this moment when it is ordered, with a newly learnt market when that is due."""

from collections.abc import Callable

from countermark.model import Portfolio, from_json, to_json
from countermark.node.findings import market
from countermark.node.findings.beside import beside_now, choices_in, hash_beside
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.filters import ScanChoices
from countermark.node.findings.models import Market, Scan, Snapshot
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.rights import selectors as rights


def snapshot_now(member: Member, choices: ScanChoices) -> Snapshot:
    """Rights, policy and settings of this moment, and the market learnt last. Raises Invalid: there are no rights."""
    portfolio, policy = rights.portfolio(member), policy_in_use()
    if not portfolio.rights:
        raise Invalid.of("rights", "no-rights", "There are no rights to compare with.", "Add or import rights first.")
    beside = beside_now(logos=choices.logos, reading=choices.reading).as_bytes()
    table = market.newest(member.organisation_id)
    snapshot, _ = Snapshot.objects.get_or_create(
        organisation_id=member.organisation_id,
        reference_hash=hash_beside(portfolio, beside, table),
        policy_hash=policy.digest,
        defaults={"portfolio": to_json(portfolio), "policy": policy.source, "beside": beside, "market": table},
    )
    return snapshot


def choices_of_the_last_scan(member: Member) -> ScanChoices:
    """What the newest scan of listings chose, so that a look-back looks as hard as it did."""
    scans = Scan.objects.filter(organisation_id=member.organisation_id, scope_right=None)
    last = scans.order_by("-pk").select_related("snapshot").first()
    return choices_in(last.snapshot) if last else ScanChoices()


def learn_if_due(scan: Scan, beat: Callable[[], None]) -> Market | None:
    """A market learnt for this scan, not yet stored; None while the last one serves, and for a look-back.

    A look-back judges few listings again, beside findings that stay: by the same market as theirs.
    """
    if scan.scope_right_id or not market.is_due(scan.organisation_id):
        return None
    return market.learn(scan.organisation_id, scan.snapshot, beat)


def with_market(snapshot: Snapshot, learnt: Market) -> Snapshot:
    """Store what was learnt, and the same references with it. Call inside a transaction."""
    learnt.save()
    table = None if learnt.is_empty else learnt
    portfolio, beside = from_json(bytes(snapshot.portfolio), Portfolio), bytes(snapshot.beside)
    taken, _ = Snapshot.objects.get_or_create(
        organisation_id=snapshot.organisation_id,
        reference_hash=hash_beside(portfolio, beside, table),
        policy_hash=snapshot.policy_hash,
        defaults={"portfolio": snapshot.portfolio, "policy": snapshot.policy, "beside": beside, "market": table},
    )
    return taken

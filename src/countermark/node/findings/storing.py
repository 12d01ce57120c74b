"""Store what a part of a scan found, beside what earlier scans found: nothing twice, nothing lost, one current each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose

from countermark.model import Finding as Record
from countermark.model import Level, to_json
from countermark.node.findings.entering import Standing, entry_state
from countermark.node.findings.models import Finding, Scan
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.rows import update_rows
from countermark.node.rights.models import Right

#: A stock that changes by one moves the expected harm a little; by less than this share, the finding stays as it is.
HARM_NOTICED = 0.1

#: A listing and a house: at most one current finding each.
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What a part changed: findings that are new, and findings of earlier scans that it no longer found."""

    made: int
    lapsed: int


@dataclass
class _Changes:
    """What is to be written, collected before the first write."""

    new: list[Finding] = field(default_factory=list)
    revived: list[Finding] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    retired: dict[Key, Finding] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing that a part looked at: its row, and the hash of its content at that moment."""

    row: int
    content_hash: str


def store(
    scan: Scan, listings: Mapping[str, Seen], found: Sequence[Record], *, may_lapse: bool, house: str = ""
) -> Stored:
    """Store the findings of one part. Call inside the transaction that ends the part.

    `listings` gives every listing the part looked at, by core id. With `may_lapse`, findings of earlier
    scans that this one no longer makes leave the queue; not so when pictures could not be read, as their absence
    would then speak. With `house`, the part looked only for findings of that house: the others stay as they are.

    A scan never replaces what a later scan found: a slow part of an older scan changes nothing newer.
    """
    standing = _current_of((seen.row for seen in listings.values()), house)
    changes = _decide_changes(scan, listings, found, standing)
    _write(scan, changes)
    lapsed = _lapse(scan, standing, changes.seen) if may_lapse else 0
    return Stored(len(changes.new) + len(changes.revived), lapsed)


def _current_of(rows: Iterable[int], house: str) -> dict[Key, Finding]:
    current = (
        Finding.objects.select_for_update(of=("self",)).filter(listing_id__in=list(rows), current=True).order_by("id")
    )
    current = current.select_related("last_scan").defer("record")
    current = current.filter(brand=house) if house else current
    return {(finding.listing_id, finding.brand): finding for finding in current}


def _decide_changes(
    scan: Scan, listings: Mapping[str, Seen], found: Sequence[Record], standing: Mapping[Key, Finding]
) -> _Changes:
    known = {
        finding.core_id: finding
        for finding in Finding.objects.filter(
            organisation_id=scan.organisation_id, core_id__in=[record.id for record in found]
        ).defer("record")
    }
    rights = _rights_of(scan, found)
    changes = _Changes()
    for record in found:
        listing = listings[record.listing_id]
        key = (listing.row, record.brand)
        changes.seen.add(key)
        before, same = standing.get(key), known.get(record.id)
        if before is not None and (_is_newer(before, scan) or _says_the_same(before, record, listing, scan)):
            _confirm(changes, before, scan)
            continue
        if before is not None:
            changes.retired[key] = before
        if same is not None:
            changes.revived.append(_revive(same, before, scan))
        else:
            changes.new.append(_row(record, listing, rights.get(record.right_id), before, scan))
    return changes


def _is_newer(finding: Finding, scan: Scan) -> bool:
    return (finding.last_scan_id or 0) > scan.pk


def _says_the_same(before: Finding, record: Record, listing: Seen, scan: Scan) -> bool:
    """Whether a new finding would tell a reviewer nothing new.

    A listing captured again with the same content gives a new id, as the time of capture is part of what a finding is
    computed from; nobody should be asked again for that.
    """
    if before.core_id == record.id:
        return True
    last = before.last_scan
    same_versions = last is not None and (last.snapshot_id, last.engine_version) == (
        scan.snapshot_id,
        scan.engine_version,
    )
    same_result = (before.risk, before.kind) == (record.risk, record.kind)
    same_harm = isclose(before.expected_harm, record.expected_harm, rel_tol=HARM_NOTICED)
    return same_versions and same_result and same_harm and before.content_hash == listing.content_hash


def _confirm(changes: _Changes, finding: Finding, scan: Scan) -> None:
    if _is_newer(finding, scan):
        return
    if finding.state == FindingState.LAPSED:
        finding.state = FindingState.OPEN
        finding.last_scan = scan
        changes.revived.append(finding)
    else:
        changes.confirmed.append(finding.pk)


def _standing(finding: Finding | None) -> Standing | None:
    if finding is None:
        return None
    return Standing(FindingState(finding.state), Level(finding.level), finding.content_hash)


def _revive(finding: Finding, before: Finding | None, scan: Scan) -> Finding:
    """The listing, or the references, are again what they were: the old finding is current again, not a copy of it."""
    if finding.state != FindingState.DECIDED or (before is not None and before.state in WAITING - {FindingState.OPEN}):
        finding.state = entry_state(Level(finding.level), finding.content_hash, _standing(before))
    finding.current = True
    finding.superseded_by = None
    finding.last_scan = scan
    return finding


def _row(record: Record, listing: Seen, right: int | None, before: Finding | None, scan: Scan) -> Finding:
    return Finding(
        organisation_id=scan.organisation_id,
        core_id=record.id,
        listing_id=listing.row,
        right_id=right,
        seller_core_id=record.seller_id,
        brand=record.brand,
        marketplace=record.marketplace,
        kind=record.kind,
        level=record.level,
        risk=record.risk,
        expected_harm=record.expected_harm,
        content_hash=listing.content_hash,
        state=entry_state(record.level, listing.content_hash, _standing(before)),
        last_reviewer_id=before.last_reviewer_id if before else None,
        scan=scan,
        last_scan=scan,
        record=to_json(record).decode(),
    )


def _write(scan: Scan, changes: _Changes) -> None:
    """The order matters: what was current steps down before what takes its place comes in."""
    retired = [finding.pk for finding in changes.retired.values()]
    if retired:
        down = Finding.objects.filter(pk__in=retired)
        down.exclude(state=FindingState.DECIDED).update(current=False, state=FindingState.SUPERSEDED)
        down.filter(state=FindingState.DECIDED).update(current=False)
    update_rows(changes.revived, ["state", "current", "superseded_by", "last_scan"])
    Finding.objects.bulk_create(changes.new)
    successors = {(finding.listing_id, finding.brand): finding for finding in (*changes.new, *changes.revived)}
    for key, finding in changes.retired.items():
        finding.superseded_by = successors[key]
    update_rows(list(changes.retired.values()), ["superseded_by"])
    if changes.confirmed:
        Finding.objects.filter(pk__in=changes.confirmed).update(last_scan=scan)


def _lapse(scan: Scan, standing: Mapping[Key, Finding], seen: set[Key]) -> int:
    gone = [
        finding.pk
        for key, finding in standing.items()
        if key not in seen and finding.state in WAITING and not _is_newer(finding, scan)
    ]
    return Finding.objects.filter(pk__in=gone).update(state=FindingState.LAPSED, last_scan=scan) if gone else 0


def _rights_of(scan: Scan, found: Sequence[Record]) -> dict[str, int]:
    wanted = {record.right_id for record in found if record.right_id}
    rights = Right.objects.filter(organisation_id=scan.organisation_id, core_id__in=wanted)
    return dict(rights.values_list("core_id", "pk"))

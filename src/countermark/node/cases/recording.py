"""Write what an entry of either side means for a case: one event, and the case folded anew."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from countermark.node.cases.addressing import MOST_MENTIONS, Addressee, read_addressee
from countermark.node.cases.models import Attachment, Case, CaseEvent, Mention
from countermark.node.cases.permits import Under
from countermark.node.cases.pseudonyms import Pseudonyms
from countermark.node.cases.settling import settle
from countermark.node.cases.states import AttachedKind, CaseEntry
from countermark.node.exchange.models import FeedEntry
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.ids import is_id

_HASH = re.compile(r"[0-9a-f]{64}")
_IDS = (
    (AttachedKind.LISTING, "lst", "listing_ids"),
    (AttachedKind.FINDING, "fnd", "finding_ids"),
    (AttachedKind.FILE, "fil", "file_ids"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an entry is kept with the event: codes, ids, days and pseudonyms, never words of people."""

    author: str = ""
    assigned_to: str = ""
    due_on: date | None = None
    outcome: str = ""
    items: tuple[tuple[str, str], ...] = ()
    corrects: str = ""
    sha256: str = ""
    mentions: tuple[Addressee, ...] = field(default=())


def facts_of(fields: Mapping[str, object], parties: tuple[str, str]) -> Facts:
    """Read facts from the fields of an item, ours or the partner's: both nodes read the same ones.

    Args:
        fields: that left, or that were kept.
        parties: ids of the two sides.

    Raises:
        Invalid: an address, id or hash of another form.
    """
    assigned = str(fields.get("assigned_to", ""))
    due = fields.get("due_on")
    mentions = fields.get("mentions")
    listed = mentions if isinstance(mentions, list) else []
    return Facts(
        author=str(fields.get("author_token", ""))[:40],
        assigned_to=str(read_addressee(assigned, parties, "assignee")) if assigned else "",
        due_on=date.fromisoformat(str(due)) if due else None,
        outcome=str(fields.get("outcome", ""))[:40],
        items=tuple(_items(fields)),
        corrects=_hash(fields, "corrects"),
        sha256=_hash(fields, "sha256"),
        mentions=tuple(read_addressee(str(one), parties, "mentions") for one in listed[:MOST_MENTIONS]),
    )


def write_event(case: Case, row: FeedEntry, facts: Facts, party: str) -> CaseEvent:
    """Add the event of an entry. In a transaction, before `project`."""
    event = CaseEvent(
        case=case,
        entry=row,
        entry_hash=row.entry_id,
        type=row.type,
        party=party,
        feed=row.feed.name,
        seq=row.seq,
        author=facts.author,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        assigned_to=facts.assigned_to,
        due_on=facts.due_on,
        outcome=facts.outcome,
        items=[list(item) for item in facts.items],
        corrects=facts.corrects,
    )
    event.save()
    return event


def new_case(
    where: Under, row: FeedEntry, case_id: str, *, opened_by: str, purpose: str, territories: tuple[str, ...]
) -> Case:
    """A case that an entry opens."""
    return Case.objects.create(
        organisation_id=where.agreement.organisation_id,
        agreement=where.agreement,
        public_id=case_id,
        opened_by=opened_by,
        purpose=purpose,
        territories=list(territories),
        titled=row,
        opened_at=row.happened_at,
        changed_at=row.happened_at,
        last_party=opened_by,
    )


def record(case: Case, where: Under, row: FeedEntry, facts: Facts, party: str) -> CaseEvent:
    """Add an event, note whom of ours it asks to look, and fold the case anew. In a transaction."""
    # Whoever records first goes first: two foldings of one case would otherwise overlook each other's event.
    locked = Case.objects.select_for_update().get(pk=case.pk)
    event = write_event(locked, row, facts, party)
    known = Pseudonyms(where.agreement).users()
    for one in facts.mentions:
        if one.party == where.party:
            user = known.get(one.token, (None, ""))[0]
            if user is not None or not one.token:
                Mention.objects.create(case=locked, event=event, user_id=user, role=one.role)
    project(locked, where, {token: user for token, (user, _) in known.items()})
    if event.type == CaseEntry.ATTACHED and facts.sha256:
        Attachment.objects.filter(case=locked, entry=row).update(sha256=facts.sha256)
    return event


def project(case: Case, where: Under, people: Mapping[str, int]) -> None:
    """Write what the events of a case say together into its row and its attachments. The row is locked."""
    events = list(CaseEvent.objects.filter(case=case))
    settled = settle(events)
    rows = {event.entry_hash: event.entry_id for event in events}
    case.state, case.outcome, case.closed_at = settled.state, settled.outcome, settled.closed_at
    case.assigned_to, case.due_on = settled.assigned_to, settled.due_on
    case.assignee_id = _assignee(settled.assigned_to, where, people)
    case.titled_id = rows[settled.titled]
    case.changed_at, case.last_party = settled.changed_at or case.opened_at, settled.last_party
    case.save()
    there = {(one.kind, one.ref): one for one in Attachment.objects.filter(case=case)}
    for (kind, ref), placed in settled.items.items():
        one = there.get((kind, ref)) or Attachment(case=case, kind=kind, ref=ref)
        if (one.attached, one.party, one.entry_id) != (placed.attached, placed.party, rows[placed.entry_hash]):
            one.attached, one.party, one.entry_id = placed.attached, placed.party, rows[placed.entry_hash]
            one.save()


def _assignee(address: str, where: Under, people: Mapping[str, int]) -> int | None:
    party, _, token = address.partition("/")
    return people.get(token) if party == where.party else None


def _items(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    single = fields.get("file_id")
    found: list[tuple[str, str]] = []
    for kind, prefix, name in _IDS:
        said = fields.get(name)
        ids = [*(said if isinstance(said, list) else []), *([single] if kind == AttachedKind.FILE and single else [])]
        for one in ids:
            if not is_id(prefix, str(one)):
                raise Invalid.of(name, "no-id", f"It holds something that is no id of a {kind}.", "")
            found.append((str(kind.value), str(one)))
    return found


def _hash(fields: Mapping[str, object], name: str) -> str:
    said = str(fields.get(name, ""))
    if said and not _HASH.fullmatch(said):
        raise Invalid.of(name, "no-hash", "It holds something that is no SHA-256.", "")
    return said

"""Apply what partners said about cases, and what they shared; each entry once, whatever order subjects come in."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from countermark.node.cases import bringing, files
from countermark.node.cases.models import Case, CaseEvent, SharedItem
from countermark.node.cases.permits import Taken, said_under, take
from countermark.node.cases.recording import Facts, facts_of, new_case, record
from countermark.node.cases.sharing import ITEM_KINDS, hash_of
from countermark.node.cases.states import AttachedKind, CaseEntry, SharedEntry
from countermark.node.exchange.applying import Arrived, CannotApply, Handler
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may_arrive
from countermark.node.exchange.rules.standing import Item
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.ids import is_id
from countermark.node.parties.kinds import OrganisationKind

_ACTIONS = {
    CaseEntry.ASSIGNED: Action.ASSIGN,
    CaseEntry.DUE_SET: Action.SET_DUE,
    CaseEntry.DETACHED: Action.ATTACH,
    CaseEntry.CLOSED: Action.CLOSE_CASE,
    CaseEntry.REOPENED: Action.CLOSE_CASE,
}


def _opened(arrived: Arrived) -> None:
    case_id = arrived.entry.subject
    row = _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    if not is_id("cas", case_id):
        raise CannotApply("case-id", "Its subject is no id of a case.")
    if Case.objects.filter(organisation_id=arrived.organisation_id, public_id=case_id).exists():
        raise CannotApply("case-there", "There is a case of that id already.")
    taken = take(arrived, Action.OPEN_CASE, ItemKind.CASE)
    where = taken.under
    said = (taken.fields or {}).get("territories")
    countries = [one for one in said if one in where.terms.territories] if isinstance(said, list) else []
    try:
        with transaction.atomic():
            case = new_case(
                where,
                row,
                case_id,
                opened_by=where.partner,
                purpose=arrived.entry.purpose,
                territories=tuple(countries) or tuple(where.terms.territories),
            )
    except IntegrityError as error:
        raise CannotApply("case-there", "There is a case of that id already.") from error
    record(case, where, row, _facts(taken), where.partner)


def _on_case(arrived: Arrived) -> None:
    """Assigned, due set, detached, closed, reopened."""
    action = _ACTIONS[CaseEntry(arrived.entry.type)]
    case, row = _case(arrived), _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    taken = take(arrived, action, ItemKind.CASE, owner=case.opened_by)
    record(case, taken.under, row, _facts(taken), taken.under.partner)


def _commented(arrived: Arrived) -> None:
    case, row = _case(arrived), _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    taken = take(arrived, Action.COMMENT, ItemKind.COMMENT)
    record(case, taken.under, row, _facts(taken), taken.under.partner)


def _attached(arrived: Arrived) -> None:
    case, row = _case(arrived), _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    kind = ItemKind.FILE if arrived.data.get("kind") == ItemKind.FILE else ItemKind.CASE
    owner = case.opened_by if kind is ItemKind.CASE else ""
    taken = take(arrived, Action.ATTACH, kind, owner=owner)
    record(case, taken.under, row, _facts(taken), taken.under.partner)


def _file(arrived: Arrived) -> None:
    """Bytes of a file; which one, their hash says."""
    case, row = _case(arrived), _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    where = said_under(arrived)
    data_class = arrived.entry.data_class
    item = Item(
        ItemKind.FILE,
        where.partner,
        {"content": data_class},
        tuple(where.terms.territories),
        arrived.entry.purpose,
        arrived.happened_at.date(),
    )
    permit = may_arrive(where.partner, Action.ATTACH, item, where.standing, arrived.happened_at)
    if not permit.allow:
        raise CannotApply(permit.reason, permit.sentence)
    if arrived.carried is not None and not files.place(case, row, arrived.carried, where.partner):
        raise CannotApply("file-unknown", "No file with these bytes was described in this case.")
    record(case, where, row, Facts(), where.partner)


def _corrected(arrived: Arrived) -> None:
    case, row = _case(arrived), _row(arrived)
    if CaseEvent.objects.filter(entry=row).exists():
        return
    kind = ItemKind.COMMENT if arrived.data.get("kind") == ItemKind.COMMENT else ItemKind.CASE
    taken = take(arrived, Action.CORRECT, kind)
    facts = _facts(taken)
    of = CaseEntry.COMMENTED if kind is ItemKind.COMMENT else CaseEntry.OPENED
    known = CaseEvent.objects.filter(case=case, entry_hash=facts.corrects, type=of, party=taken.under.partner)
    if taken.fields is not None and not known.exists():
        raise CannotApply("corrects-unknown", "The partner said nothing in this case that it could correct with it.")
    record(case, taken.under, row, facts, taken.under.partner)


def _shared(arrived: Arrived) -> None:
    listing = arrived.entry.type == SharedEntry.LISTING
    kind = AttachedKind.LISTING if listing else AttachedKind.FINDING
    ref, row = arrived.entry.subject, _row(arrived)
    taken = take(arrived, Action.SHARE, ITEM_KINDS[kind])
    if not is_id("lst" if listing else "fnd", ref):
        raise CannotApply("wrong-subject", f"Its subject is no id of a {kind}.")
    fields = taken.fields
    if fields is not None and fields.get(f"{kind}_id", ref) != ref:
        raise CannotApply("wrong-subject", "It speaks of another one than its subject says.")
    item = _shared_item(arrived, kind, ref) or SharedItem(
        organisation_id=arrived.organisation_id, agreement=taken.under.agreement, ours=False, kind=kind, ref=ref
    )
    if not item._state.adding and item.entry.seq >= row.seq:
        return
    item.entry, item.shared_at = row, row.happened_at
    item.withdrawn_at, item.withdrawn_why, item.forgotten_at = None, "", None
    item.said_hash = hash_of(fields or {})
    if fields is not None:
        _link(item, fields, arrived, taken)
    item.save()


def _link(item: SharedItem, fields: Mapping[str, object], arrived: Arrived, taken: Taken) -> None:
    ours = taken.under.kind_of(taken.under.party)
    if item.kind == AttachedKind.LISTING and ours == OrganisationKind.RIGHTS_HOLDER:
        bringing.bring(item, fields, arrived.happened_at)
        return
    item.listing = bringing.find(arrived.organisation_id, fields.get("marketplace", ""), fields.get("external_id", ""))


def _withdrawn(arrived: Arrived) -> None:
    ref = arrived.entry.subject
    kind = AttachedKind.LISTING if is_id("lst", ref) else AttachedKind.FINDING
    item = _shared_item(arrived, kind, ref)
    where = said_under(arrived)
    if item is None:
        raise CannotApply("not-shared", "The partner has shared no such thing with us.")
    asked = Item(ITEM_KINDS[kind], where.partner)
    permit = may_arrive(where.partner, Action.WITHDRAW, asked, where.standing, arrived.happened_at)
    if not permit.allow:
        raise CannotApply(permit.reason, permit.sentence)
    item.withdrawn_at, item.times = arrived.happened_at, item.times + 1
    item.withdrawn_why = str(arrived.data.get("why", ""))[:40]
    item.save(update_fields=["withdrawn_at", "withdrawn_why", "times"])


def _shared_item(arrived: Arrived, kind: AttachedKind, ref: str) -> SharedItem | None:
    rows = SharedItem.objects.select_for_update(of=("self",)).select_related("entry")
    found: SharedItem | None = rows.filter(agreement=arrived.agreement, ours=False, kind=kind, ref=ref[:30]).first()
    return found


def _case(arrived: Arrived) -> Case:
    case: Case | None = Case.objects.filter(agreement=arrived.agreement, public_id=arrived.entry.subject[:30]).first()
    if case is None:
        raise CannotApply("case-unknown", "There is no such case under this agreement here.")
    return case


def _row(arrived: Arrived) -> FeedEntry:
    row: FeedEntry = FeedEntry.objects.select_related("feed").get(
        feed__agreement=arrived.agreement, feed__ours=False, entry_id=arrived.entry_id
    )
    return row


def _facts(taken: Taken) -> Facts:
    try:
        return facts_of(taken.fields or {}, taken.under.parties)
    except Invalid as error:
        raise CannotApply(error.code, error.detail) from error


#: Type of entry -> what applies it. `withdrawn` is for listings and findings; notices have subjects of their own.
HANDLERS: Mapping[str, Handler] = {
    CaseEntry.OPENED: _opened,
    CaseEntry.COMMENTED: _commented,
    CaseEntry.ATTACHED: _attached,
    CaseEntry.FILE: _file,
    CaseEntry.CORRECTED: _corrected,
    **dict.fromkeys(_ACTIONS, _on_case),
    SharedEntry.LISTING: _shared,
    SharedEntry.FINDING: _shared,
    SharedEntry.WITHDRAWN: _withdrawn,
}

"""What partners say about shops: kept with label, source and last day, or not at all; and taken back."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from countermark.node.audit import services as audit
from countermark.node.cases.permits import said_under, take
from countermark.node.duties import lists
from countermark.node.duties.labels import Label
from countermark.node.duties.models import ListEntry
from countermark.node.exchange.applying import Arrived, CannotApply, Handler
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may_arrive
from countermark.node.exchange.rules.standing import Item
from countermark.node.kernel.ids import is_id


def _listed(arrived: Arrived) -> None:
    said = take(arrived, Action.SHARE, ItemKind.SELLER).fields or {}
    name, texts = arrived.entry.subject, {key: str(said.get(key, "")) for key in (*lists.NEEDED, "marketplace")}
    if not is_id("lse", name) or texts["label"] not in {Label.UPHELD, Label.COURT} or not texts["decision_id"]:
        raise CannotApply("wrong-data", "A list entry names a decision and a label, or it is not kept.")
    try:
        until = date.fromisoformat(texts["expires_on"])
    except ValueError as error:
        raise CannotApply("wrong-data", "A list entry without a last day is not kept.") from error
    if _rows(arrived).filter(public_id=name).exists():
        raise CannotApply("known", "There is an entry of that id already.")
    if (until - arrived.recorded_at.date()).days > lists.LONGEST_DAYS:
        raise CannotApply("wrong-data", f"A list entry ends within {lists.LONGEST_DAYS} days.")
    ListEntry.objects.create(
        organisation_id=arrived.organisation_id,
        agreement=arrived.agreement,
        public_id=name,
        ours=False,
        seller=texts["seller_token"][:80],
        marketplace=texts["marketplace"][:200],
        label=texts["label"],
        source=texts["decision_id"][:80],
        expires_on=until,
        entry=arrived.entry_id,
        said_at=arrived.happened_at,
    )


def _unlisted(arrived: Arrived) -> None:
    where = said_under(arrived)
    asked = Item(ItemKind.SELLER, where.partner)
    permit = may_arrive(where.partner, Action.WITHDRAW, asked, where.standing, arrived.happened_at)
    if not permit.allow:
        raise CannotApply(permit.reason, permit.sentence)
    row = _rows(arrived).filter(public_id=arrived.entry.subject[:40], agreement=arrived.agreement).first()
    if row is None:
        raise CannotApply("not-listed", "The partner has told us of no such entry.")
    lists.end(row, str(arrived.data.get("why", "")), arrived.happened_at)
    audit.record(actor="partner", organisation=arrived.organisation_id, action="list.corrected", target=row.public_id)


def _rows(arrived: Arrived) -> QuerySet[ListEntry]:
    return ListEntry.objects.select_for_update().filter(organisation_id=arrived.organisation_id, ours=False)


#: By type of entry.
HANDLERS: Mapping[str, Handler] = {lists.LISTED: _listed, lists.UNLISTED: _unlisted}

"""What partners say about measures: told to us, arrived at the filer, answered by it. Each entry once."""

from collections.abc import Mapping

from countermark.node.audit import services as audit
from countermark.node.conduct import appeals, passing, telling
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure, ToldMeasure
from countermark.node.conduct.recording import lock
from countermark.node.exchange.applying import Arrived, CannotApply, Handler
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import permits
from countermark.node.notices.permits import Message


def _told(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.MEASURE, Action.SHARE)
    name = arrived.entry.subject
    if said.get("measure_id") != name or not is_id("msr", name):
        raise CannotApply("wrong-data", "The entry is about another measure than it names.")
    if ToldMeasure.objects.filter(organisation_id=arrived.organisation_id, entry=arrived.entry_id).exists():
        return
    ToldMeasure(
        organisation_id=arrived.organisation_id,
        agreement=arrived.agreement,
        public_id=name,
        said={field: str(value)[:4000] for field, value in said.items()},
        entry=arrived.entry_id,
        at=min(arrived.happened_at, arrived.recorded_at),
    ).save()
    _acknowledge(arrived, name)
    _note(arrived, name, "measure.told_to_us")


def _acknowledge(arrived: Arrived, name: str) -> None:
    """Sign that it came, where the agreement lets us: the marketplace may rest on nothing without that proof."""
    message = Message(
        type=passing.ARRIVED,
        subject=name,
        kind=ItemKind.MEASURE,
        action=Action.ACKNOWLEDGE,
        owner=arrived.agreement.partner,
        fields={"measure_id": name, "arrived_at": now()},
        key=f"measure arrived {arrived.entry_id}",
    )
    try:
        permits.say(arrived.agreement, NODE, message)
    except (Conflict, Invalid):
        _note(arrived, name, "measure.not_acknowledged")


def _arrived(arrived: Arrived) -> None:
    permits.taken(arrived, ItemKind.MEASURE, Action.ACKNOWLEDGE, ours=True)
    measure, acts = _ours(arrived)
    telling.arrived_at_filer(measure, acts, arrived.entry_id, min(arrived.happened_at, arrived.recorded_at))


def _answered(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.MEASURE, Action.ANSWER, ours=True)
    measure, acts = _ours(arrived)
    try:
        appeals.appeal_of_filer(measure, acts, str(said.get("answer", "")))
    except (Conflict, Invalid) as refused:
        raise CannotApply("not-now", refused.detail) from refused


def _ours(arrived: Arrived) -> tuple[Measure, list[Act]]:
    """The measure that an entry is about, if it is about the notices of this very partner."""
    try:
        measure, acts = lock(arrived.organisation_id, arrived.entry.subject)
    except NotFound as missing:
        raise CannotApply("no-such-measure", "It is about a measure that is not known here.") from missing
    if measure.track != Track.NOTICES or measure.subject != arrived.agreement.name:
        raise CannotApply("not-yours", "It is about a measure that this partner has nothing to say about.")
    return measure, acts


def _note(arrived: Arrived, name: str, action: str) -> None:
    audit.record(
        actor="system",
        organisation=arrived.organisation_id,
        action=action,
        target=name,
        detail={"entry": arrived.entry_id},
    )


#: By type of entry; `jobs.handlers` joins them with those of other rooms.
HANDLERS: Mapping[str, Handler] = {
    passing.TOLD: _told,
    passing.ARRIVED: _arrived,
    passing.ANSWERED: _answered,
}

"""What a partner will see, field by field, before anything leaves; and exactly that leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from countermark.node.exchange.rules.actions import DEEDS, Action, Reach
from countermark.node.exchange.rules.field_rules import (
    class_of,
    comes_from,
    may_act,
    may_handle,
    may_travel,
    serves,
)
from countermark.node.exchange.rules.fields import FIELDS, Field, strictest
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.reasons import shown as printable
from countermark.node.exchange.rules.standing import Actor, Permit
from countermark.node.exchange.rules.term_parts import Purpose, Terms
from countermark.node.exchange.rules.values import HOLDS, UnfitValue, Value, fit
from countermark.node.kernel.errors import Invalid
from countermark.proof.canonical import canonical
from countermark.proof.entries import BESIDE_ONLY, MOST_DATA, DataClass
from countermark.proof.ijson import Plain

#: Bytes of values that one item may carry in all; more goes as a file.
MOST_VALUES = 256 * 1024
#: Names that nobody knows: this many are told.
MOST_UNKNOWN = 100
FORMAT = 1


class ShownField(NamedTuple):
    """A field that the partner gets: its name, value and class."""

    field: str
    value: Value
    data_class: DataClass


class HiddenField(NamedTuple):
    """A field that the partner does not get: its name, the code of the reason and a sentence. Never its value."""

    field: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave, and what would not.

    Attributes:
        kind: of the item.
        purpose: what for.
        shown: in the order of the reference page.
        hidden: every other field that was given, with the rule that hides it.
        data_class: strictest class among what is shown; PUBLIC when nothing is.
        retain_until: last day on which the partner may keep it all; None when nothing is shown.
    """

    kind: str
    purpose: str
    shown: tuple[ShownField, ...]
    hidden: tuple[HiddenField, ...]
    data_class: DataClass
    retain_until: date | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What an entry carries: one of `open` and `beside`, never both.

    Attributes:
        open: for `Entry.data`; None when something has to lie beside.
        beside: canonical JSON for `Carried`; None when everything is open.
        data_class: for `Entry.data_class`.
        retain_until: for `Entry.retain_until`: the day on which what lies beside is deleted; None when all is open.
    """

    open: dict[str, Plain] | None
    beside: bytes | None
    data_class: DataClass
    retain_until: date | None


def preview(
    kind: str,
    fields: Mapping[str, object],
    terms: Terms,
    purpose: str,
    actor: Actor,
    now: datetime,
    *,
    action: str = Action.SHARE,
    stated: Mapping[str, str] | None = None,
) -> Preview:
    """Sort the fields of an item into what the partner gets and what it does not. Never raises, whatever the values.

    Args:
        kind: an `ItemKind`.
        fields: name -> value, as the item's room gives them; unknown names are hidden like any other.
        terms: what was agreed.
        purpose: id of a purpose.
        actor: who sends; a field that this person may not see does not leave by this hand.
        now: aware; the retention is counted from it.
        action: the outward act it is sent with, such as `comment` or `notify`.
        stated: stricter classes for single fields of this item.
    """
    stated = stated or {}
    known = FIELDS[ItemKind(kind)] if kind in _KINDS else {}
    unknown = islice((name for name in fields if name not in known), MOST_UNKNOWN)
    names = [*(name for name in known if name in fields), *unknown]
    sort = _sorter(kind, terms, purpose, actor, action)
    shown: list[ShownField] = []
    hidden: list[HiddenField] = []
    room = MOST_VALUES
    for name in names:
        found = sort(name, fields[name], stated.get(name, ""), room)
        if isinstance(found, HiddenField):
            hidden.append(found)
        else:
            shown.append(found)
            room -= _size(found.value)
    return _preview(kind, purpose, tuple(shown), tuple(hidden), terms, now)


def outgoing(seen: Preview) -> Outgoing:
    """Exactly what leaves: what the preview shows, and nothing else.

    An entry has either open or erasable content. As soon as one shown field is PERSONAL or SENSITIVE, or was written
    freely by people, everything lies beside, so that it can be erased and the proof still holds.

    Raises:
        Invalid: nothing is shown, so there is nothing to send.
    """
    if not seen.shown:
        reasons = " ".join(dict.fromkeys(field.sentence for field in seen.hidden[:5]))
        raise Invalid.of("", "nothing-shown", f"Nothing of this would reach the partner. {reasons}".strip(), "")
    content: dict[str, Plain] = {
        "v": FORMAT,
        "kind": str(seen.kind),
        "fields": {field.field: _plain(field.value) for field in seen.shown},
        "classes": {field.field: str(field.data_class) for field in seen.shown},
    }
    data = canonical(content)
    if len(data) <= MOST_DATA and not any(_beside(seen.kind, field) for field in seen.shown):
        return Outgoing(content, None, seen.data_class, None)
    return Outgoing(None, data, seen.data_class, seen.retain_until)


_KINDS = frozenset(map(str, ItemKind))
_ACTIONS = frozenset(map(str, Action))
_Sorter = Callable[[str, object, str, int], ShownField | HiddenField]


def _beside(kind: str, field: ShownField) -> bool:
    return field.data_class in BESIDE_ONLY or FIELDS[ItemKind(kind)][field.field].beside


def _sorter(kind: str, terms: Terms, purpose_id: str, actor: Actor, action: str) -> _Sorter:
    """What decides on each field; where the whole item is denied, one that hides every field for that reason."""
    if kind not in _KINDS:
        return _hide_all(Permit.denied("kind-unknown", kind=kind))
    known = ItemKind(kind)
    denial = _action_denial(known, action) or may_act(terms, Action(action), actor.kind, actor.role)
    denial = denial or comes_from(terms, known, actor.kind)
    if denial is not None:
        return _hide_all(denial)
    served = serves(terms, known, purpose_id)
    if isinstance(served, Permit):
        return _hide_all(served)
    purpose = served

    def sort(name: str, value: object, stated: str, room: int) -> ShownField | HiddenField:
        classed = _class_here(terms, known, name, stated, purpose, actor)
        if isinstance(classed, Permit):
            return _hide(name, classed)
        return _fitted(name, FIELDS[known][name], value, classed, room)

    return sort


def _class_here(
    terms: Terms, kind: ItemKind, name: str, stated: str, purpose: Purpose, actor: Actor
) -> DataClass | Permit:
    """The class under which a field leaves by this actor's hand, or why it does not."""
    classed = class_of(terms, kind, name, stated)
    if isinstance(classed, Permit):
        return classed
    denial = may_travel(classed, terms, purpose) or may_handle(classed, terms, actor.kind, actor.role)
    return denial or classed.data_class


def _action_denial(kind: ItemKind, action: str) -> Permit | None:
    if action not in _ACTIONS:
        return Permit.denied("action-unknown", action=action)
    deed = DEEDS[Action(action)]
    if deed.reach is not Reach.OUTWARD or kind not in deed.kinds:
        return Permit.denied("kind-not-for-action", kind=kind, action=action)
    return None


def _fitted(name: str, field: Field, value: object, data_class: DataClass, room: int) -> ShownField | HiddenField:
    try:
        fitted = fit(field.shape, value)
    except UnfitValue:
        return _hide(name, Permit.denied("value-unfit", shape=HOLDS[field.shape]))
    if fitted is None:
        return _hide(name, Permit.denied("empty"))
    if _size(fitted) > room:
        return _hide(name, Permit.denied("too-large", limit=f"{MOST_VALUES // 1024} KiB for all fields together"))
    return ShownField(name, fitted, data_class)


def _hide_all(denial: Permit) -> _Sorter:
    return lambda name, _value, _stated, _room: _hide(name, denial)


def _hide(name: object, denial: Permit) -> HiddenField:
    return HiddenField(printable(str(name)), denial.reason, denial.sentence)


def _preview(
    kind: str,
    purpose: str,
    shown: tuple[ShownField, ...],
    hidden: tuple[HiddenField, ...],
    terms: Terms,
    now: datetime,
) -> Preview:
    classes = [field.data_class for field in shown]
    days = min((terms.retention[one] for one in classes), default=0)
    until = min(days, (date.max - now.date()).days)
    return Preview(
        kind=kind,
        purpose=purpose,
        shown=shown,
        hidden=hidden,
        data_class=strictest(classes),
        retain_until=now.date() + timedelta(days=until) if shown else None,
    )


def _plain(value: Value) -> Plain:
    return list(value) if isinstance(value, tuple) else value


def _size(value: Value) -> int:
    return len(canonical(_plain(value)))

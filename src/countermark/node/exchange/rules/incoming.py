"""What came from a partner: read with suspicion, and sifted by what was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from countermark.node.exchange.rules.field_rules import class_of, may_travel, serves
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.previewing import FORMAT, MOST_VALUES, HiddenField, ShownField
from countermark.node.exchange.rules.reasons import shown as printable
from countermark.node.exchange.rules.standing import Permit
from countermark.node.exchange.rules.term_parts import Terms
from countermark.node.exchange.rules.values import HOLDS, UnfitValue, fit
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.proof.entries import BESIDE_ONLY, DataClass
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused

#: Values, names, classes and punctuation.
MOST_BYTES = MOST_VALUES + 64 * 1024
_MEND = "Ask the partner to send the item again from a node of this version."


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item as its sender stated it.

    Attributes:
        kind: of the item.
        shown: the fields that can be read, in the order of the reference page.
        problems: fields that were set aside, each with what is wrong. Never a value.
    """

    kind: ItemKind
    shown: tuple[ShownField, ...]
    problems: tuple[FieldProblem, ...]


def read_incoming(open_data: Mapping[str, Any] | None, beside: bytes | None) -> Incoming:
    """Read what an entry carries; good fields are kept, bad ones set aside.

    Args:
        open_data: `Entry.data`, or None.
        beside: the bytes beside the entry, after `Carried.check`; or None.

    Raises:
        Invalid: both or neither is given, the bytes are not strict JSON, or it is no item of a known kind.
    """
    if (open_data is None) == (beside is None):
        raise Invalid.of("", "open-or-beside", "An item lies either in the entry or beside it.", _MEND)
    content = _object(beside) if open_data is None else open_data
    kind = _kind(content)
    fields, classes = content.get("fields"), content.get("classes")
    if not isinstance(fields, dict) or not isinstance(classes, dict) or set(content) != _PARTS:
        raise Invalid.of("", "no-item", "It is not an item: kind, fields and classes.", _MEND)
    shown: list[ShownField] = []
    problems = [_problem(name, "field-unknown") for name in fields if name not in FIELDS[kind]][:50]
    for name in (name for name in FIELDS[kind] if name in fields):
        found = _field(kind, name, fields[name], classes.get(name), is_open=open_data is not None)
        (problems if isinstance(found, FieldProblem) else shown).append(found)  # type: ignore[arg-type]
    return Incoming(kind, tuple(shown), tuple(problems))


def sift(
    item: Incoming, terms: Terms, purpose: str, sender: str
) -> tuple[tuple[ShownField, ...], tuple[HiddenField, ...]]:
    """Keep what was agreed, under the stricter of stated and agreed class; set apart what should not have come.

    Args:
        item: as it was read.
        terms: what was agreed.
        purpose: that the entry names.
        sender: kind of the organisation that sent it.

    Returns:
        What may be kept, and what the receiver does not store, with the reason that its sender is told.
    """
    served = serves(terms, item.kind, purpose)
    if isinstance(served, Permit) or sender not in terms.items[item.kind].shared_by:
        denial = served if isinstance(served, Permit) else _not_source(item.kind, sender)
        return (), tuple(HiddenField(field.field, denial.reason, denial.sentence) for field in item.shown)
    kept: list[ShownField] = []
    refused: list[HiddenField] = []
    for field in item.shown:
        classed = class_of(terms, item.kind, field.field, field.data_class)
        denial_of = classed if isinstance(classed, Permit) else may_travel(classed, terms, served)
        if denial_of is not None:
            refused.append(HiddenField(field.field, denial_of.reason, denial_of.sentence))
        elif not isinstance(classed, Permit):
            kept.append(ShownField(field.field, field.value, classed.data_class))
    return tuple(kept), tuple(refused)


_PARTS = {"v", "kind", "fields", "classes"}
_SAID = {
    "field-unknown": "There is no such field of this kind.",
    "class-unknown": "The field has no class.",
    "class-too-low": "The field is stated under a class that it cannot have.",
    "open-personal": "The field is personal and lies openly in the entry, where it cannot be erased.",
    "empty": "There is nothing in the field.",
}


def _not_source(kind: ItemKind, sender: str) -> Permit:
    return Permit.denied("side-not-source", kind=kind, side=sender)


def _object(data: bytes | None) -> Mapping[str, Any]:
    if data is None or len(data) > MOST_BYTES:
        raise Invalid.of("", "too-large", f"An item has at most {MOST_BYTES // 1024} KiB.", _MEND)
    try:
        return read_object(data)
    except Refused as error:
        raise Invalid.of("", error.code, "What lies beside the entry is not strict JSON.", _MEND) from error


def _kind(content: Mapping[str, Any]) -> ItemKind:
    version, kind = content.get("v"), content.get("kind")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        raise Invalid.of("v", "newer-version", "It is written in a newer version of the exchange.", "Update this node.")
    if version != FORMAT or isinstance(version, bool):
        raise Invalid.of("v", "no-item", "It is not an item of a known version.", _MEND)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Invalid.of("kind", "kind-unknown", "It is of a kind that nobody knows here.", "Update this node.")
    return ItemKind(kind)


_KINDS = frozenset(map(str, ItemKind))


def _field(kind: ItemKind, name: str, value: object, stated: object, *, is_open: bool) -> ShownField | FieldProblem:
    known = FIELDS[kind][name]
    if not isinstance(stated, str) or stated not in CLASSES:
        return _problem(name, "class-unknown")
    data_class = DataClass(stated)
    if rank(data_class) < rank(known.least):
        return _problem(name, "class-too-low")
    if is_open and data_class in BESIDE_ONLY:
        return _problem(name, "open-personal")
    try:
        fitted = fit(known.shape, value)
    except UnfitValue:
        return FieldProblem(name, "value-unfit", f"The field holds {HOLDS[known.shape]}.", _MEND)
    return _problem(name, "empty") if fitted is None else ShownField(name, fitted, data_class)


def _problem(name: str, code: str) -> FieldProblem:
    return FieldProblem(printable(str(name)), code, _SAID[code], _MEND)

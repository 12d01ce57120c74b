"""What is asked of one field: may it be named, may it travel for this purpose, in whose hands."""

from dataclasses import dataclass

from countermark.node.exchange.rules.actions import DEEDS, NODE, Action
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, NEVER, rank, strictest
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import listed, spelled
from countermark.node.exchange.rules.standing import Permit
from countermark.node.exchange.rules.term_parts import Purpose, Terms
from countermark.node.parties.permissions import Role
from countermark.proof.entries import BESIDE_ONLY, DataClass

#: Every word that may stand as a role.
ROLES = frozenset({*map(str, Role), NODE})


@dataclass(frozen=True, slots=True)
class Classed:
    """A field that may travel, with the class that counts."""

    field: str
    data_class: DataClass


def class_of(terms: Terms, kind: ItemKind, field: str, stated: str = "") -> Classed | Permit:
    """The class that counts for a field, or why it may not be sent at all.

    Args:
        terms: what was agreed.
        kind: of the item.
        field: its name; anything is accepted.
        stated: class that the owner stated for this one item, empty when none. The strictest of stated class, agreed
            class and least class counts.
    """
    known = FIELDS[kind].get(field)
    if known is None:
        if field in NEVER:
            return Permit.denied("secret", field=field, why=NEVER[field])
        return Permit.denied("field-unknown", field=field, kind=kind)
    agreed = terms.items[kind].fields.get(field) if kind in terms.items else None
    if agreed is None:
        return Permit.denied("field-not-agreed", field=field, kind=kind)
    if stated and stated not in CLASSES:
        return Permit.denied("class-unknown", field=field, data_class=stated)
    own = (DataClass(stated),) if stated else ()
    return Classed(field, strictest((known.least, agreed, *own)))


def may_travel(classed: Classed, terms: Terms, purpose: Purpose) -> Permit | None:
    """Why a field of this class may not travel for a purpose; None when it may."""
    field, data_class = classed.field, classed.data_class
    if rank(data_class) > rank(purpose.up_to):
        return Permit.denied(
            "class-above-purpose", field=field, data_class=data_class, purpose=purpose.id, most=purpose.up_to
        )
    if data_class not in terms.retention:
        return Permit.denied("no-retention-agreed", field=field, data_class=data_class)
    return None


def may_handle(classed: Classed, terms: Terms, side: str, role: str) -> Permit | None:
    """Why a person in this role may not send or take out a field of this class; None when one may.

    Nobody sends personal data without being allowed to see them, and no machine sends them unasked.
    """
    if classed.data_class not in BESIDE_ONLY:
        return None
    roles = roles_of(terms, Action.REVEAL, side)
    if role in roles:
        return None
    return Permit.denied("personal-needs-role", field=classed.field, data_class=classed.data_class, roles=listed(roles))


def may_act(terms: Terms, action: Action, side: str, role: str) -> Permit | None:
    """Why a side, and a role on it, may not do something under these terms; None when they may."""
    deed, granted = DEEDS[action], terms.roles(action, side)
    if not granted:
        return Permit.denied("side-not-granted", side=spelled(side), deed=deed.words)
    if role not in ROLES:
        return Permit.denied("role-unknown", role=role)
    if role not in deed.roles:
        return Permit.denied("role-never", role=spelled(role), deed=deed.words)
    if role not in granted:
        roles = listed(roles_of(terms, action, side))
        return Permit.denied("role-not-granted", role=spelled(role), deed=deed.words, roles=roles)
    return None


def serves(terms: Terms, kind: ItemKind, purpose_id: str) -> Purpose | Permit:
    """The purpose, or why an item of this kind may not be exchanged for it."""
    if not purpose_id:
        return Permit.denied("no-purpose")
    purpose = terms.purpose(purpose_id)
    if purpose is None:
        return Permit.denied("purpose-unknown", purpose=purpose_id)
    if kind not in terms.items or purpose.id not in terms.items[kind].purposes:
        return Permit.denied("purpose-not-for-kind", purpose=purpose.id, kind=spelled(kind))
    based = {basis.side for basis in purpose.bases}
    missing = next((side for side in terms.sides if side not in based), None)
    if missing is not None:
        return Permit.denied("no-legal-basis", side=spelled(missing), purpose=purpose.id)
    return purpose


def comes_from(terms: Terms, kind: ItemKind, side: str) -> Permit | None:
    """Why items of this kind do not come from a side; None when they do."""
    if kind not in terms.items:
        return Permit.denied("kind-not-agreed", kind=spelled(kind))
    if side not in terms.items[kind].shared_by:
        return Permit.denied("side-not-source", kind=spelled(kind), side=spelled(side))
    return None


def roles_of(terms: Terms, action: Action, side: str) -> tuple[str, ...]:
    """Roles of a side that terms grant an action to, without those that can never have it."""
    return tuple(role for role in terms.roles(action, side) if role in DEEDS[action].roles)

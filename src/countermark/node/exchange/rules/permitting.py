"""One pure function says who may do what with what, when, and why not. Everything that is not agreed is denied."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from countermark.node.exchange.rules.actions import DEEDS, Action, AgreementState, Deed, Reach, Whose
from countermark.node.exchange.rules.field_rules import (
    Classed,
    class_of,
    comes_from,
    may_act,
    may_handle,
    may_travel,
    serves,
)
from countermark.node.exchange.rules.fields import rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import spelled
from countermark.node.exchange.rules.standing import Actor, Item, Permit, Standing
from countermark.node.exchange.rules.term_parts import Purpose
from countermark.proof.entries import BESIDE_ONLY, DataClass


def may(actor: Actor, action: str, item: Item | None, standing: Standing, now: datetime) -> Permit:
    """Whether an actor may do something. Never raises; what is not known is denied.

    Args:
        actor: who, on which side, in which role.
        action: an `Action`; any other text is denied.
        item: what it is about; not looked at for acts on the agreement itself.
        standing: the agreement, and how it stands.
        now: aware.

    Returns:
        A permit with the first reason against it, in the order of docs/reference/exchange-rules.md.
    """
    return _first_denial(_CHECKS, actor, action, item, standing, now)


def may_arrive(party: str, action: str, item: Item | None, standing: Standing, now: datetime) -> Permit:
    """Whether what a partner sent may be taken: the same questions but that of the role.

    Which of its people speak for a partner is the partner's own affair, and not to be seen from here.
    """
    side = standing.side(party)
    return _first_denial(_ARRIVING, Actor(party, side.kind if side else "", ""), action, item, standing, now)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question whose action, and where it has one, item are known."""

    actor: Actor
    action: Action
    deed: Deed
    item: Item
    kind: ItemKind
    standing: Standing
    now: datetime

    @property
    def purpose(self) -> Purpose | None:
        return self.standing.terms.purpose(self.item.purpose)


_Check = Callable[[_Asked], Permit | None]
_NO_ITEM = Item(kind="", owner="")


def _first_denial(
    checks: tuple[_Check, ...], actor: Actor, action: str, item: Item | None, standing: Standing, now: datetime
) -> Permit:
    moments = (now, standing.since, standing.valid_from, standing.valid_until)
    if any(moment is not None and moment.utcoffset() is None for moment in moments):
        return Permit.denied("clock")
    if action not in _ACTIONS:
        return Permit.denied("action-unknown", action=action)
    deed = DEEDS[Action(action)]
    if deed.reach is Reach.AGREEMENT:
        item = _NO_ITEM
    elif item is None:
        return Permit.denied("no-item")
    elif item.kind not in _KINDS:
        return Permit.denied("kind-unknown", kind=item.kind)
    kind = ItemKind(item.kind) if item.kind else ItemKind.LISTING  # of an act on the agreement, never looked at
    asked = _Asked(actor, Action(action), deed, item, kind, standing, now)
    return next((denial for check in checks if (denial := check(asked)) is not None), Permit.given())


_ACTIONS, _KINDS = frozenset(map(str, Action)), frozenset(map(str, ItemKind))
_STATES = frozenset(map(str, AgreementState))


# --- who ------------------------------------------------------------------------------------------------------------


def _party(asked: _Asked) -> Permit | None:
    side = asked.standing.side(asked.actor.party)
    if side is None:
        return Permit.denied("not-a-party", party=asked.actor.party)
    if side.kind != asked.actor.kind:
        return Permit.denied("wrong-kind-of-party")
    if sorted(one.kind for one in asked.standing.sides) != sorted(asked.standing.terms.sides):
        return Permit.denied("sides-differ")
    return None


def _side(asked: _Asked) -> Permit | None:
    if asked.standing.terms.roles(asked.action, asked.actor.kind):
        return None
    return Permit.denied("side-not-granted", side=spelled(asked.actor.kind), deed=asked.deed.words)


def _role(asked: _Asked) -> Permit | None:
    return may_act(asked.standing.terms, asked.action, asked.actor.kind, asked.actor.role)


# --- how the agreement stands -----------------------------------------------------------------------------------------


def _state(asked: _Asked) -> Permit | None:
    state, _ = asked.standing.at(asked.now)
    if state not in _STATES:
        return Permit.denied("state-unknown")
    if state == AgreementState.OFFERED and asked.standing.over(asked.now):
        return Permit.denied("offer-lapsed")
    begins = asked.standing.valid_from
    if begins is not None and asked.now < begins and asked.deed.reach is not Reach.AGREEMENT:
        return Permit.denied("not-yet-valid", day=f"{begins:%Y-%m-%d}")
    if state not in asked.deed.states:
        return _denied_by(AgreementState(state), asked.deed)
    return _after_the_end(asked) if state == AgreementState.ENDED else None


def _denied_by(state: AgreementState, deed: Deed) -> Permit:
    if state is AgreementState.ENDED:
        return Permit.denied("ended")
    if deed.reach is Reach.AGREEMENT:
        return Permit.denied("not-in-this-state", state=state)
    return Permit.denied("not-yet-agreed" if state is AgreementState.OFFERED else "suspended")


def _after_the_end(asked: _Asked) -> Permit | None:
    return None if asked.action in asked.standing.terms.ending.after else Permit.denied("ended")


# --- the item ---------------------------------------------------------------------------------------------------------


def _kind(asked: _Asked) -> Permit | None:
    if asked.kind not in asked.deed.kinds:
        return Permit.denied("kind-not-for-action", kind=spelled(asked.kind), action=spelled(asked.action))
    if asked.kind not in asked.standing.terms.items:
        return Permit.denied("kind-not-agreed", kind=spelled(asked.kind))
    return None


def _owner(asked: _Asked) -> Permit | None:
    item, own = asked.item, asked.item.owner == asked.actor.party
    if asked.standing.side(item.owner) is None:
        # Sharing what a third party stated needs a permit of the agreement under which it came.
        passes = item.may_be_passed_on and asked.action in _PASSING
        return None if passes else Permit.denied("owner-unknown")
    if asked.deed.whose is Whose.OWN and not own:
        return Permit.denied("not-yours")
    if asked.deed.whose is Whose.OTHERS and own:
        return Permit.denied("own-statement")
    return None


#: What can be done with an item that a third party allowed to be passed on.
_PASSING = frozenset({Action.SHARE, Action.WITHDRAW, Action.READ, Action.ACKNOWLEDGE, Action.CONFIRM_DELETION})


def _source(asked: _Asked) -> Permit | None:
    """An item comes from its owner; when a third party's is passed on, from the side that brings it."""
    source = asked.standing.side(asked.item.owner)
    if source is None and asked.action is Action.SHARE:
        source = asked.standing.side(asked.actor.party)
    if source is None or not asked.deed.carries:
        return None
    return comes_from(asked.standing.terms, asked.kind, source.kind)


def _withdrawn(asked: _Asked) -> Permit | None:
    return Permit.denied("withdrawn") if asked.item.withdrawn and not asked.deed.withdrawn else None


def _purpose(asked: _Asked) -> Permit | None:
    served = serves(asked.standing.terms, asked.kind, asked.item.purpose)
    return served if isinstance(served, Permit) else None


def _territory(asked: _Asked) -> Permit | None:
    if not asked.item.territories:
        return Permit.denied("no-territory")
    agreed = asked.standing.terms.territories
    outside = next((one for one in asked.item.territories if one not in agreed), None)
    return None if outside is None else Permit.denied("territory-outside", territory=outside)


def _fields(asked: _Asked) -> Permit | None:
    for field, stated in asked.item.fields.items():
        classed = class_of(asked.standing.terms, asked.kind, field, stated)
        denial = classed if isinstance(classed, Permit) else _travels(asked, classed)
        if denial is not None:
            return denial
    return None


def _travels(asked: _Asked, classed: Classed) -> Permit | None:
    purpose = asked.purpose
    if purpose is None:
        return Permit.denied("purpose-unknown", purpose=asked.item.purpose)
    denial = may_travel(classed, asked.standing.terms, purpose)
    personal = classed.data_class in BESIDE_ONLY
    if denial is None and personal and asked.action is Action.READ:
        denial = Permit.denied("needs-reveal", field=classed.field, data_class=classed.data_class)
    return denial


def _handles(asked: _Asked) -> Permit | None:
    if asked.action in {Action.READ, Action.REVEAL}:
        return None
    terms, actor = asked.standing.terms, asked.actor
    denials = (may_handle(classed, terms, actor.kind, actor.role) for classed in _classed(asked))
    return next((denial for denial in denials if denial is not None), None)


def _ended_data(asked: _Asked) -> Permit | None:
    """After the end nothing personal goes out, and what was to be deleted is not read any more."""
    state, since = asked.standing.at(asked.now)
    if state != AgreementState.ENDED:
        return None
    classes = {classed.data_class for classed in _classed(asked)}
    if asked.deed.reach is Reach.OUTWARD and classes & BESIDE_ONLY:
        return Permit.denied("ended-personal")
    ending = asked.standing.terms.ending
    # Dates in the last days of year 9999 would overflow; a difference does not.
    over = asked.now - since > timedelta(days=ending.delete_days)
    others = asked.item.owner != asked.actor.party
    return Permit.denied("deleted-at-end") if over and others and classes & set(ending.deletes) else None


def _retention(asked: _Asked) -> Permit | None:
    until, today = asked.item.retain_until, asked.now.date()
    classes = sorted({classed.data_class for classed in _classed(asked)}, key=rank)
    if until is None:
        return Permit.denied("no-retention") if BESIDE_ONLY & set(classes) else None
    if until < today:
        return Permit.denied("retention-over", day=f"{until}")
    return _too_long(asked, classes) if asked.deed.reach is Reach.OUTWARD else None


def _too_long(asked: _Asked, classes: list[DataClass]) -> Permit | None:
    until, today = asked.item.retain_until, asked.now.date()
    days = asked.standing.terms.retention
    for data_class in classes:
        if until is not None and (until - today).days > days.get(data_class, 0):
            return Permit.denied("retention-too-long", day=f"{until}", data_class=data_class)
    return None


def _onward(asked: _Asked) -> Permit | None:
    if asked.action is not Action.PASS_ON:
        return None
    onward = asked.standing.terms.onward
    if asked.kind not in onward.kinds:
        return Permit.denied("onward-not-agreed", kind=spelled(asked.kind))
    if asked.item.recipient not in onward.to:
        return Permit.denied("onward-recipient", recipient=spelled(asked.item.recipient or "third organisation"))
    for classed in _classed(asked):
        if rank(classed.data_class) > rank(onward.up_to):
            return Permit.denied("onward-class", field=classed.field, data_class=classed.data_class, most=onward.up_to)
    return None


def _classed(asked: _Asked) -> list[Classed]:
    found = (class_of(asked.standing.terms, asked.kind, name, said) for name, said in asked.item.fields.items())
    return [one for one in found if isinstance(one, Classed)]


def _of_items(check: _Check) -> _Check:
    """Ask it of acts on items only."""
    return lambda asked: None if asked.deed.reach is Reach.AGREEMENT else check(asked)


def _of_content(check: _Check) -> _Check:
    """Ask it of acts that move or show what is in an item."""
    return lambda asked: check(asked) if asked.deed.carries and asked.deed.reach is not Reach.AGREEMENT else None


_WHO = (_party, _side, _role)
_WHAT = (_state, *map(_of_items, (_kind, _owner, _source, _withdrawn)))
_CONTENT = tuple(map(_of_content, (_purpose, _territory, _fields)))
_LIMITS = tuple(map(_of_content, (_ended_data, _retention, _onward)))
_CHECKS: tuple[_Check, ...] = (*_WHO, *_WHAT, *_CONTENT, _of_content(_handles), *_LIMITS)
_ARRIVING: tuple[_Check, ...] = (_party, _side, *_WHAT, *_CONTENT, *_LIMITS)

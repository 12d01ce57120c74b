"""Terms and questions for property tests: mostly plausible, so that permits are given, and odd in one place or another.

Drawn from a seed by a random generator of our own: Hypothesis needs seconds for one agreement of this size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import permutations
from random import Random
from typing import TypeVar

import msgspec
from hypothesis import strategies as st

from countermark.node.exchange.rules.actions import DEEDS, NODE, Action, AgreementState, Reach, Whose
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.standing import Actor, Item, Side, Standing
from countermark.node.exchange.rules.term_parts import ItemTerms, Onward, Terms
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role
from countermark.proof.entries import DataClass

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PARTIES = ("maison-aurelle", "bazaar")
ROLES: tuple[str, ...] = (*Role, NODE)
COUNTRIES = ("FR", "CN", "US")
_PAIRS = list(permutations(OrganisationKind, 2))
_DRAFTS = {pair: standard_terms(*pair) for pair in _PAIRS}

odd = st.text(max_size=12)
T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """Everything a permit is asked with, and the generator for further draws."""

    rng: Random
    standing: Standing
    actor: Actor
    action: Action
    item: Item


def asked(state: str | None = None) -> st.SearchStrategy[Question]:
    """Questions under agreements in one state, or in any."""
    return st.integers(0, 2**40).map(lambda seed: draw_question(Random(seed), state))


def drawn_terms() -> st.SearchStrategy[Terms]:
    """Terms with parts drawn anew; many could not be signed."""
    return st.integers(0, 2**40).map(lambda seed: draw_terms(Random(seed)))


def some(rng: Random, among: Iterable[T], least: float = 0.0) -> tuple[T, ...]:
    """Part of a set: each with one chance, at least `least`."""
    chance = rng.uniform(least, 1)
    return tuple(one for one in among if rng.random() < chance)


def draw_terms(rng: Random) -> Terms:
    """A standard draft, with fields, classes, roles, days and countries drawn anew."""
    sides = rng.choice(_PAIRS)
    draft = _DRAFTS[sides]
    purposes = tuple(msgspec.structs.replace(one, up_to=_class(rng, rng.choice(CLASSES))) for one in draft.purposes)
    names = [one.id for one in purposes]
    return msgspec.structs.replace(
        draft,
        purposes=purposes,
        items={kind: _items(rng, kind, names, sides) for kind in some(rng, ItemKind, 0.7) or tuple(ItemKind)},
        territories=some(rng, COUNTRIES, 0.6) or ("FR",),
        retention={one: rng.randint(1, 900) for one in CLASSES if rng.random() < 0.9},
        grants={action: {side: some(rng, ROLES, 0.6) for side in sides} for action in some(rng, Action, 0.7)},
        ending=msgspec.structs.replace(draft.ending, after=some(rng, Action, 0.5), deletes=some(rng, CLASSES)),
        onward=Onward(kinds=some(rng, ItemKind, 0.5), to=some(rng, OrganisationKind, 0.5), up_to=rng.choice(CLASSES)),
    )


def _class(rng: Random, data_class: DataClass) -> DataClass:
    return data_class if rng.random() < 0.5 else CLASSES[min(4, rank(data_class) + rng.randint(1, 3))]


def _items(rng: Random, kind: ItemKind, purposes: list[str], sides: Sequence[OrganisationKind]) -> ItemTerms:
    names = some(rng, FIELDS[kind], 0.4) or tuple(FIELDS[kind])
    return ItemTerms(
        purposes=some(rng, purposes, 0.6) or tuple(purposes),
        shared_by=some(rng, sides, 0.8) or tuple(sides),
        fields={name: rng.choice((FIELDS[kind][name].least, rng.choice(CLASSES))) for name in names},
    )


@cache
def _terms_of(seed: int) -> Terms:
    return draw_terms(Random(seed))


def draw_standing(rng: Random, state: str | None = None) -> Standing:
    """An agreement between the two parties."""
    terms = _terms_of(rng.randrange(300))
    one, other = terms.sides
    states = [AgreementState.AGREED] * 3 + list(AgreementState)
    return Standing(
        terms=terms,
        sides=(Side(PARTIES[0], one), Side(PARTIES[1], other)),
        state=state if state is not None else rng.choice(states),
        since=moment(rng) if rng.random() < 0.2 else NOW - timedelta(days=rng.randint(0, 40)),
        valid_from=moment(rng) if rng.random() < 0.1 else None,
        valid_until=moment(rng) if rng.random() < 0.1 else None,
    )


def moment(rng: Random) -> datetime:
    """Up to two years before or after now."""
    return NOW + timedelta(days=rng.randint(-800, 800))


def draw_question(rng: Random, state: str | None = None) -> Question:
    """Who, what and about what: each part fits with a good chance."""
    standing = draw_standing(rng, state)
    kind = rng.choice(list(standing.terms.items))
    fitting = [one for one in Action if kind in DEEDS[one].kinds or DEEDS[one].reach is Reach.AGREEMENT]
    action = rng.choice(fitting if rng.random() < 0.9 else list(Action))
    at = rng.randint(0, 1)
    side = standing.sides[at]
    roles = standing.terms.roles(action, side.kind) if rng.random() < 0.8 else ROLES
    fit = [role for role in roles if role in DEEDS[action].roles] or ["counsel"]
    actor = Actor(side.party, side.kind, rng.choice(fit))
    return Question(rng, standing, actor, action, _item(rng, standing, kind, action, at))


def _item(rng: Random, standing: Standing, kind: ItemKind, action: Action, at: int) -> Item:
    agreed = standing.terms.items[kind]
    own = {Whose.OWN: True, Whose.OTHERS: False, Whose.ANY: rng.random() < 0.5}[DEEDS[action].whose]
    owner = PARTIES[at if own else 1 - at] if rng.random() < 0.9 else rng.choice((*PARTIES, "alto-pay"))
    names = rng.sample(sorted(agreed.fields), rng.randint(0, min(3, len(agreed.fields))))
    return Item(
        kind=kind,
        owner=owner,
        fields={name: rng.choice(("", "", "", "", rng.choice(CLASSES))) for name in names},
        territories=(rng.choice(standing.terms.territories if rng.random() < 0.9 else COUNTRIES),),
        purpose=rng.choice(agreed.purposes),
        retain_until=None if rng.random() < 0.3 else NOW.date() + timedelta(days=rng.randint(-30, 300)),
        withdrawn=rng.random() < 0.1,
        may_be_passed_on=rng.random() < 0.5,
        recipient=rng.choice(("", *OrganisationKind)),
    )

"""Terms, questions and changes of them, drawn for property tests."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import msgspec
from hypothesis import strategies as st

from countermark.node.exchange.rules.actions import NODE, Action, AgreementState
from countermark.node.exchange.rules.fields import CLASSES, FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.standing import Actor, Item, Side, Standing
from countermark.node.exchange.rules.term_parts import ItemTerms, Terms
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PARTIES = ("maison-aurelle", "bazaar")
ROLES = (*Role, NODE)

odd = st.text(max_size=12)
kinds = st.sampled_from(ItemKind)
moments = st.integers(-800, 800).map(lambda days: NOW + timedelta(days=days))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """A standard draft, with fields, classes, roles, days and countries drawn anew; most could not be signed."""
    sides = draw(st.sampled_from(list(permutations(OrganisationKind, 2))))
    draft = standard_terms(*sides)
    purposes = tuple(
        msgspec.structs.replace(purpose, up_to=draw(st.sampled_from(CLASSES))) for purpose in draft.purposes
    )
    return msgspec.structs.replace(
        draft,
        purposes=purposes,
        items={kind: draw(_items(kind, [p.id for p in purposes], sides)) for kind in draw(st.sets(kinds, min_size=1))},
        territories=tuple(draw(st.sets(st.sampled_from(["FR", "CN", "US"]), min_size=1))),
        retention=draw(st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 900))),
        grants={
            action: {side: tuple(draw(st.sets(st.sampled_from(ROLES)))) for side in sides}
            for action in draw(st.sets(st.sampled_from(Action), min_size=12))
        },
        ending=msgspec.structs.replace(
            draft.ending,
            after=tuple(draw(st.sets(st.sampled_from(Action)))),
            deletes=tuple(draw(st.sets(st.sampled_from(CLASSES)))),
        ),
        onward=msgspec.structs.replace(
            draft.onward,
            kinds=tuple(draw(st.sets(kinds))),
            to=tuple(draw(st.sets(st.sampled_from(OrganisationKind)))),
            up_to=draw(st.sampled_from(CLASSES)),
        ),
    )


def _items(kind: ItemKind, purposes: list[str], sides: tuple[OrganisationKind, ...]) -> st.SearchStrategy[ItemTerms]:
    return st.builds(
        ItemTerms,
        purposes=st.sets(st.sampled_from(purposes), min_size=1).map(tuple),
        shared_by=st.sets(st.sampled_from(sides), min_size=1).map(tuple),
        fields=st.dictionaries(st.sampled_from(sorted(FIELDS[kind])), st.sampled_from(CLASSES), min_size=1),
    )


@st.composite
def standings(draw: st.DrawFn, state: st.SearchStrategy[str] | None = None) -> Standing:
    """An agreement between the two parties, in any state."""
    agreed = draw(terms())
    one, other = agreed.sides
    return Standing(
        terms=agreed,
        sides=(Side(PARTIES[0], one), Side(PARTIES[1], other)),
        state=draw(state or st.sampled_from(AgreementState)),
        since=draw(moments),
        valid_from=draw(st.none() | moments),
        valid_until=draw(st.none() | moments),
    )


@st.composite
def questions(draw: st.DrawFn, standing: Standing) -> tuple[Actor, str, Item]:
    """Who, what and about what: mostly plausible, sometimes odd."""
    at = draw(st.integers(0, 1))
    actor = Actor(PARTIES[at], standing.terms.sides[at], draw(st.sampled_from(ROLES)))
    kind = draw(st.sampled_from(sorted(standing.terms.items)))
    agreed = standing.terms.items[kind]
    names = draw(st.sets(st.sampled_from(sorted(agreed.fields)), max_size=3))
    item = Item(
        kind=kind,
        owner=draw(st.sampled_from((*PARTIES, "alto-pay"))),
        fields={name: draw(st.sampled_from(("", *CLASSES))) for name in names},
        territories=tuple(draw(st.lists(st.sampled_from(["FR", "CN", "US"]), max_size=2))),
        purpose=draw(st.sampled_from(agreed.purposes)),
        retain_until=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 1))),
        withdrawn=draw(st.booleans()),
        may_be_passed_on=draw(st.booleans()),
        recipient=draw(st.sampled_from(("", *OrganisationKind))),
    )
    return actor, draw(st.sampled_from(Action)), item

"""What holds of every question, whatever the terms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from countermark.node.exchange.rules.actions import DEEDS, POSSIBLE_AFTER_END, Action, AgreementState, Reach
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, NEVER, SENSITIVE, rank, strictest
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may, may_arrive
from countermark.node.exchange.rules.reasons import ALLOWED, DENIALS
from countermark.node.exchange.rules.standing import Actor, Item, Standing
from countermark.node.exchange.rules.term_parts import Onward
from countermark.node.exchange.rules.tests.drawing import (
    NOW,
    PARTIES,
    ROLES,
    Question,
    asked,
    draw_question,
    moment,
    odd,
)
from countermark.proof.entries import BESIDE_ONLY, DataClass

OUT_WHILE_SUSPENDED = {Action.ACKNOWLEDGE, Action.CONFIRM_DELETION, Action.WITHDRAW, Action.CORRECT}


def class_that_counts(standing: Standing, item: Item, field: str) -> DataClass:
    kind = ItemKind(item.kind)
    said = (DataClass(item.fields[field]),) if item.fields[field] else ()
    return strictest((FIELDS[kind][field].least, standing.terms.items[kind].fields[field], *said))


def permitted(q: Question, **changes: Any) -> bool:
    """Whether it is allowed, with parts of the question exchanged."""
    asks = {"actor": q.actor, "action": q.action, "item": q.item, "standing": q.standing, "now": NOW, **changes}
    return may(**asks).allow


def _carries(action: Action) -> bool:
    return DEEDS[action].carries and DEEDS[action].reach is not Reach.AGREEMENT


def test_the_questions_drawn_here_reach_permits_of_every_action():
    """Or nothing below would say anything."""
    allowed = [q for q in (draw_question(Random(seed)) for seed in range(6000)) if permitted(q)]
    assert len({q.action for q in allowed}) > len(Action) - 3
    assert len(allowed) > 500
    assert sum(_carries(q.action) and bool(q.item.fields) for q in allowed) > 100


@given(q=asked(), action=odd, kind=odd, role=odd)
def test_what_nobody_knows_is_denied(q, action, kind, role):
    assume(action not in list(Action) and kind not in list(ItemKind) and role not in ROLES)
    assert not permitted(q, action=action)
    assert not permitted(q, actor=replace(q.actor, role=role))
    assert not permitted(q, actor=replace(q.actor, party=role))
    if DEEDS[q.action].reach is not Reach.AGREEMENT:
        assert not permitted(q, item=replace(q.item, kind=kind))
        assert not permitted(q, item=None)


@given(
    q=asked(),
    actor=st.builds(Actor, party=odd | st.sampled_from(PARTIES), kind=odd, role=odd | st.sampled_from(ROLES)),
    action=odd | st.sampled_from(Action),
    kind=odd | st.sampled_from(ItemKind),
    fields=st.dictionaries(odd | st.sampled_from(sorted(NEVER)), odd | st.sampled_from(CLASSES), max_size=3),
    state=odd | st.sampled_from(AgreementState),
    text=odd,
    until=st.none() | st.dates(),
    now=st.datetimes(),
    zone=st.booleans(),
)
def test_it_never_raises_and_every_reason_is_in_the_table(
    q, actor, action, kind, fields, state, text, until, now, zone
):
    moment = now.replace(tzinfo=UTC) if zone else now
    item = Item(kind, text, fields, (text,), text, until, recipient=text)
    standing = replace(q.standing, state=state)
    for who, what in product((actor, q.actor), (item, q.item, replace(q.item, fields=fields), None)):
        for permit in (may(who, action, what, standing, moment), may_arrive(who.party, action, what, standing, moment)):
            assert permit.allow == (permit.reason == ALLOWED)
            assert permit.allow or permit.reason in DENIALS
            assert permit.sentence.isprintable()


@given(q=asked(AgreementState.ENDED))
def test_after_the_end_only_what_the_ending_allows(q):
    if permitted(q):
        assert q.action in q.standing.terms.ending.after
        assert q.action in POSSIBLE_AFTER_END
        if DEEDS[q.action].reach is Reach.OUTWARD and _carries(q.action):
            assert not BESIDE_ONLY & {class_that_counts(q.standing, q.item, field) for field in q.item.fields}


@given(q=asked(), days=st.integers(0, 900))
def test_past_its_last_day_an_agreement_is_as_good_as_ended(q, days):
    past = replace(q.standing, valid_until=NOW - timedelta(days=days), state=AgreementState.AGREED)
    over = replace(past, state=AgreementState.ENDED, since=NOW - timedelta(days=days))
    assert may(q.actor, q.action, q.item, past, NOW) == may(q.actor, q.action, q.item, over, NOW)


@given(q=asked(AgreementState.SUSPENDED))
def test_while_suspended_nothing_goes_out_but_receipts_withdrawals_and_corrections(q):
    if permitted(q) and DEEDS[q.action].reach is Reach.OUTWARD:
        assert q.action in OUT_WHILE_SUSPENDED


@given(q=asked())
def test_sensitive_data_move_only_where_field_purpose_and_retention_name_them(q):
    if not permitted(q) or not _carries(q.action):
        return
    for field in q.item.fields:
        if class_that_counts(q.standing, q.item, field) is SENSITIVE:
            assert field in q.standing.terms.items[ItemKind(q.item.kind)].fields
            assert q.standing.terms.purpose(q.item.purpose).up_to is SENSITIVE
            assert SENSITIVE in q.standing.terms.retention


@given(q=asked(), days=st.integers(1, 800))
def test_past_its_retention_nothing_is_read_or_sent(q, days):
    assume(_carries(q.action))
    assert not permitted(q, item=replace(q.item, retain_until=NOW.date() - timedelta(days=days)))


@given(q=asked(), outside=st.sampled_from(["DE", "", "fr"]))
def test_a_country_outside_is_enough(q, outside):
    assume(_carries(q.action))
    assert not permitted(q, item=replace(q.item, territories=(*q.standing.terms.territories, outside)))


@given(q=asked())
def test_what_is_allowed_was_granted_named_based_and_in_time(q):
    """The same rules once more, said another way round."""
    if not permitted(q):
        return
    terms, item = q.standing.terms, q.item
    assert q.actor.role in terms.grants[q.action][q.actor.kind]
    assert q.actor.role in DEEDS[q.action].roles
    if not _carries(q.action):
        return
    agreed = terms.items[ItemKind(item.kind)]
    assert set(item.fields) <= set(agreed.fields)
    assert item.purpose in agreed.purposes
    assert set(item.territories) <= set(terms.territories)
    assert item.owner in PARTIES or item.may_be_passed_on
    for field in item.fields:
        counts = class_that_counts(q.standing, item, field)
        assert rank(counts) <= rank(terms.purpose(item.purpose).up_to)
        assert counts not in BESIDE_ONLY or item.retain_until is not None


# --- restrictions -----------------------------------------------------------------------------------------------------

Restricted = tuple[Item, Standing]


def _terms(q: Question, **changes: Any) -> Restricted:
    return q.item, replace(q.standing, terms=msgspec.structs.replace(q.standing.terms, **changes))


def _agreed(q: Question, **changes: Any) -> Restricted:
    kind, items = ItemKind(q.item.kind), q.standing.terms.items
    return _terms(q, items={**items, kind: msgspec.structs.replace(items[kind], **changes)})


def _without_field(q: Question) -> Restricted:
    fields = q.standing.terms.items[ItemKind(q.item.kind)].fields
    gone = q.rng.choice(sorted(q.item.fields) or sorted(fields))
    return _agreed(q, fields={name: one for name, one in fields.items() if name != gone})


def _without_kind(q: Question) -> Restricted:
    return _terms(q, items={kind: one for kind, one in q.standing.terms.items.items() if kind != q.item.kind})


def _without_source(q: Question) -> Restricted:
    return _agreed(q, shared_by=q.standing.terms.items[ItemKind(q.item.kind)].shared_by[1:])


def _without_purpose(q: Question) -> Restricted:
    return _agreed(q, purposes=q.standing.terms.items[ItemKind(q.item.kind)].purposes[1:])


def _lower_purpose(q: Question) -> Restricted:
    most = q.rng.choice(CLASSES)
    purposes = q.standing.terms.purposes
    return _terms(q, purposes=tuple(msgspec.structs.replace(p, up_to=min(p.up_to, most, key=rank)) for p in purposes))


def _without_basis(q: Question) -> Restricted:
    purposes = q.standing.terms.purposes
    return _terms(q, purposes=tuple(msgspec.structs.replace(p, bases=p.bases[1:]) for p in purposes))


def _without_country(q: Question) -> Restricted:
    return _terms(q, territories=q.standing.terms.territories[1:])


def _shorter_retention(q: Question) -> Restricted:
    return _terms(q, retention={one: q.rng.randint(1, days) for one, days in q.standing.terms.retention.items()})


def _without_retention(q: Question) -> Restricted:
    gone = q.rng.choice(CLASSES)
    return _terms(q, retention={one: days for one, days in q.standing.terms.retention.items() if one != gone})


def _fewer_roles(q: Question) -> Restricted:
    gone = q.rng.choice(ROLES)
    grants = {
        action: {side: tuple(role for role in roles if role != gone) for side, roles in granted.items()}
        for action, granted in q.standing.terms.grants.items()
    }
    return _terms(q, grants=grants)


def _less_after_the_end(q: Question) -> Restricted:
    ending = q.standing.terms.ending
    return _terms(q, ending=msgspec.structs.replace(ending, after=ending.after[1:], deletes=CLASSES))


def _nothing_onward(q: Question) -> Restricted:
    return replace(q.item, may_be_passed_on=False), _terms(q, onward=Onward())[1]


def _withdrawn(q: Question) -> Restricted:
    return replace(q.item, withdrawn=True), q.standing


def _later(q: Question) -> Restricted:
    begins = moment(q.rng)
    return q.item, replace(q.standing, valid_from=max(begins, q.standing.valid_from or begins))


def _sooner_over(q: Question) -> Restricted:
    over = moment(q.rng)
    return q.item, replace(q.standing, valid_until=min(over, q.standing.valid_until or over))


def _more_fields(q: Question) -> Restricted:
    more = q.rng.choice([*FIELDS[ItemKind(q.item.kind)], *NEVER])
    return replace(q.item, fields={more: "", **q.item.fields}), q.standing


def _past(q: Question) -> Restricted:
    return replace(q.item, retain_until=date(2000, 1, 1)), q.standing


RESTRICTIONS: list[Callable[[Question], Restricted]] = [
    _without_field, _without_kind, _without_source, _without_purpose, _lower_purpose, _without_basis, _without_country,
    _shorter_retention, _without_retention, _fewer_roles, _less_after_the_end, _nothing_onward, _withdrawn, _later,
    _sooner_over, _more_fields, _past,
]  # fmt: skip


@settings(max_examples=800)
@given(q=asked(), restrict=st.sampled_from(RESTRICTIONS))
def test_adding_a_restriction_never_turns_a_denial_into_a_permit(q, restrict):
    item, standing = restrict(q)
    if permitted(q, item=item, standing=standing):
        assert permitted(q)
    if may_arrive(q.actor.party, q.action, item, standing, NOW).allow:
        assert may_arrive(q.actor.party, q.action, q.item, q.standing, NOW).allow


@pytest.mark.parametrize("restrict", RESTRICTIONS, ids=lambda one: one.__name__.strip("_"))
def test_each_restriction_takes_some_permit_away(restrict):
    for seed in range(4000):
        q = draw_question(Random(seed))
        item, standing = restrict(q)
        if permitted(q) and not permitted(q, item=item, standing=standing):
            return
    pytest.fail("it restricts nothing")


@given(q=asked(AgreementState.AGREED))
def test_each_step_towards_the_end_allows_less_with_items(q):
    assume(DEEDS[q.action].reach is not Reach.AGREEMENT)
    suspended = replace(q.standing, state=AgreementState.SUSPENDED)
    over = replace(q.standing, state=AgreementState.ENDED)
    assert permitted(q) >= permitted(q, standing=suspended)
    assert permitted(q, standing=suspended) >= permitted(q, standing=over)


@given(q=asked())
def test_what_a_person_may_send_the_other_side_may_take(q):
    if permitted(q):
        assert may_arrive(q.actor.party, q.action, q.item, q.standing, NOW).allow

"""What a partner is shown in advance is exactly what it gets, and what is hidden has no way out."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.exchange.rules.actions import DEEDS, NODE, Action, Reach
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, NEVER, PERSONAL, Shape, rank
from countermark.node.exchange.rules.incoming import read_incoming
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may
from countermark.node.exchange.rules.previewing import MOST_VALUES, Outgoing, Preview, ShownField, outgoing, preview
from countermark.node.exchange.rules.reasons import DENIALS
from countermark.node.exchange.rules.standing import Actor, Item, Side, Standing
from countermark.node.exchange.rules.term_parts import Terms
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.exchange.rules.tests.drawing import ROLES, draw_terms
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role
from countermark.proof.canonical import canonical
from countermark.proof.commitments import Carried
from countermark.proof.entries import BESIDE_ONLY, MOST_DATA, DataClass, Entry

HOLDER, MARKET, PAYMENT = OrganisationKind
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TERMS = standard_terms(HOLDER, MARKET)
BRAND = Actor("maison-aurelle", HOLDER, Role.ANALYST)
#: Named in an agreement that goes further than the draft.
PERSONAL_TERMS = msgspec.structs.replace(
    TERMS,
    items={
        **TERMS.items,
        ItemKind.LISTING: msgspec.structs.replace(
            TERMS.items[ItemKind.LISTING],
            fields={**TERMS.items[ItemKind.LISTING].fields, "seller_phone": PERSONAL},
        ),
    },
)
LISTING: dict[str, Any] = {
    "title": "Sac Aurelle",
    "price_amount": Decimal("129.00"),
    "price_currency": "EUR",
    "stock": 3,
    "captured_at": NOW,
    "picture_hashes": ["a" * 64, "b" * 64],
    "seller_phone": "+33 6 00 00 00 00",
    "internal_note": "we think he is lying",
    "shoe_size": 44,
}


def of(fields: dict[str, Any], terms: Terms = TERMS, **changes: Any) -> Preview:
    asked = {"kind": "listing", "terms": terms, "purpose": "counterfeit-removal", "actor": BRAND, "now": NOW, **changes}
    return preview(fields=fields, **asked)


def hidden(seen: Preview) -> dict[str, str]:
    return {field.field: field.reason for field in seen.hidden}


def test_each_field_is_shown_as_it_will_arrive_or_hidden_with_the_rule():
    seen = of(LISTING)
    assert seen.shown == (
        ("title", "Sac Aurelle", "TRADER_PUBLIC"),
        ("price_amount", "129.00", "TRADER_PUBLIC"),
        ("price_currency", "EUR", "PUBLIC"),
        ("stock", 3, "TRADER_PUBLIC"),
        ("picture_hashes", ("a" * 64, "b" * 64), "TRADER_PUBLIC"),
        ("captured_at", "2026-03-01T09:30:00.000Z", "PUBLIC"),
    )
    assert hidden(seen) == {
        "seller_phone": "field-not-agreed",
        "internal_note": "secret",
        "shoe_size": "field-unknown",
    }
    assert (seen.data_class, seen.retain_until) == ("TRADER_PUBLIC", date(2027, 3, 1))


def test_what_is_not_personal_stands_openly_and_has_nothing_to_delete():
    sent = outgoing(of(LISTING))
    assert sent.beside is None
    assert sent.open is not None
    assert sent.open["fields"]["title"] == "Sac Aurelle"  # type: ignore[call-overload, index]
    assert (sent.data_class, sent.retain_until) == ("TRADER_PUBLIC", None)


def test_one_personal_field_puts_everything_beside_until_it_is_deleted():
    sent = outgoing(of(LISTING, PERSONAL_TERMS))
    assert sent.open is None
    assert b"+33 6 00 00 00 00" in (sent.beside or b"")
    assert (sent.data_class, sent.retain_until) == ("PERSONAL", date(2026, 5, 30))


def test_what_people_write_freely_lies_beside_whatever_its_class():
    sent = outgoing(of({"title": "Sac", "description": "Appelez Marie"}))
    assert (sent.open, sent.data_class) == (None, "TRADER_PUBLIC")
    assert sent.retain_until == date(2027, 3, 1)


def test_a_machine_or_a_role_without_reveal_leaves_personal_fields_out_and_sends_the_rest():
    for role in (NODE, Role.ANALYST):
        grants = {**PERSONAL_TERMS.grants, Action.REVEAL: {HOLDER: (Role.COUNSEL,)}}
        terms = msgspec.structs.replace(PERSONAL_TERMS, grants=grants)
        seen = of(LISTING, terms, actor=Actor("maison-aurelle", HOLDER, role))
        assert hidden(seen)["seller_phone"] == "personal-needs-role"
        assert seen.shown


def test_an_owner_can_state_a_stricter_class_for_one_item_but_not_a_laxer_one():
    seen = of({"title": "Sac de Marie", "seller_token": "t-1"}, stated={"title": "PERSONAL", "seller_token": "PUBLIC"})
    assert [field.data_class for field in seen.shown] == ["PERSONAL", "PSEUDONYM"]


NOTHING = [
    ({"kind": "diary"}, "kind-unknown"),
    ({"purpose": ""}, "no-purpose"),
    ({"purpose": "marketing"}, "purpose-unknown"),
    ({"purpose": "joint-figures"}, "purpose-not-for-kind"),
    ({"actor": Actor("maison-aurelle", HOLDER, Role.READER)}, "role-never"),
    ({"actor": Actor("maison-aurelle", HOLDER, "intern")}, "role-unknown"),
    ({"actor": Actor("alto-pay", PAYMENT, Role.OFFICER)}, "side-not-granted"),
    ({"action": "read"}, "kind-not-for-action"),
    ({"action": "notify"}, "kind-not-for-action"),
    ({"action": "fly"}, "action-unknown"),
    ({"terms": msgspec.structs.replace(TERMS, retention={})}, "no-retention-agreed"),
    ({"kind": "payment_action", "fields": {"match": "yes"}, "action": "report_action"}, "side-not-granted"),
]


@pytest.mark.parametrize(("changes", "code"), NOTHING, ids=[f"{code}-{at}" for at, (_, code) in enumerate(NOTHING)])
def test_where_the_whole_is_denied_every_field_is_hidden_for_that_reason(changes, code):
    seen = of(**{"fields": {"title": "Sac Aurelle"}, **changes})
    assert not seen.shown
    assert set(hidden(seen).values()) == {code}
    with pytest.raises(Invalid, match="Nothing of this would reach the partner"):
        outgoing(seen)


UNFIT: dict[str, list[Any]] = {
    "stock": [-1, 1.0, True, 2**53, "3", Decimal(3)],
    "title": [7, b"Sac", "\ud800", {"a": 1}, "x" * 20_001],
    "category": ["two\nlines", "\x00"],
    "price_amount": [129.0, "129,00", "1e5", "NaN", Decimal("NaN"), Decimal("1E+999999999"), "1" * 25],
    "captured_at": ["2026-03-01", datetime(2026, 3, 1), "2026-02-30T00:00:00.000Z", 5],
    "seller_since": ["2026-02-30", "20260301", datetime(2026, 3, 1), "２０２６-03-01"],
    "picture_hashes": ["a", ["\udfff"], [1], ["x"] * 201, [["x"]], {"x"}],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in UNFIT.items() for v in values], ids=repr)
def test_a_value_that_a_field_does_not_hold_is_hidden_and_the_rest_is_kept(name, value):
    seen = of({"url": "https://bazaar.example/1", name: value})
    assert hidden(seen) == {name: "value-unfit"}
    assert [field.field for field in seen.shown] == ["url"]


@pytest.mark.parametrize("value", [None, "", [], ()])
def test_nothing_is_not_sent(value):
    assert hidden(of({"title": value, "picture_hashes": value})) == {"title": "empty", "picture_hashes": "empty"}


def test_zero_is_a_value():
    assert of({"stock": 0}).shown == (("stock", 0, "TRADER_PUBLIC"),)


def test_a_member_of_an_enumeration_travels_as_its_text():
    class Condition(StrEnum):
        USED = "used"

    (field,) = of({"condition": Condition.USED}).shown
    assert type(field.value) is str


def test_an_item_is_bounded_as_a_whole():
    huge = ["é" * 2000] * 60
    seen = of({"urls": huge, "evidence_ids": huge, "notice_id": "n"}, kind="notice", action="notify")
    assert hidden(seen) == {"evidence_ids": "too-large"}
    assert len(outgoing(seen).beside or b"") < MOST_VALUES + 10_000


def test_a_thousand_unknown_names_are_not_a_thousand_sentences():
    seen = of({f"name-{at}": at for at in range(100_000)} | {"title": "Sac"})
    assert len(seen.hidden) <= 100
    assert [field.field for field in seen.shown] == ["title"]


def test_retention_at_the_end_of_all_days_does_not_overflow():
    assert of({"title": "Sac"}, now=datetime(9999, 12, 1, tzinfo=UTC)).retain_until == date.max


# --- properties -------------------------------------------------------------------------------------------------------

_TEXTS = st.text(max_size=30) | st.sampled_from(["\ud800", "", "a\nb", "\u202eevil", "=1+1"])
_GOOD: dict[Shape, st.SearchStrategy[Any]] = {
    Shape.CODE: _TEXTS,
    Shape.TEXT: _TEXTS,
    Shape.TEXTS: st.lists(_TEXTS, max_size=4),
    Shape.COUNT: st.integers(-5, 2**60),
    Shape.AMOUNT: st.decimals(allow_nan=True, allow_infinity=True) | _TEXTS,
    Shape.FLAG: st.booleans(),
    Shape.DATE: st.dates(),
    Shape.MOMENT: st.datetimes(timezones=st.none() | st.just(UTC)),
}
_BAD = st.none() | st.floats() | st.binary(max_size=3) | st.lists(st.integers(), max_size=2) | st.just({"a": 1})


@st.composite
def items(draw: st.DrawFn) -> tuple[Terms, ItemKind, dict[str, Any], dict[str, DataClass], Actor, Action, str]:
    rng = Random(draw(st.integers(0, 2**32)))
    terms = draw_terms(rng)
    kind = rng.choice(list(terms.items))
    names = rng.sample(sorted(FIELDS[kind]), min(6, len(FIELDS[kind])))
    fields = {name: draw(_BAD if rng.random() < 0.1 else _GOOD[FIELDS[kind][name].shape]) for name in names}
    fields |= draw(st.dictionaries(_TEXTS | st.sampled_from(sorted(NEVER)), _TEXTS, max_size=2))
    side = rng.choice(terms.items[kind].shared_by)
    action = rng.choice([a for a, deed in DEEDS.items() if deed.reach is Reach.OUTWARD and kind in deed.kinds])
    roles = [role for role in terms.roles(action, side) if role in DEEDS[action].roles] or list(ROLES)
    stated = {name: rng.choice(CLASSES) for name in names if rng.random() < 0.2}
    return (
        terms,
        kind,
        fields,
        stated,
        Actor("maison-aurelle", side, rng.choice(roles)),
        action,
        rng.choice(terms.items[kind].purposes),
    )


def _see(drawn: tuple[Terms, ItemKind, dict[str, Any], dict[str, DataClass], Actor, Action, str]) -> Preview:
    terms, kind, fields, stated, actor, action, purpose = drawn
    return preview(kind, fields, terms, purpose, actor, NOW, action=action, stated=stated)


def _arrive(sent: Outgoing) -> tuple[dict[str, Any] | None, bytes | None]:
    """Through the bytes of an entry, or past it, as it really travels."""
    entry = Entry(
        feed="agr:maison-aurelle", seq=1, prev="0" * 64, id="01961d2c-0000-7000-8000-000000000000", type="item.shared",
        subject="lst_1", time="2026-03-01T09:30:00.000Z", agreement="0" * 64, purpose="counterfeit-removal",
        data_class=sent.data_class, retain_until=f"{sent.retain_until}" if sent.retain_until else None, data=sent.open,
        data_ref=None if sent.beside is None else Carried.with_salt(sent.beside).reference.as_plain(),  # type: ignore[arg-type]
    )  # fmt: skip
    return json.loads(canonical(msgspec.to_builtins(entry)))["data"], sent.beside


@given(drawn=items())
def test_the_partner_reads_back_exactly_what_was_shown(drawn):
    seen = _see(drawn)
    assert {field.field for field in seen.shown} | {field.field for field in seen.hidden} >= {
        name for name in drawn[2] if name.isprintable()
    }
    if not seen.shown:
        return
    sent = outgoing(seen)
    read = read_incoming(*_arrive(sent))
    assert (read.kind, read.shown, read.problems) == (drawn[1], seen.shown, ())
    assert [type(field.value) for field in read.shown] == [type(field.value) for field in seen.shown]
    assert sent.data_class == max((field.data_class for field in seen.shown), key=rank)


@given(drawn=items())
def test_open_data_hold_nothing_personal_and_nothing_freely_written(drawn):
    seen = _see(drawn)
    if not seen.shown:
        return
    sent = outgoing(seen)
    assert (sent.open is None) != (sent.beside is None)
    if sent.open is not None:
        assert len(canonical(sent.open)) <= MOST_DATA
        assert not BESIDE_ONLY & {field.data_class for field in seen.shown}
        assert not any(FIELDS[drawn[1]][field.field].erasable for field in seen.shown)


@given(drawn=items(), mark=st.uuids().map(lambda one: f"mark-{one}"))
def test_the_value_of_a_hidden_field_is_in_no_byte_that_leaves_and_in_no_sentence(drawn, mark):
    terms, kind, fields, *rest = drawn
    marked = {
        name: [mark] if name in FIELDS[kind] and FIELDS[kind][name].shape is Shape.TEXTS else mark for name in fields
    }
    seen = _see((terms, kind, marked, *rest))
    assert mark not in repr(seen.hidden)
    if any(mark in repr(field.value) for field in seen.shown) or not seen.shown:
        return
    sent = outgoing(seen)
    assert mark.encode() not in (sent.beside or canonical(sent.open))


@given(drawn=items())
def test_a_hidden_value_never_leaves_beside_shown_ones(drawn):
    """Mark one field at a time, so that shown neighbours do leave."""
    seen = _see(drawn)
    terms, kind, fields, *rest = drawn
    for name in [field.field for field in seen.hidden if field.reason not in {"value-unfit", "empty", "too-large"}]:
        again = _see((terms, kind, {**fields, name: "mark-of-a-hidden-value"}, *rest))
        assert again.shown == seen.shown
        if again.shown:
            sent = outgoing(again)
            assert b"mark-of-a-hidden-value" not in (sent.beside or canonical(sent.open))


@given(drawn=items())
def test_every_reason_is_in_the_table(drawn):
    assert {field.reason for field in _see(drawn).hidden} <= set(DENIALS)


@given(drawn=items())
def test_what_a_preview_shows_the_permit_allows(drawn):
    terms, kind, _, stated, actor, action, purpose = drawn
    seen = _see(drawn)
    if not seen.shown or Action(action) in {Action.PASS_ON, Action.ANSWER, Action.ACKNOWLEDGE, Action.CONFIRM_DELETION}:
        return
    other = next(iter(set(terms.sides) - {actor.kind}))
    standing = Standing(terms, (Side(actor.party, actor.kind), Side("bazaar", other)), "agreed", NOW)
    item = Item(
        kind,
        actor.party,
        {field.field: stated.get(field.field, "") for field in seen.shown},
        terms.territories[:1],
        purpose,
        seen.retain_until,
    )
    assert may(actor, action, item, standing, NOW).sentence == "The agreement allows it."


@pytest.mark.parametrize(
    ("kind", "pair"), list(product(ItemKind, [(HOLDER, MARKET), (HOLDER, PAYMENT), (MARKET, PAYMENT)]))
)
def test_no_field_of_a_draft_is_sensitive_and_every_kind_can_be_sent_by_who_shares_it(kind, pair):
    terms = standard_terms(*pair)
    if kind not in terms.items:
        return
    agreed = terms.items[kind]
    assert "SENSITIVE" not in agreed.fields.values()
    own = (Action.SHARE, Action.OPEN_CASE, Action.COMMENT, Action.ATTACH, Action.NOTIFY, Action.REPORT_ACTION)
    action = next(one for one in own if kind in DEEDS[one].kinds)
    name = next(name for name in agreed.fields if FIELDS[kind][name].shape is Shape.CODE)
    for side in agreed.shared_by:
        actor = Actor("maison-aurelle", side, Role.COUNSEL)
        seen = preview(kind, {name: "x"}, terms, agreed.purposes[0], actor, NOW, action=action)
        assert seen.shown == (ShownField(name, "x", agreed.fields[name]),)

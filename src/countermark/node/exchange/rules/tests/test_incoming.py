"""A partner's item is read with suspicion: good fields are kept, others set aside with a word for their sender."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.exchange.rules.incoming import MOST_BYTES, read_incoming, sift
from countermark.node.exchange.rules.previewing import ShownField
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.canonical import canonical

HOLDER, MARKET, PAYMENT = OrganisationKind
TERMS = standard_terms(HOLDER, MARKET)


def item(**changes: Any) -> dict[str, Any]:
    fields = {"title": "Sac Aurelle", "seller_token": "t-1"}
    classes = {"title": "TRADER_PUBLIC", "seller_token": "PSEUDONYM"}
    return {"v": 1, "kind": "listing", "fields": fields, "classes": classes, **changes}


def one_field(name: str, value: Any, data_class: Any) -> dict[str, Any]:
    return item(fields={"url": "u", name: value}, classes={"url": "PUBLIC", name: data_class})


def test_fields_come_in_the_order_of_the_reference_page_however_they_were_written():
    turned = item(fields={"seller_token": "t-1", "title": "Sac Aurelle"})
    assert read_incoming(turned, None).shown == (
        ("title", "Sac Aurelle", "TRADER_PUBLIC"),
        ("seller_token", "t-1", "PSEUDONYM"),
    )
    assert read_incoming(None, canonical(turned)) == read_incoming(turned, None)


SET_ASIDE = [
    ("shoe_size", 44, "PUBLIC", "field-unknown"),
    ("title", "Sac", None, "class-unknown"),
    ("title", "Sac", "MINE", "class-unknown"),
    ("title", "Sac", ["PUBLIC"], "class-unknown"),
    ("seller_phone", "+33", "PUBLIC", "class-too-low"),
    ("seller_phone", "+33", "PERSONAL", "open-personal"),
    ("title", 44, "TRADER_PUBLIC", "value-unfit"),
    ("title", {"deep": "inside"}, "TRADER_PUBLIC", "value-unfit"),
    ("title", "", "TRADER_PUBLIC", "empty"),
    ("stock", 1.5, "TRADER_PUBLIC", "value-unfit"),
]


@pytest.mark.parametrize(("name", "value", "data_class", "code"), SET_ASIDE)
def test_a_bad_field_is_set_aside_and_the_good_one_is_kept(name, value, data_class, code):
    read = read_incoming(one_field(name, value, data_class), None)
    assert [field.field for field in read.shown] == ["url"]
    (problem,) = read.problems
    assert (problem.field, problem.code) == (name, code)
    assert problem.mend
    assert "+33" not in problem.sentence()


REFUSED = [
    (None, None, "open-or-beside"),
    (item(), canonical(item()), "open-or-beside"),
    (None, b"{", "not-json"),
    (None, b"\xff", "not-json"),
    (None, b'{"v":1,"v":1}', "not-json"),
    (None, b"[" * 100_000, "not-json"),
    (None, b"[]", "not-json"),
    (None, b" " * (MOST_BYTES + 1), "too-large"),
    ({}, None, "no-item"),
    (item(v=2), None, "newer-version"),
    (item(v=True), None, "no-item"),
    (item(v="1"), None, "no-item"),
    (item(kind="diary"), None, "kind-unknown"),
    (item(kind=["listing"]), None, "kind-unknown"),
    (item(fields=["title"]), None, "no-item"),
    (item(classes=None), None, "no-item"),
    (item(extra=1), None, "no-item"),
]


@pytest.mark.parametrize(("open_data", "beside", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_item_is_refused_with_a_word_for_its_sender(open_data, beside, code):
    with pytest.raises(Invalid) as refused:
        read_incoming(open_data, beside)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.mend


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)


@given(fields=_JSON, classes=_JSON, title=_JSON, kind=_JSON)
def test_no_partner_can_make_it_fall_over(fields, classes, title, kind):
    for content in (
        item(fields=fields, classes=classes),
        item(fields={"title": title}, classes={"title": classes}),
        item(kind=kind),
        {"v": fields, "kind": kind},
    ):
        try:
            read_incoming(content, None)
        except Invalid as refused:
            assert refused.problems


class TestSifting:
    def test_what_was_agreed_is_kept_under_the_stricter_class(self):
        read = read_incoming(None, canonical(one_field("title", "Sac de Marie", "PERSONAL")))
        kept, refused = sift(read, TERMS, "counterfeit-removal", HOLDER)
        assert kept == (ShownField("url", "u", "PUBLIC"), ShownField("title", "Sac de Marie", "PERSONAL"))  # type: ignore[arg-type]
        assert refused == ()

    def test_what_should_not_have_come_is_named_without_its_value(self):
        read = read_incoming(None, canonical(one_field("seller_phone", "+33", "PERSONAL")))
        kept, refused = sift(read, TERMS, "counterfeit-removal", HOLDER)
        assert [field.field for field in kept] == ["url"]
        assert [(field.field, field.reason) for field in refused] == [("seller_phone", "field-not-agreed")]
        assert "+33" not in repr(refused)

    def test_a_class_above_the_purpose_is_refused(self):
        read = read_incoming(None, canonical(one_field("title", "Sac", "PERSONAL")))
        _, refused = sift(read, TERMS, "repeat-infringers", HOLDER)
        assert [field.reason for field in refused] == ["class-above-purpose"]

    @pytest.mark.parametrize(
        ("purpose", "sender", "code"),
        [
            ("joint-figures", HOLDER, "purpose-not-for-kind"),
            ("marketing", HOLDER, "purpose-unknown"),
            ("counterfeit-removal", PAYMENT, "side-not-source"),
        ],
    )
    def test_under_another_purpose_or_from_another_side_nothing_is_kept(self, purpose, sender, code):
        kept, refused = sift(read_incoming(item(), None), TERMS, purpose, sender)
        assert kept == ()
        assert {field.reason for field in refused} == {code}

    def test_a_kind_that_is_not_agreed_is_refused_whole(self):
        action = item(kind="payment_action", fields={"match": "yes"}, classes={"match": "PSEUDONYM"})
        kept, refused = sift(read_incoming(action, None), TERMS, "counterfeit-removal", HOLDER)
        assert (kept, [field.reason for field in refused]) == ((), ["purpose-not-for-kind"])

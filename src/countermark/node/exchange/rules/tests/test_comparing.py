"""Terms in sentences: nothing is left out of what a person signs, and no change goes unsaid."""

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given

from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.comparing import ORDER_ONLY, changes, in_words
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, PERSONAL, PSEUDONYM, PUBLIC, SENSITIVE
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.term_parts import Onward, Terms, Times
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.exchange.rules.tests.drawing import asked, draw_terms, drawn_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role

HOLDER, MARKET, PAYMENT = OrganisationKind
DRAFT = standard_terms(HOLDER, MARKET)


def with_(**new: Any) -> Terms:
    return msgspec.structs.replace(DRAFT, **new)


def item(kind: ItemKind, **new: Any) -> Terms:
    return with_(items={**DRAFT.items, kind: msgspec.structs.replace(DRAFT.items[kind], **new)})


def ending(**new: Any) -> Terms:
    return with_(ending=msgspec.structs.replace(DRAFT.ending, **new))


def purpose(**new: Any) -> Terms:
    return with_(purposes=(msgspec.structs.replace(DRAFT.purposes[0], **new), *DRAFT.purposes[1:]))


LISTING = DRAFT.items[ItemKind.LISTING].fields
CHANGES = {
    "Retention of PERSONAL data falls from 90 to 30 days.": with_(retention={**DRAFT.retention, PERSONAL: 30}),
    "Retention of PUBLIC data rises from 1,095 to 2,000 days.": with_(retention={**DRAFT.retention, PUBLIC: 2000}),
    "SENSITIVE data may be exchanged, and are kept 1 day.": with_(retention={**DRAFT.retention, SENSITIVE: 1}),
    "It also covers CH and CN.": with_(territories=(*DRAFT.territories, "CN", "CH")),
    "It no longer covers AT.": with_(territories=DRAFT.territories[1:]),
    "The field “telephone number in the offer” of “listing” is sent from now on, as PERSONAL.": item(
        ItemKind.LISTING, fields={**LISTING, "seller_phone": PERSONAL}
    ),
    "The field “title as shown to buyers” of “listing” becomes PSEUDONYM instead of TRADER_PUBLIC.": item(
        ItemKind.LISTING, fields={**LISTING, "title": PSEUDONYM}
    ),
    "The field “title as shown to buyers” of “listing” is no longer sent.": item(
        ItemKind.LISTING, fields={name: one for name, one in LISTING.items() if name != "title"}
    ),
    "Items of the kind “notice” may also be exchanged for repeat-infringers.": item(
        ItemKind.NOTICE, purposes=("counterfeit-removal", "repeat-infringers")
    ),
    "Items of the kind “finding” may no longer come from the marketplace.": item(ItemKind.FINDING, shared_by=(HOLDER,)),
    "Items of the kind “figures” are no longer exchanged.": with_(
        items={kind: one for kind, one in DRAFT.items.items() if kind != "figures"}
    ),
    "Time for an answer falls from 72 to 24 hours.": with_(
        times=Times(receipt_hours=24, answer_hours=24, checkpoint_minutes=5)
    ),
    "Notice before the end rises from 30 to 60 days.": ending(notice_days=60),
    "At the end, PUBLIC data are deleted.": ending(deletes=(PUBLIC, *DRAFT.ending.deletes)),
    "After the end it is no longer possible to read what was shared, without personal data.": ending(
        after=tuple(action for action in DRAFT.ending.after if action != "read")
    ),
    "For counterfeit-removal, data up to SENSITIVE may be exchanged instead of up to PERSONAL.": purpose(
        up_to=SENSITIVE
    ),
    "The purpose counterfeit-removal now reads: Another aim.": purpose(words="Another aim"),
    "Passing on changes. Items of the kinds “case” may be passed on to a payment platform, up to PUBLIC data.": with_(
        onward=Onward(kinds=(ItemKind.CASE,), to=(PAYMENT,))
    ),
    ORDER_ONLY: with_(territories=tuple(reversed(DRAFT.territories))),
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_change_is_said_in_one_sentence(sentence):
    assert changes(DRAFT, CHANGES[sentence]) == [sentence]


def test_a_grant_that_changes_is_said_for_the_side_it_concerns():
    roles = {**DRAFT.grants[Action.EXPORT], MARKET: (Role.COUNSEL, Role.OFFICER)}
    new = with_(grants={**DRAFT.grants, Action.EXPORT: roles})
    assert changes(DRAFT, new) == [
        "At the marketplace, officer may now take what was shared out of the node as a file.",
        "At the marketplace, administrator may no longer take what was shared out of the node as a file.",
    ]


def test_a_legal_basis_that_changes_is_said_with_law_and_article():
    old = DRAFT.purposes[0].bases
    bases = (msgspec.structs.replace(old[0], article="Art. 6(1)(c)"), *old[1:])
    added, removed = changes(DRAFT, purpose(bases=bases))
    assert "added: the rights holder under GDPR, Art. 6(1)(c)" in added
    assert "removed: the rights holder under GDPR, Art. 6(1)(f)" in removed


@given(old=drawn_terms(), new=drawn_terms())
def test_nothing_changes_exactly_when_the_terms_are_the_same(old, new):
    assert changes(old, old) == []
    assert (changes(old, new) == []) == (old == new)


def settled(terms: Terms) -> Any:
    """Terms without the order of their lists and roles."""

    def sort(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: sort(one) for key, one in value.items() if one not in ((), {}, [])}
        if isinstance(value, list | tuple):
            return sorted((sort(one) for one in value), key=repr)
        return value

    return {key: one for key, one in sort(msgspec.to_builtins(terms)).items() if one}


@given(q=asked())
def test_changing_any_one_part_is_never_taken_for_a_change_of_order(q):
    """Each part of one version put into another: what differs beyond order has a sentence."""
    old, other = q.standing.terms, draw_terms(q.rng)
    for part in ("purposes", "items", "territories", "retention", "grants", "times", "ending", "onward"):
        new = msgspec.structs.replace(old, **{part: getattr(other, part)})
        if settled(new)[part] != settled(old)[part]:
            assert changes(old, new) not in ([], [ORDER_ONLY]), part


def text_of(terms: Terms) -> str:
    return "\n".join(sentence for section in in_words(terms) for sentence in section.sentences)


@pytest.mark.parametrize("pair", [(HOLDER, MARKET), (HOLDER, PAYMENT), (MARKET, PAYMENT)])
def test_what_is_read_before_signing_names_every_part(pair):
    terms = standard_terms(*pair)
    text = text_of(terms)
    for kind, agreed in terms.items.items():
        for name in agreed.fields:
            assert FIELDS[kind][name].words in text
    for one in terms.purposes:
        assert one.words in text
        assert all(basis.article in text for basis in one.bases)
    assert all(country in text for country in terms.territories)
    assert all(f"{data_class} data are" in text for data_class in CLASSES)
    assert "Nothing is passed on to a third organisation." in text
    assert "Nobody may pass items of the partner on to a third organisation." in text
    assert "A field that is not named here is never sent." in text


@given(q=asked())
def test_two_versions_that_differ_read_differently(q):
    old = q.standing.terms
    new = draw_terms(Random(q.rng.random()))
    if settled(old) != settled(new):
        assert text_of(old) != text_of(new)


def test_sections_stand_in_the_order_in_which_people_ask():
    assert [section.title for section in in_words(DRAFT)] == [
        "What for", "What is exchanged", "Which fields", "Where", "How long", "Who may do what", "How fast",
        "How it ends", "Passing on",
    ]  # fmt: skip
    assert all(section.sentences for section in in_words(DRAFT))


def test_legal_bases_are_one_sentence_however_their_words_end():
    bases = DRAFT.purposes[0].bases
    ended = tuple(msgspec.structs.replace(basis, words=f"{basis.words.removesuffix('.')}.") for basis in bases)
    said = in_words(purpose(bases=(*ended, *ended)))[0].sentences[0]
    assert ".;" not in said
    assert ".." not in said
    assert said.endswith(".")

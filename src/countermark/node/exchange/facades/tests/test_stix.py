"""Objects are STIX 2.1 by its own library, say where they come from, and hide what they must."""

import json

import pytest
import stix2

from countermark.node.exchange import retention
from countermark.node.exchange.facades import tokens
from countermark.node.exchange.facades.factories import make_token, share, share_finding, share_listing, withdraw
from countermark.node.exchange.facades.frame import EXTENSION
from countermark.node.exchange.facades.reading import Asked, books
from countermark.node.exchange.models import Beside
from countermark.node.exchange.rules.fields import FIELDS
from countermark.node.exchange.rules.kinds import ItemKind

AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"


def everything(book, **asked):
    return book.objects(book.page(Asked(limit=500, **asked)))


def of_type(objects, kind):
    return [one for one in objects if one["type"] == kind]


def say_all(team):
    """One of everything that two sides say."""
    brand, market = team.brand, team.market
    share_listing(market, 1, description="Like new.", seller_name="Mireille Exemple")
    share_finding(brand, 1)
    share(brand, "case.opened", "cas_1", ItemKind.CASE, case_id="cas_1", title="Ring of bags", summary="Three shops.")
    share(brand, "case.commented", "cas_1", ItemKind.COMMENT, case_id="cas_1", text="Look at the lining.")
    share(brand, "case.attached", "cas_1", ItemKind.CASE, case_id="cas_1", listing_ids=["lst_1"])
    share(market, "case.closed", "cas_1", ItemKind.CASE, case_id="cas_1", outcome="stopped")
    brand.say("hologram.sent", "hol_1")
    team.pull(brand)


def test_every_object_is_read_by_the_library_of_the_standard(team, book):
    say_all(team)
    withdraw(team.brand, "fnd_1")
    found = everything(book, versions=("all",))
    kinds = {stix2.parse(json.dumps(one), version="2.1").type for one in found}
    assert kinds == {
        "marking-definition",
        "identity",
        "extension-definition",
        "infrastructure",
        "url",
        "relationship",
        "note",
        "incident",
    }


def test_ids_are_the_same_at_every_reading_and_follow_from_the_entry(team, book):
    share_listing(team.brand, 1)
    other = books(tokens.opened(make_token(team.brand)))[0]
    assert [one["id"] for one in everything(book)] == [one["id"] for one in everything(other)]


def test_both_sides_give_an_object_the_same_id(team, book):
    share_listing(team.market, 1)
    team.pull(team.brand)
    theirs = books(tokens.opened(make_token(team.market)))[0]
    ours = {one["id"] for one in everything(book) if one["type"] not in {"identity"}}
    assert ours == {one["id"] for one in everything(theirs) if one["type"] not in {"identity"}}


def test_an_object_says_which_entry_is_behind_it(team, book):
    entry = share_listing(team.brand, 7)
    (listing,) = of_type(everything(book), "infrastructure")
    ours = listing["extensions"][EXTENSION]
    assert ours["entry_id"] == entry.entry_id
    assert (ours["feed"], ours["feed_place"], ours["subject"]) == (entry.feed.name, entry.seq, "lst_7")
    assert listing["external_references"][0]["url"] == "https://bazaar.example/item/7"


def test_sharing_again_is_a_new_version_and_withdrawing_revokes_it(team, book):
    share_listing(team.brand, 1)
    share_listing(team.brand, 1, title="Quilted bag, corrected")
    (listing,) = of_type(everything(book), "infrastructure")
    assert listing["name"] == "Quilted bag, corrected"
    assert listing["modified"] > listing["created"]
    withdraw(team.brand, "lst_1")
    (gone,) = of_type(everything(book), "infrastructure")
    assert (gone["id"], gone["revoked"]) == (listing["id"], True)
    assert gone["modified"] > listing["modified"]
    assert "corrected" not in json.dumps(gone)
    assert of_type(everything(book), "relationship")[0]["revoked"]


def test_what_is_shared_again_after_it_was_taken_back_is_a_new_object(team, book):
    share_listing(team.brand, 1)
    withdraw(team.brand, "lst_1")
    share_listing(team.brand, 1)
    found = of_type(everything(book), "infrastructure")
    assert len({one["id"] for one in found}) == 2
    assert [one.get("revoked", False) for one in found] == [True, False]
    withdraw(team.brand, "lst_1")
    assert [one.get("revoked", False) for one in of_type(everything(book), "infrastructure")] == [True, True]


def test_one_side_cannot_take_back_what_the_other_shared(team, book):
    share_listing(team.market, 1)
    withdraw(team.brand, "lst_1")
    team.pull(team.brand)
    assert not any(one.get("revoked") for one in everything(book))


def test_a_finding_is_a_note_and_never_an_indicator(team, book):
    share_listing(team.market, 1)
    team.pull(team.brand)
    share_finding(team.brand, 1)
    found = everything(book)
    assert not of_type(found, "indicator")
    (note,) = of_type(found, "note")
    assert note["object_refs"] == [of_type(found, "infrastructure")[0]["id"]]
    assert note["confidence"] == 93
    assert "The price is a tenth" in note["content"]
    assert note["object_marking_refs"] == [AMBER]


def test_a_case_is_one_incident_that_changes(team, book):
    say_all(team)
    (incident,) = of_type(everything(book), "incident")
    assert incident["name"] == "Ring of bags"
    case = incident["extensions"][EXTENSION]["case"]
    assert (case["state"], case["outcome"], case["items"]) == ("closed", "stopped", ["lst_1"])
    comment = next(one for one in of_type(everything(book), "note") if one.get("labels") == ["comment"])
    assert comment["object_refs"] == [incident["id"]]
    assert len(of_type(everything(book, versions=("all",)), "incident")) == 3


@pytest.mark.skipif("corrects" not in FIELDS[ItemKind.COMMENT], reason="joint cases name the field")
def test_only_the_side_that_wrote_a_comment_corrects_it(team, book):
    comment = share(team.brand, "case.commented", "cas_1", ItemKind.COMMENT, text="Wrong shop.")
    told = {"corrects": comment.entry_id}
    share(team.market, "case.corrected", "cas_1", ItemKind.COMMENT, text="Not mine to change.", **told)
    share(team.brand, "case.corrected", "cas_1", ItemKind.COMMENT, text="The other shop.", **told)
    team.pull(team.brand)
    assert [one["content"] for one in of_type(everything(book), "note")] == ["The other shop."]


def test_personal_data_leave_only_for_one_who_may_and_says_so(team):
    share_listing(team.market, 1, seller_name="Mireille Exemple", seller_phone="+33 1 99 00 12 34")
    team.pull(team.brand)
    without = json.dumps(everything(books(tokens.opened(make_token(team.brand)))[0]))
    assert "Mireille" not in without
    assert "99 00" not in without
    seen = everything(books(tokens.opened(make_token(team.brand, personal=True)))[0])
    (listing,) = of_type(seen, "infrastructure")
    assert listing["extensions"][EXTENSION]["fields"]["seller_name"] == "Mireille Exemple"
    assert listing["object_marking_refs"] == ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"]


def test_what_the_agreement_does_not_name_is_not_seen(team, book):
    share_listing(team.brand, 1, seller_contacts=["messenger-of-someone"])
    assert "messenger-of-someone" not in json.dumps(everything(book))


def test_words_that_were_deleted_are_gone_and_a_new_version_says_so(team, book):
    entry = share_listing(team.brand, 1, description="Written by a person.")
    before = everything(book)
    assert "Written by a person." in json.dumps(before)
    retention.delete_beside(
        team.brand.agreement, list(Beside.objects.filter(entry=entry).select_related("entry")), "request"
    )
    after = everything(book, after=book.page(Asked(limit=500)).rows[0].place)
    assert "Written by a person." not in json.dumps(after)
    (listing,) = of_type(after, "infrastructure")
    assert listing["modified"] > of_type(before, "infrastructure")[0]["modified"]
    assert listing["name"] == "lst_1"
    assert not of_type(after, "url")
    assert of_type(after, "relationship")[0]["revoked"]


def test_nothing_is_seen_after_its_last_day(team, book):
    from datetime import timedelta

    from countermark.node.kernel.time import now

    said = share_listing(team.brand, 1, description="x").token
    assert said
    team.brand.say_beside(
        b'{"v":1,"kind":"comment","fields":{"text":"Too old to read"},"classes":{"text":"PSEUDONYM"}}',
        kind="case.commented",
        retain_until=now().date() - timedelta(days=1),
    )
    assert "Too old to read" not in json.dumps(everything(book))


@pytest.mark.parametrize("data", [b"not json", b'{"v":1}', b"\xff", b"[" * 4000])
def test_hostile_words_hide_only_themselves(team, book, data):
    team.brand.say_beside(data, kind="listing.shared", subject="lst_9")
    share_listing(team.brand, 1)
    found = of_type(everything(book), "infrastructure")
    assert {one["name"] for one in found} == {"lst_9", "Quilted bag 1"}

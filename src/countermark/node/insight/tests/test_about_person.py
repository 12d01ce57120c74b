"""What is held about a person: everything of ours, nothing of others, and no trace of what was looked for."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from countermark.node.audit.models import Event
from countermark.node.evidence.tests.purchasing import bought
from countermark.node.exchange import holding, retention
from countermark.node.exchange.facades.factories import make_sharing_team, share, share_listing
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Beside
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.signing import set_keys
from countermark.node.insight import about_person as search
from countermark.node.insight.about_person import about_person
from countermark.node.insight.matching import Person
from countermark.node.insight.packing import packed, text_of
from countermark.node.kernel.errors import Invalid, NotFound, NotPermitted
from countermark.node.listings.factories import make_listing

PHONE = "+33 1 99 00 12 34"


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_sharing_team()
    set_keys(None)


def wheres(found):
    return sorted({thing.where for thing in found.things})


def test_a_person_is_found_in_every_room_with_where_it_is_from(team):
    admin = team.brand.administrator
    make_listing(admin, description=None)
    share_listing(team.market, 1, seller_name="Mira Vale", seller_phone=PHONE)
    share(team.brand, "case.commented", "cas_1", ItemKind.COMMENT, text="Shop of Mira Vale again.")
    team.pull(team.brand)
    bought(admin)
    found = about_person(admin, Person.of(name="mira vale"))
    assert wheres(found) == [
        "act of a test purchase",
        "entry case.commented",
        "entry listing.shared",
        "listing",
        "seller",
    ]
    entry = next(thing for thing in found.things if thing.where == "entry listing.shared")
    assert (entry.came_from, entry.given_to) == ("Bazaar", "Maison Aurelle")
    assert (entry.agreement, entry.purpose) == (team.brand.agreement_name, "counterfeit-removal")
    assert entry.says["seller_phone"] == PHONE


def test_a_second_organisation_on_the_node_gives_nothing(team):
    make_listing(team.brand.administrator)
    share_listing(team.brand, 1, seller_name="Mira Vale")
    assert about_person(team.market.administrator, Person.of(name="Mira Vale")).things == []


@pytest.mark.parametrize("spelled", ["+33 1 99 00 12 34", "01 99 00 12 34", "0033199001234", "(01) 99-00-12-34"])
def test_a_number_is_found_however_it_is_written(team, spelled):
    share_listing(team.brand, 1, seller_phone=PHONE)
    assert len(about_person(team.brand.administrator, Person.of(phone=spelled)).things) == 1


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("write to MIRA@Vale.Example now", "email"),
        ("xmira@vale.example", ""),
        ("mira@vale.example.org", "email"),
        ("mira@vale.examples", ""),
        ("call ０１ ９９ ００ １２ ３４", "phone"),
        ("99 00 12 345", ""),
        ("Mira  VALE", "name"),
        ("Mirabelle Valerie", ""),
    ],
)
def test_identifiers_are_compared_whole(text, by):
    assert Person.of(email="mira@vale.example", phone=PHONE, name="Mira Vale").found_in(text) == by


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "Li"},
        {"phone": "12 34"},
        {"email": "not an address"},
        {"email": "a@b\0c"},
        {"name": "x" * 1000},
        {"shop": "shop-1"},
        {"name": "\ud800abcd"},
    ],
)
def test_an_identifier_that_would_find_everybody_or_nobody_is_refused(given):
    with pytest.raises(Invalid):
        Person.of(**given)


@pytest.mark.parametrize("name", [".*.*.*", "(a+)+$", "%' OR 1=1 --", "[[[[[["])
def test_a_hostile_identifier_is_only_a_text(team, name):
    make_listing(team.brand.administrator)
    share_listing(team.brand, 1, seller_name="Mira Vale")
    assert about_person(team.brand.administrator, Person.of(name=name)).things == []


def test_a_shop_is_found_by_its_id_on_its_marketplace_only(team):
    make_listing(team.brand.administrator)
    share_listing(team.brand, 1, seller_shop_id="shop-1")
    admin = team.brand.administrator
    found = about_person(admin, Person.of(marketplace="Bazaar", shop="shop-1"))
    assert wheres(found) == ["entry listing.shared", "listing", "seller"]
    assert about_person(admin, Person.of(marketplace="Elsewhere", shop="shop-1")).things == []


def test_what_lies_beside_in_no_known_form_is_searched_too(team):
    team.brand.say_beside(b"\xff\x00 Mira Vale \x00", kind="case.file")
    assert wheres(about_person(team.brand.administrator, Person.of(name="Mira Vale"))) == ["entry case.file"]


def test_the_search_is_written_to_the_trail_without_what_was_looked_for(team):
    share_listing(team.brand, 1, seller_name="Mira Vale")
    about_person(team.brand.administrator, Person.of(name="Mira Vale", email="mira@vale.example"))
    event = Event.objects.get(action="person.searched")
    assert event.detail == {"by": "email, name", "found": 1, "complete": True}


def test_only_who_may_searches(officer, analyst, reader):
    for member in (officer, analyst, reader):
        with pytest.raises(NotPermitted):
            about_person(member, Person.of(name="Mira Vale"))


def test_a_bound_is_told(team, monkeypatch):
    for number in range(3):
        share_listing(team.brand, number, seller_name="Mira Vale")
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    found = about_person(team.brand.administrator, Person.of(name="Mira Vale"))
    assert (len(found.things), found.complete) == (2, False)
    assert "NOT everything" in text_of(found)


def test_the_file_holds_json_and_plain_text(team):
    share_listing(team.brand, 1, seller_name="Mira Vale", title="<script>\x1b[2Jx</script>")
    found = about_person(team.brand.administrator, Person.of(name="Mira Vale"))
    archive = zipfile.ZipFile(io.BytesIO(packed(found)))
    assert archive.namelist() == ["about.json", "about.txt"]
    assert json.loads(archive.read("about.json"))["things"][0]["says"]["seller_name"] == "Mira Vale"
    assert "\x1b" not in archive.read("about.txt").decode()
    assert packed(found) == packed(found)


def test_a_hold_keeps_data_beyond_their_day_and_a_release_lets_them_go(team, clock):
    row = team.brand.say_beside(retain_until=clock().date())
    counsel = team.brand.administrator
    assert holding.hold(counsel, [row.entry_id], "litigation") == 1
    assert holding.hold(counsel, [row.entry_id], "litigation") == 0
    clock.forward(days=3)
    assert retention.delete_all_due() == 0
    assert holding.release(counsel, [row.entry_id]) == 1
    assert retention.delete_all_due() == 1
    actions = list(Event.objects.filter(target=row.entry_id).values_list("action", flat=True).order_by("id"))
    assert actions == ["retention.held", "retention.released"]
    with pytest.raises(NotFound):
        holding.hold(counsel, [row.entry_id], "litigation")


def test_a_hold_is_for_ones_own_entries_and_all_or_none(team):
    row = team.brand.say_beside()
    with pytest.raises(NotFound):
        holding.hold(team.market.administrator, [row.entry_id], "claim")
    with pytest.raises(NotFound):
        holding.hold(team.brand.administrator, [row.entry_id, "0" * 64], "claim")
    assert not Beside.objects.filter(held=True).exists()
    with pytest.raises(NotPermitted):
        holding.hold(team.brand.analyst, [row.entry_id], "claim")


@pytest.mark.parametrize(("ids", "reason"), [([], "claim"), (["a"], "because"), (["a"], "over"), (["a"] * 1, "")])
def test_a_hold_needs_entries_and_a_reason(team, ids, reason):
    with pytest.raises(Invalid):
        holding.hold(team.brand.administrator, ids, reason)

"""Writing rights: checked, audited, never across organisations."""

from datetime import date
from decimal import Decimal

import pytest

from countermark.model import ImageRole
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import picture_bytes
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.rights import selectors, services
from countermark.node.rights.factories import make_facts, make_reference, make_right
from countermark.node.rights.models import Brand, Reference, Right
from countermark.node.rights.services import BrandFacts
from countermark.node.rights.shown import AliasShown, AuthorisedSellerShown, BandShown, NeverMadeShown

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(Event.objects.order_by("id").values_list("action", flat=True))


def test_a_right_is_added_with_its_house(analyst):
    facts = make_facts(aliases=(AliasShown("珂梵", "zh"),), classes=(25, 18, 25), valid_to=date(2031, 1, 1))
    right_id = services.add_right(analyst, facts)
    shown = selectors.right(analyst, right_id)
    assert (shown.row.id, shown.row.brand, shown.row.mark) == (right_id, "Corvane", "Corvane")
    assert (shown.aliases, shown.classes) == ((AliasShown("珂梵", "zh"),), (18, 25))
    assert Brand.objects.get().name == "Corvane"
    event = Event.objects.get()
    assert (event.action, event.target, event.actor) == ("right.added", right_id, analyst.actor)


def test_the_same_right_twice_is_a_conflict_that_names_the_first(analyst):
    facts = make_facts()
    right_id = services.add_right(analyst, facts)
    with pytest.raises(Conflict) as conflict:
        services.add_right(analyst, facts)
    assert conflict.value.pointer == right_id
    assert actions() == ["right.added"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"brand": ""}, "brand"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"mark": "a\0b"}, "mark"),
        ({"kind": "patent pending"}, "kind"),
        ({"status": "withdrawn"}, "status"),
        ({"territories": ("FR", "XX")}, "territories"),
        ({"territories": ("fr",)}, "territories"),
        ({"classes": (0,)}, "classes"),
        ({"classes": (46,)}, "classes"),
        ({"office": "EUIPO"}, "office"),
        ({"mark_language": "french please"}, "mark_language"),
        ({"aliases": (AliasShown(""),)}, "aliases"),
        ({"aliases": tuple(AliasShown(f"a{n}") for n in range(201))}, "aliases"),
        ({"valid_from": date(2030, 1, 1), "valid_to": date(2020, 1, 1)}, "valid_to"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_with_a_mend(analyst, more, field):
    with pytest.raises(Invalid) as refused:
        services.add_right(analyst, make_facts(**more))
    problem = refused.value.problems[0]
    assert problem.field == field
    assert problem.mend
    assert not Right.objects.exists()


def test_an_edit_says_which_fields_changed_from_what_to_what(analyst):
    right_id = services.add_right(analyst, make_facts(title="Corvane, word mark", number="1"))
    changed = services.edit_right(analyst, right_id, make_facts(title="Corvane, word", number="2", brand="Ondrelle"))
    assert changed == ("brand", "number", "title")
    detail = Event.objects.get(action="right.edited").detail
    assert detail["fields"] == "brand, number, title"
    assert (detail["number_before"], detail["number_after"], detail["brand_after"]) == ("1", "2", "Ondrelle")
    assert selectors.right(analyst, right_id).row.brand == "Ondrelle"


def test_an_edit_that_changes_nothing_leaves_no_row_in_the_trail(analyst):
    facts = make_facts()
    right_id = services.add_right(analyst, facts)
    assert services.edit_right(analyst, right_id, facts) == ()
    assert actions() == ["right.added"]


def test_a_withdrawn_right_is_not_relied_on_and_not_edited_until_it_is_reinstated(analyst):
    right = make_right(analyst)
    services.withdraw_right(analyst, right.core_id, "cancelled by the court")
    shown = selectors.right(analyst, right.core_id)
    assert (shown.row.withdrawn, shown.withdrawn_reason) == (True, "cancelled by the court")
    assert selectors.portfolio(analyst).rights == ()
    with pytest.raises(Conflict):
        services.edit_right(analyst, right.core_id, make_facts())
    with pytest.raises(Conflict):
        services.withdraw_right(analyst, right.core_id, "again")
    services.reinstate_right(analyst, right.core_id)
    assert len(selectors.portfolio(analyst).rights) == 1
    with pytest.raises(Conflict):
        services.reinstate_right(analyst, right.core_id)
    assert actions() == ["right.withdrawn", "right.reinstated"]


def test_a_withdrawal_needs_a_reason(analyst):
    with pytest.raises(Invalid):
        services.withdraw_right(analyst, make_right(analyst).core_id, " ")


def test_a_reference_picture_is_added_once_and_taken_away(analyst):
    right = make_right(analyst)
    first = services.add_reference(analyst, right.core_id, picture_bytes())
    assert services.add_reference(analyst, right.core_id, picture_bytes()) == first
    logo = services.add_reference(analyst, right.core_id, picture_bytes(), ImageRole.LOGO)
    assert logo != first
    shown = selectors.right(analyst, right.core_id).references
    assert [(r.id, r.role) for r in shown] == [(first, ImageRole.OFFICIAL), (logo, ImageRole.LOGO)]
    services.remove_reference(analyst, first)
    assert [r.id for r in selectors.right(analyst, right.core_id).references] == [logo]
    assert actions().count("right.reference_added") == 2
    assert Event.objects.get(action="right.reference_removed").target == right.core_id


def test_a_bad_reference_picture_is_refused(analyst):
    right = make_right(analyst)
    with pytest.raises(Invalid):
        services.add_reference(analyst, right.core_id, b"<svg/>")
    with pytest.raises(Invalid):
        services.add_reference(analyst, right.core_id, picture_bytes(), ImageRole.OFFERED)
    assert not Reference.objects.exists()


def test_a_right_has_so_many_pictures_and_no_more(analyst, monkeypatch):
    monkeypatch.setattr(services, "MOST_REFERENCES", 1)
    right = make_right(analyst)
    services.add_reference(analyst, right.core_id, picture_bytes(colour=(1, 1, 1)))
    with pytest.raises(Invalid, match="at most 1"):
        services.add_reference(analyst, right.core_id, picture_bytes(colour=(2, 2, 2)))


HOUSE = BrandFacts(
    name="Corvane",
    owner="Maison Aurelle SA",
    price_bands=(BandShown(currency="EUR", low=Decimal("99.5"), high=Decimal(2500), category="bag"),),
    authorised_sellers=(AuthorisedSellerShown(name="Mira Vale", marketplace="Bazaar", external_id="s1"),),
    never_made=(NeverMadeShown(words=("canvas", "neon"), explanation="Corvane never made neon canvas."),),
)


def test_a_house_is_saved_whole_and_only_a_change_is_noted(analyst):
    services.save_brand(analyst, HOUSE)
    services.save_brand(analyst, HOUSE)
    assert actions() == ["brand.saved"]
    (shown,) = selectors.brands(analyst)
    assert (shown.owner, shown.price_bands, shown.never_made) == (HOUSE.owner, HOUSE.price_bands, HOUSE.never_made)
    assert str(shown.price_bands[0].low) == "99.50"
    services.save_brand(analyst, BrandFacts(name="Corvane", owner=HOUSE.owner))
    assert selectors.brand(analyst, "Corvane").price_bands == ()
    assert "Mira" not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"price_bands": (BandShown(currency="EU", low=Decimal(1), high=Decimal(2)),)}, "price_bands.0.currency"),
        ({"price_bands": (BandShown(currency="EUR", low=Decimal(3), high=Decimal(2)),)}, "price_bands.0.low"),
        ({"price_bands": (BandShown(currency="EUR", low=Decimal("NaN"), high=Decimal(2)),)}, "price_bands.0.low"),
        ({"price_bands": (BandShown(currency="EUR", low=Decimal("0.00001"), high=Decimal(2)),)}, "price_bands.0.low"),
        ({"price_bands": (BandShown(currency="EUR", low=Decimal(1), high=Decimal("1e30")),)}, "price_bands.0.low"),
        ({"authorised_sellers": (AuthorisedSellerShown(name=""),)}, "authorised_sellers.0.name"),
        (
            {"authorised_sellers": (AuthorisedSellerShown(name="", external_id="1"),)},
            "authorised_sellers.0.marketplace",
        ),
        ({"never_made": (NeverMadeShown(words=(), explanation="x"),)}, "never_made.0.words"),
        ({"never_made": (NeverMadeShown(words=("a",), explanation=""),)}, "never_made.0.explanation"),
    ],
)
def test_what_is_wrong_about_a_house_is_named_by_its_line(analyst, more, field):
    with pytest.raises(Invalid) as refused:
        services.save_brand(analyst, BrandFacts(**({"name": "Corvane"} | more)))
    assert field in {problem.field for problem in refused.value.problems}
    assert not Brand.objects.exists()


WRITES = {
    "add": lambda member, right, reference: services.add_right(member, make_facts()),
    "edit": lambda member, right, reference: services.edit_right(member, right, make_facts()),
    "withdraw": lambda member, right, reference: services.withdraw_right(member, right, "a reason"),
    "reinstate": lambda member, right, reference: services.reinstate_right(member, right),
    "add reference": lambda member, right, reference: services.add_reference(member, right, picture_bytes()),
    "remove reference": lambda member, right, reference: services.remove_reference(member, reference),
    "save brand": lambda member, right, reference: services.save_brand(member, HOUSE),
}


@pytest.mark.parametrize("way", sorted(WRITES))
def test_one_who_may_not_edit_rights_writes_nothing(analyst, reader, officer, way):
    right = make_right(analyst)
    reference = make_reference(analyst, right)
    before = Event.objects.count()
    for member in (reader, officer):
        with pytest.raises(NotPermitted):
            WRITES[way](member, right.core_id, reference.public_id)
    assert Event.objects.count() == before


@pytest.mark.parametrize("way", sorted(set(WRITES) - {"add", "save brand"}))
def test_a_right_of_another_organisation_is_not_there(analyst, stranger, way):
    right = make_right(analyst)
    reference = make_reference(analyst, right)
    with pytest.raises(NotFound):
        WRITES[way](stranger, right.core_id, reference.public_id)
    right.refresh_from_db()
    assert right.withdrawn_at is None
    assert right.references.count() == 1

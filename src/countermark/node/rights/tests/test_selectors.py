"""Reading rights: search, filters, pages, the portfolio for the engine, and nothing of others."""

from datetime import date

import pytest

from countermark.model import ImageRole, RightKind, RightStatus
from countermark.node.kernel.errors import NotFound
from countermark.node.rights import selectors, services
from countermark.node.rights.factories import make_reference, make_right
from countermark.node.rights.selectors import RightFilters
from countermark.node.rights.shown import AliasShown
from countermark.node.rights.tests.test_services import HOUSE

pytestmark = pytest.mark.django_db


def titles(member, **filters) -> list[str]:
    return [row.title for row in selectors.rights(member, RightFilters(**filters)).rows]


@pytest.fixture
def three(analyst):
    make_right(analyst, title="Corvane, word mark", aliases=(AliasShown("珂梵", "zh"),), number="018111111")
    make_right(
        analyst, title="Ondrelle scarf, design", brand="Ondrelle", kind="design", mark="", territories=("US", "EU")
    )
    make_right(analyst, title="HALCYR dial", brand="Halcyr", mark="Halcyr", status="lapsed", territories=("CH",))


def test_rights_are_listed_newest_first(analyst, three):
    assert titles(analyst) == ["HALCYR dial", "Ondrelle scarf, design", "Corvane, word mark"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"words": "ＨＡＬＣＹＲ"}, ["HALCYR dial"]),
        ({"words": "珂梵"}, ["Corvane, word mark"]),
        ({"words": "8111"}, ["Corvane, word mark"]),
        ({"words": "design scarf"}, ["Ondrelle scarf, design"]),
        ({"words": "100%_"}, []),
        ({"brand": "Ondrelle"}, ["Ondrelle scarf, design"]),
        ({"kind": RightKind.DESIGN}, ["Ondrelle scarf, design"]),
        ({"status": RightStatus.LAPSED}, ["HALCYR dial"]),
        ({"territory": "us"}, ["Ondrelle scarf, design"]),
        ({"territory": "U"}, []),
        ({"words": "corvane", "brand": "Ondrelle"}, []),
        ({"withdrawn": True}, []),
    ],
)
def test_filters_narrow_the_list(analyst, three, filters, found):
    assert titles(analyst, **filters) == found


def test_withdrawn_rights_are_found_when_asked_for(analyst):
    right = make_right(analyst)
    services.withdraw_right(analyst, right.core_id, "a reason")
    assert titles(analyst) == []
    assert titles(analyst, withdrawn=True) == titles(analyst, withdrawn=None) == [right.title]


def test_rights_without_pictures_are_found(analyst):
    # Named, because a search for the number that a title has otherwise may find it in a register's number.
    with_picture, without = make_right(analyst, title="Corvane satchel"), make_right(analyst, title="Corvane scarf")
    make_reference(analyst, with_picture)
    assert titles(analyst, without_pictures=True) == [without.title]
    row = selectors.rights(analyst, RightFilters(words=with_picture.title)).rows[0]
    assert row.capture_id
    assert row.references == 1


def test_pages_neither_skip_nor_repeat_while_others_add(analyst, django_assert_max_num_queries):
    made = [make_right(analyst).core_id for _ in range(7)]
    seen, cursor = [], ""
    for _ in range(3):
        with django_assert_max_num_queries(3):
            page = selectors.rights(analyst, cursor=cursor, size=3)
        make_right(analyst)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor or ""
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "٣", "0"])
def test_a_cursor_from_elsewhere_begins_at_the_start(analyst, cursor):
    make_right(analyst)
    assert len(selectors.rights(analyst, cursor=cursor).rows) == 1


def test_the_portfolio_is_what_can_be_relied_on_with_pictures_by_content_address(analyst, three):
    services.save_brand(analyst, HOUSE)
    right = make_right(analyst, title="Corvane logo")
    reference = make_reference(analyst, right)
    portfolio = selectors.portfolio(analyst)
    assert {r.title for r in portfolio.rights} == {"Corvane, word mark", "Ondrelle scarf, design", "Corvane logo"}
    (image,) = next(r for r in portfolio.rights if r.title == "Corvane logo").references
    assert (image.uri, image.role) == (f"sha256:{reference.capture.sha256}", ImageRole.OFFICIAL)
    assert next(r for r in portfolio.rights if r.title == "Corvane logo").id == right.core_id
    assert portfolio.brand("Corvane").authorised_sellers[0].external_id == "s1"


def test_the_same_rights_give_the_same_digest_whatever_the_order(analyst, stranger):
    make_right(analyst, title="a")
    make_right(analyst, title="b", brand="Ondrelle")
    make_right(stranger, title="b", brand="Ondrelle")
    make_right(stranger, title="a")
    for member in (analyst, stranger):
        services.save_brand(member if member is stranger else analyst, HOUSE)
    assert selectors.portfolio(analyst).digest() == selectors.portfolio(stranger).digest()


def test_the_portfolio_asks_as_many_questions_for_many_rights_as_for_few(analyst, django_assert_max_num_queries):
    for number in range(12):
        make_reference(analyst, make_right(analyst, brand=f"House {number}"), colour=(number, 0, 0))
    with django_assert_max_num_queries(7):
        selectors.portfolio(analyst)


def test_choices_of_filters_are_what_is_there(analyst, three):
    assert selectors.territories(analyst) == ("CH", "EU", "US")
    assert [brand.name for brand in selectors.brands(analyst)] == ["Corvane", "Halcyr", "Ondrelle"]
    assert selectors.any_right(analyst)


def test_names_of_authorised_shops_are_kept_from_one_who_may_not_see_personal_data(analyst, reader):
    services.save_brand(analyst, HOUSE)
    assert selectors.brand(analyst, "Corvane").authorised_sellers[0].name == "Mira Vale"
    assert selectors.brand(reader, "Corvane").authorised_sellers[0].name == ""


def test_another_organisation_sees_nothing_of_ours(analyst, stranger):
    right = make_right(analyst)
    services.save_brand(analyst, HOUSE)
    assert selectors.rights(stranger, RightFilters(withdrawn=None)).rows == ()
    assert selectors.brands(stranger) == ()
    assert selectors.territories(stranger) == ()
    assert not selectors.any_right(stranger)
    portfolio = selectors.portfolio(stranger)
    assert (portfolio.rights, portfolio.brands) == ((), ())
    with pytest.raises(NotFound):
        selectors.right(stranger, right.core_id)
    with pytest.raises(NotFound):
        selectors.brand(stranger, "Corvane")


def test_a_right_past_its_last_day_is_said_to_be(analyst):
    make_right(analyst, valid_to=date(2020, 1, 1))
    row = selectors.rights(analyst).rows[0]
    assert selectors.expired(row, date(2020, 1, 2))
    assert not selectors.expired(row, date(2020, 1, 1))


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"])
def test_a_text_that_no_database_takes_finds_nothing(analyst, three, text):
    for filters in ({"words": text}, {"brand": text}, {"territory": text}):
        assert titles(analyst, **filters) == []
    with pytest.raises(NotFound):
        selectors.right(analyst, text)
    with pytest.raises(NotFound):
        selectors.brand(analyst, text)
    with pytest.raises(NotFound):
        services.withdraw_right(analyst, text, "a reason")

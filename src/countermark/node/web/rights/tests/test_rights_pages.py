"""Rights by their pages: add, edit, withdraw, pictures, houses, records."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.node.evidence.factories import picture_bytes
from countermark.node.listings.factories import make_listing
from countermark.node.rights import selectors
from countermark.node.rights.factories import make_reference, make_right
from countermark.node.rights.selectors import RightFilters

FORM = {
    "brand": "Halcyr",
    "kind": "trademark",
    "title": "Halcyr, word mark",
    "mark": "HALCYR",
    "status": "in_force",
    "territories": "eu, cn",
    "classes": "14; 9",
    "office": "em",
    "number": "018",
    "valid_from": "2020-01-02",
    "alias.value": ["赫希尔", "", "Halsir"],
    "alias.language": ["zh-Hans", "", ""],
}


@pytest.fixture
def page(browser, member):
    return browser(member)


def test_a_right_is_added_by_a_plain_form(page, member):
    answer = page.post("/rights/add/", FORM)
    assert answer.status_code == 303
    right = selectors.right(member, answer.headers["Location"].strip("/").split("/")[1])
    assert right.row.brand == "Halcyr"
    assert right.row.territories == ("EU", "CN")
    assert right.classes == (9, 14)
    assert [(a.value, a.language) for a in right.aliases] == [("赫希尔", "zh-Hans"), ("Halsir", None)]
    assert right.valid_from == date(2020, 1, 2)
    assert "reference pictures" in page.get(answer.headers["Location"]).content.decode()


def test_every_problem_comes_back_beside_its_field_with_what_was_typed(page, look):
    answer = page.post(
        "/rights/add/", FORM | {"title": "", "classes": "99", "territories": "ZZ", "valid_to": "2019-01-01"}
    )
    assert answer.status_code == 422
    tree = look(answer.content)
    assert tree.css_first("#id_title_error") is not None
    answer = page.post("/rights/add/", FORM | {"classes": "99", "territories": "ZZ", "valid_to": "2019-01-01"})
    tree = look(answer.content)
    for name in ("classes", "territories", "valid_to"):
        assert tree.css_first(f"#id_{name}_error") is not None, name
    assert tree.css_first("#id_title").attributes["value"] == FORM["title"]
    assert tree.css_first("input[name='alias.value']").attributes["value"] == "赫希尔"


def test_a_right_that_is_there_is_pointed_to(page, look):
    first = page.post("/rights/add/", FORM).headers["Location"]
    answer = page.post("/rights/add/", FORM)
    assert answer.status_code == 409
    assert look(answer.content).css_first("[role=alert] a").attributes["href"] == first


def test_an_edit_starts_from_what_is_known_and_keeps_the_id(page, member, look):
    right = make_right(member, mark="Corvane")
    form = look(page.get(f"/rights/{right.core_id}/edit/").content)
    assert form.css_first("#id_mark").attributes["value"] == "Corvane"
    assert form.css_first("#id_territories").attributes["value"] == "EU"
    answer = page.post(f"/rights/{right.core_id}/edit/", FORM | {"brand": "Corvane"})
    assert answer.status_code == 303
    assert selectors.right(member, right.core_id).row.mark == "HALCYR"


def test_withdrawing_says_what_it_means_asks_why_and_can_be_taken_back(page, member, look):
    right = make_right(member)
    address = f"/rights/{right.core_id}/"
    assert "The next scan no longer compares" in page.get(f"{address}withdraw/").content.decode()
    assert page.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    assert page.post(f"{address}withdraw/", {"reason": "Sold to another house."}).status_code == 303
    assert "Sold to another house." in page.get(address).content.decode()
    assert selectors.rights(member).rows == ()
    assert page.post(f"{address}edit/", FORM).status_code == 409
    assert page.post(f"{address}reinstate/").status_code == 303
    assert not selectors.right(member, right.core_id).row.withdrawn


def test_good_pictures_are_added_and_bad_ones_named(page, member, look):
    right = make_right(member)
    files = [
        SimpleUploadedFile("good.jpg", picture_bytes()),
        SimpleUploadedFile("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ]
    answer = page.post(f"/rights/{right.core_id}/pictures/", {"pictures": files, "role": "logo"})
    assert answer.status_code == 422
    assert "drawing.svg" in look(answer.content).css_first("[role=alert]").text()
    assert [r.role.value for r in selectors.right(member, right.core_id).references] == ["logo"]
    assert page.post(f"/rights/{right.core_id}/pictures/").status_code == 422


def test_a_picture_is_removed_from_its_right(page, member):
    right = make_right(member)
    reference = make_reference(member, right)
    answer = page.post(f"/rights/{right.core_id}/pictures/{reference.public_id}/remove/")
    assert answer.status_code == 303
    assert selectors.right(member, right.core_id).references == ()


def test_filters_find_rights(page, member, look):
    make_right(member, title="Corvane, word mark", kind="trademark")
    withdrawn = make_right(member, title="Old design", kind="design")
    page.post(f"/rights/{withdrawn.core_id}/withdraw/", {"reason": "Lapsed long ago."})

    def shown(query):
        return [a.text().strip() for a in look(page.get(f"/rights/{query}").content).css("a.row-link")]

    assert shown("") == ["Corvane, word mark"]
    assert shown("?withdrawn=only") == ["Old design"]
    assert len(shown("?withdrawn=both")) == 2
    assert shown("?kind=design&withdrawn=both") == ["Old design"]
    assert shown("?q=word&territory=EU&pictures=without&kind=none&status=none") == ["Corvane, word mark"]
    assert selectors.rights(member, RightFilters(withdrawn=None)).rows


HOUSE = {
    "owner": "Maison Aurelle SA",
    "band.currency": ["eur", ""],
    "band.low": ["1 600,50", ""],
    "band.high": ["4200", ""],
    "band.category": ["bags", ""],
    "seller.name": ["Corvane Boutique"],
    "seller.marketplace": ["Bazaar"],
    "seller.external_id": ["official"],
    "never.words": ["canvas, neon green"],
    "never.explanation": ["The house never used it."],
}


def test_a_house_keeps_what_it_asks_for_allows_and_never_made(page, member):
    make_right(member)
    assert page.post("/rights/house/?name=Corvane", HOUSE).status_code == 303
    house = selectors.brand(member, "Corvane")
    assert [(b.currency, b.low, b.high, b.category) for b in house.price_bands] == [
        ("EUR", Decimal("1600.5"), Decimal(4200), "bags")
    ]
    assert [s.external_id for s in house.authorised_sellers] == ["official"]
    assert [n.words for n in house.never_made] == [("canvas", "neon green")]
    again = page.get("/rights/house/?name=Corvane").content.decode()
    assert 'value="canvas, neon green"' in again


def test_a_bad_line_of_a_house_is_marked_where_it_stands(page, member, look):
    make_right(member)
    bad = HOUSE | {
        "band.currency": ["EUR", "EUR"],
        "band.low": ["10", "9"],
        "band.high": ["20", "3"],
        "band.category": ["", ""],
    }
    answer = page.post("/rights/house/?name=Corvane", bad)
    assert answer.status_code == 422
    lines = look(answer.content).css(".form-line")
    assert lines[0].css_first(".field-problem") is None
    assert "upside down" in lines[1].css_first(".field-problem").text()
    answer = page.post("/rights/house/?name=Corvane", HOUSE | {"band.low": ["much", ""]})
    assert "no amount" in look(answer.content).css_first(".field-problem").text()
    assert selectors.brand(member, "Corvane").price_bands == ()


def test_a_reader_sees_a_house_without_the_button(browser, reader, member, look):
    make_right(member)
    tree = look(browser(reader).get("/rights/house/?name=Corvane").content)
    assert "disabled" in tree.css_first("fieldset.form").attributes
    assert "Save the house" not in tree.text()
    assert browser(reader).post("/rights/house/?name=Corvane", HOUSE).status_code == 403


YAML = """
version: 1
brands:
  - name: Ondrelle
    rights:
      - kind: trademark
        title: Ondrelle, word mark
        mark: Ondrelle
        territories: [EU]
        classes: [25]
"""


def test_records_of_a_file_become_rights(page, member, look):
    answer = page.post("/rights/import/", {"file": SimpleUploadedFile("rights.yaml", YAML.encode())})
    assert answer.status_code == 200, look(answer.content).css_first("main").text()
    assert [r.title for r in selectors.rights(member).rows] == ["Ondrelle, word mark"]


def test_after_an_import_the_listings_held_are_one_press_from_a_look(page, member, look):
    def send():
        return page.post("/rights/import/", {"file": SimpleUploadedFile("rights.yaml", YAML.encode())})

    def offers_a_scan(answer) -> bool:
        return look(answer.content).css_first('form[action="/scans/start/"]') is not None

    assert not offers_a_scan(send())
    make_listing(member)
    assert not offers_a_scan(send()), "nothing changed the second time"
    changed = page.post(
        "/rights/import/", {"file": SimpleUploadedFile("rights.yaml", YAML.replace("Ondrelle", "Halcyr").encode())}
    )
    assert offers_a_scan(changed)
    assert page.post("/scans/start/").status_code == 303


@pytest.mark.parametrize("name", ["rights.yaml", "rights.xml", "rights.json", "rights.exe"])
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(page, look, name):
    answer = page.post("/rights/import/", {"file": SimpleUploadedFile(name, b"\x00\xff not a record <")})
    assert answer.status_code == 422
    assert look(answer.content).css_first(".field-problem, [role=alert]") is not None

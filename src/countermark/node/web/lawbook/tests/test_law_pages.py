"""The law in the browser: tags beside rules, a signature by a named person, a notice that is moved."""

import chinese_calendar

from countermark.law.lawbook import shipped_lawbook
from countermark.law.regime import read_regime
from countermark.node.lawbook import keeping, reading
from countermark.node.notices import lawyer
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.tests.test_both_sides import removed

WORDS = "Read in the official journal, edition of June, article 4."


def test_counsel_signs_a_rule_that_no_source_confirms(counsel, analyst, browser):
    weak = next(one for one in reading.subjects("eu-dsa") if not one.tag.is_confirmed)
    address, page = f"/law/rule/{weak.id}/", browser(counsel)
    listed = page.get("/law/eu-dsa/").content.decode()
    assert "no, it waits for a reviewer" in listed
    assert f"[{weak.tag.value}]" in listed
    assert "Sign this version" not in browser(analyst).get(address).content.decode()
    sent = {"version": weak.version, "words": WORDS, "name": "Ada Quill"}
    assert browser(analyst).post(address, sent).status_code == 403
    assert page.post(address, sent | {"words": ""}).status_code == 422
    assert page.post(address, sent | {"version": "0" * 64}).status_code == 409
    assert page.post(address, sent).status_code == 303
    signed = page.get(address).content.decode()
    assert "Ada Quill" in signed
    assert "Take the signature back" in signed
    assert page.post(address, sent | {"act": "take_back"}).status_code == 303
    assert page.get("/law/rule/eu-dsa/never/").status_code == 404


def test_a_notice_is_moved_on_a_page_that_shows_what_differs(team, browser, monkeypatch):
    name, _token = removed(team)
    book = shipped_lawbook()
    new = read_regime(
        book.regimes["eu-dsa"].source.replace(b"title: Decide on the notice", b"title: Decide at once", 1)
    )
    later = type(book)({**book.regimes, "eu-dsa": new}, book.counting)
    for module in (lawyer, keeping, reading):
        monkeypatch.setattr(module, "shipped_lawbook", lambda: later)
    page = browser(team.brand.administrator)
    assert "Another version is in force" in page.get(f"/notices/{name}/").content.decode()
    assert f"/notices/{name}/law/" in page.get("/law/").content.decode()
    assert "Decide at once" in page.get(f"/notices/{name}/law/").content.decode()
    sent = {"version": new.version, "reason": "The act was amended, art. 16."}
    assert browser(team.brand.analyst).post(f"/notices/{name}/law/", sent).status_code == 403
    assert page.post(f"/notices/{name}/law/", sent | {"reason": ""}).status_code == 422
    assert page.post(f"/notices/{name}/law/", sent).status_code == 303
    assert lawyer.read(notice_of(team.brand, name).matter).version == new.version
    assert "Nothing to move" in page.get(f"/notices/{name}/law/").content.decode()


def test_a_calendar_that_is_not_published_is_said_where_people_look(team, browser, monkeypatch):
    def unpublished(_day):
        raise NotImplementedError("no notice of that year")

    monkeypatch.setattr(chinese_calendar, "is_holiday", unpublished)
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name = file_one(team, finding=finding)
    pass_on(team, team.market)
    page = browser(team.market.administrator)
    assert "provisional" in page.get("/notices/deadlines/").content.decode()
    shown = page.get(f"/notices/{name}/").content.decode()
    assert "provisional: a calendar is missing" in shown
    assert "does not settle the holidays of" in shown

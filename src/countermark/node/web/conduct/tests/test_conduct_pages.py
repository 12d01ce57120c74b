"""Records in the browser: what counts and why, from warning to answer, and the same rates on both sides."""

from datetime import timedelta

from django.test import Client

from countermark.node.conduct import measures
from countermark.node.conduct.models import Measure
from countermark.node.conduct.policy import SHIPPED
from countermark.node.conduct.tests.conftest import REASONS
from countermark.node.kernel.time import now
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.web.tests.test_pages import Unbalanced

ANSWER = "<script>alert(1)</script> The invoices of the house lie with you since May."


def form(kind, **more):
    ends = (now().date() + timedelta(days=60)).isoformat()
    return {"track": "offers", "kind": kind, "ends_on": ends, "reasons": REASONS} | more


def text(answer):
    assert answer.status_code == 200, answer.status_code
    parser = Unbalanced()
    parser.feed(answer.content.decode())
    assert parser.wrong == []
    return " ".join(answer.content.decode().split())


def code_of(page):
    return page.partition("Code of these figures:")[2].partition("</span>")[0].rpartition(">")[2]


def test_from_a_warning_to_the_answer_of_the_seller(shop, browser, look, settings):
    settings.COUNTERMARK_CONDUCT = SHIPPED.read_bytes().replace(b"together_days: 3 ", b"together_days: 0 ")
    shop.offends(2)
    record = f"/conduct/sellers/{shop.seller}/"
    officer, counsel, other = browser(shop.officer), browser(shop.counsel), browser(shop.other)
    page = text(officer.get(record))
    assert "2 strikes count, together 2 points" in page
    assert "2 offers in 180 days were decided against them" in page
    assert "First a warning that is proved to have arrived" in page
    assert "The policy asks for 3; 2 count now" in page
    officer.post(f"{record}measures/", form("warning"))
    warning = Measure.objects.get()
    assert "It is not proved to have arrived" in text(officer.get(record))
    made = text(officer.post(f"{record}measures/{warning.public_id}/link/"))
    link = "/seller/" + made.partition("/seller/")[2].partition('"')[0]
    seller = Client()
    page = text(seller.get(link))
    assert "About your shop" in page
    assert REASONS in page
    assert shop.officer.name not in page
    seller.post(f"{link}measures/{warning.public_id}/", {"read": "1"})
    assert "I have read this" not in text(seller.get(link))
    assert "Read by the person" in text(officer.get(record))
    officer.post(f"{record}measures/", form("listing_limit", detail="20 listings"))
    limit = Measure.objects.get(kind="listing_limit")
    seller.post(f"{link}measures/{limit.public_id}/", {"words": "No."})
    assert "20 to 4,000 characters" in text(seller.get(link))
    seller.post(f"{link}measures/{limit.public_id}/", {"words": ANSWER})
    page = text(seller.get(link))
    assert "&lt;script&gt;alert(1)" in page
    assert "answer waits for a decision" in page
    assert "An answer waits for a decision" in text(counsel.get("/conduct/"))
    assert "Decide on the answer" not in text(officer.get(record))
    act = f"{record}measures/{limit.public_id}/decide/"
    counsel.post(act, {"words": "The invoices are of the house; we were wrong.", "outcome": "reverse"})
    assert "it should not have been taken" in text(seller.get(link))
    assert "nothing waits" in text(other.get("/conduct/")).lower()
    assert look(officer.get(record).content).css_first("h1") is not None


def test_a_measure_without_an_end_is_refused_on_the_page_with_the_longest_day(shop, browser):
    shop.offends(1)
    officer, record = browser(shop.officer), f"/conduct/sellers/{shop.seller}/"
    for ends in ("", "soon", "2999-01-01"):
        officer.post(f"{record}measures/", form("warning", ends_on=ends))
        assert "Every measure ends by a date" in text(officer.get(record))
    assert not Measure.objects.exists()


def test_both_sides_see_the_same_rates_of_the_same_entries(shop, browser, later):
    shop.offends(3)
    page = browser(shop.officer)
    page.post(f"/notices/{shop.notices[0]}/decide/", {"decision": "put_back:removed_wrongly"})
    pass_on(shop.team, shop.team.brand)
    later(timedelta(days=1))
    there = text(page.get(f"/conduct/filers/{shop.team.market.agreement_name}/"))
    here = text(browser(shop.team.brand.analyst).get(f"/conduct/filers/{shop.team.brand.agreement_name}/"))
    assert "2 of 3 stand: 66.7 %" in there
    assert "2 of 3 stand: 66.7 %" in here
    assert code_of(here) == code_of(there) != ""
    assert "Warn, or propose" in there
    assert "Warn, or propose" not in here


def test_records_are_reached_from_notice_and_seller_and_are_no_business_of_strangers(shop, browser):
    shop.offends(1)
    market, record = browser(shop.officer), f"/conduct/sellers/{shop.seller}/"
    assert record in text(market.get(f"/notices/{shop.notices[0]}/"))
    assert record in text(market.get(f"/listings/sellers/{shop.seller}/"))
    brand = browser(shop.team.brand.analyst)
    assert record not in text(brand.get(f"/notices/{shop.notices[0]}/"))
    assert brand.get(record).status_code == 403
    stranger = browser(make_member(Role.ADMINISTRATOR))
    assert stranger.get(f"/conduct/filers/{shop.team.market.agreement_name}/").status_code == 404
    name = measures.propose(shop.officer, shop.wants())
    reader = browser(make_member(Role.READER, shop.team.market.feed.organisation))
    assert "Warn, or propose" not in text(reader.get(record))
    assert reader.post(f"{record}measures/{name}/lift/", {"words": REASONS}).status_code == 403
    assert market.post(f"{record}measures/{name}/explode/").status_code == 404


AWARD = {
    "authority": "Autorité exemple",
    "reference": "TF 12/2026",
    "day": "2026-01-05",
    "kinds": ["trademark"],
    "governed_by": "itself",
    "is_entity": "on",
}


def test_a_trusted_flagger_is_treated_first_and_a_joint_body_is_none(shop, browser):
    counsel, record = browser(shop.counsel), f"/conduct/filers/{shop.team.market.agreement_name}/"
    for governors in ("joint", "platform", "payment"):
        counsel.post(f"{record}flagger/", AWARD | {"governed_by": governors})
        assert "independent from any online platform" in text(counsel.get(record))
    counsel.post(f"{record}flagger/", {name: value for name, value in AWARD.items() if name != "is_entity"})
    assert "no single person" in text(counsel.get(record))
    assert browser(shop.officer).post(f"{record}flagger/", AWARD).status_code == 403
    counsel.post(f"{record}flagger/", AWARD)
    assert "Trusted flagger since 5 Jan 2026" in text(counsel.get(record))
    name = file_one(shop.team)
    pass_on(shop.team, shop.team.market)
    assert notice_of(shop.team.market, name).law_state == "priority_review"
    assert name in text(counsel.get("/notices/?whose=first"))
    assert "Treated first" in text(counsel.get(f"/notices/{name}/"))
    counsel.post(f"{record}flagger/end/", {"reason": "The award was revoked."})
    later_one = file_one(shop.team)
    pass_on(shop.team, shop.team.market)
    assert notice_of(shop.team.market, later_one).law_state == "received"


def test_the_yearly_ledger_is_the_same_on_both_sides_and_names_no_person(shop, browser):
    shop.offends(2)
    pass_on(shop.team, shop.team.brand)
    year = now().year
    there = browser(shop.officer).get(f"/conduct/filers/{shop.team.market.agreement_name}/{year}.csv")
    here = browser(shop.team.brand.analyst).get(f"/conduct/filers/{shop.team.brand.agreement_name}/{year}.csv")
    rows = there.content.decode().splitlines()
    assert rows[0].startswith("year,filer,provider,reason,action_taken,notices")
    assert [row.split(",")[1:6] for row in rows[1:]] == [["Maison Aurelle", "Bazaar", "Mark in offer", "removed", "2"]]
    assert here.content == there.content
    assert "attachment" in here.headers["Content-Disposition"]
    assert browser(shop.officer).get(f"/conduct/filers/{shop.team.market.agreement_name}/1.csv").status_code == 404

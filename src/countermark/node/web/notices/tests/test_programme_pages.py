"""Programmes of platforms in the browser: whose rules hold, both sides' steps, the seller's page in three languages."""

import pytest
from django.core.cache import cache
from django.test import Client

from countermark.law.recourse import shipped_recourse
from countermark.law.wording import LANGUAGES, said
from countermark.node.channels.models import Channel
from countermark.node.notices import deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.walking import both_follow, filed
from countermark.node.web.notices.tests.test_notice_pages import form_of, link_in

WORDS = "I bought these bags from the house itself; the invoice lies beside."
STANDS = {
    "en": "Your offer is up. There is a complaint, and you can answer it.",
    "fr": "Votre annonce est en ligne. Elle fait l’objet d’une plainte à laquelle vous pouvez répondre.",
    "zh-hans": "您的商品链接未下架。您可以对投诉作出答复。",
}


@pytest.fixture(autouse=True)
def no_limits():
    cache.clear()


def test_whose_programme_is_followed_is_written_on_the_page_of_the_agreement(team, browser, look):
    address = f"/agreements/{team.brand.agreement_name}/"
    counsel, reader = browser(team.brand.administrator), browser(team.brand.analyst)
    page = look(counsel.get(address).content)
    assert "Programme of eBay" in {one.text().strip() for one in page.css("#programme-platform option")}
    assert look(reader.get(address).content).css_first("#programme-platform") is None
    assert reader.post(f"{address}programme/", {"platform": "ebay"}).status_code == 403
    wrong = counsel.post(f"{address}programme/", {"platform": "shopnova"}, follow=True).content.decode()
    assert "No programme of this platform is known." in wrong
    assert counsel.post(f"{address}programme/", {"platform": "ebay"}).status_code == 303
    assert "The marketplace follows the programme of eBay." in counsel.get(address).content.decode()


def test_the_form_offers_the_programme_and_asks_for_its_fields(team, browser, look):
    finding = make_ground_for_notice(team.brand.analyst)
    address, brand = f"/notices/file/{finding.core_id}/", browser(team.brand.analyst)
    before = brand.get(address)
    assert "platform-ebay" not in before.content.decode()
    both_follow(team, "taobao")
    page = look(brand.get(address).content)
    assert page.css_first("#regime option").text().strip() == "Programme of Taobao"
    assert page.css_first("#field-platform_name option[selected]").attributes["value"] == "Taobao"
    assert [one.attributes["value"] for one in page.css("#field-complaint_type option")] == ["", "listing", "store"]
    sent = form_of(look, page.html) | {"signer": "Ada Quill", "declared": "good-faith", "file": ""}
    sent["explanation"] = "The offer uses the word mark Corvane for bags that the house never made."
    assert brand.post(address, sent | {"field.complaint_type": "both"}).status_code == 422
    assert brand.post(address, sent).status_code == 303
    # A second click on the same form makes no second notice about the offer.
    assert brand.post(address, sent).status_code == 422
    assert Notice.objects.get().regime == "platform-alibaba"


def test_the_seller_is_asked_on_a_page_that_restricts_nothing_and_answers_there(team, browser, look):
    name = filed(team, "taobao")
    market = browser(team.market.administrator)
    page = market.get(f"/notices/{name}/").content.decode()
    assert "ask_seller:in_account" in page
    assert "it has three working days to answer before the link goes down" in page
    address = link_in(look, market.post(f"/notices/{name}/decide/", {"decision": "ask_seller:in_account", "note": ""}))
    pass_on(team, team.brand)
    for language in LANGUAGES:
        shown = Client().get(f"{address}?lang={language}").content.decode()
        assert STANDS[language] in shown
        assert shipped_recourse()["platform-alibaba"].answer[language] in shown
        assert said("Platform programme of Alibaba", language) in shown
    answer = Client().get(address).content.decode()
    assert "A complaint about your offer" in answer
    assert "What was decided about your offer" not in answer
    seller = Client()
    assert seller.post(address, {"reason": "exhausted", "words": WORDS}).status_code == 303
    assert "You have answered already" in seller.post(address, {"reason": "exhausted", "words": WORDS}).content.decode()
    assert notice_of(team.market, name).law_state == "countered_1"
    pass_on(team, team.brand)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="answer_fails"))
    told = seller.get(f"{address}?lang=fr").content.decode()
    assert "L’annonce a été retirée." in told
    assert 'name="words"' in told
    assert seller.post(address, {"reason": "exhausted", "words": WORDS}).status_code == 303
    assert notice_of(team.market, name).law_state == "countered_2"


def test_the_brand_answers_the_seller_in_the_browser_and_the_seller_reads_it_escaped(team, browser):
    name = filed(team, "ebay")
    token = deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    pass_on(team, team.brand)
    brand = browser(team.brand.analyst)
    assert "Answer the seller" not in brand.get(f"/notices/{name}/").content.decode()
    Client().post(f"/seller/{token}/", {"reason": "exhausted", "words": WORDS})
    pass_on(team, team.brand)
    assert "Answer the seller" in brand.get(f"/notices/{name}/").content.decode()
    words = "<script>alert(1)</script> Our house sold no such bag."
    assert brand.post(f"/notices/{name}/reply/", {"words": words}).status_code == 303
    again = brand.post(f"/notices/{name}/reply/", {"words": words}, follow=True).content.decode()
    assert "not possible in the state" in again
    pass_on(team, team.market)
    seen = Client().get(f"/seller/{token}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Our house sold no such bag." in seen
    assert "<script>alert(1)" not in seen
    assert notice_of(team.market, name).stage == Stage.DOWN
    browser(team.market.administrator).post(f"/notices/{name}/reply/", {"words": "No."})
    assert notice_of(team.market, name).happenings.filter(deed=Deed.REPLY).count() == 1
    assert notice_of(team.market, name).stage == Stage.DOWN


def test_a_channel_is_opened_with_the_programme_that_the_other_side_follows(team, browser, look):
    counsel = browser(team.brand.administrator)
    page = look(counsel.get("/channels/").content)
    assert page.css_first("#mail-platform") is not None
    assert page.css_first("#ebay_vero-platform") is None
    sent = {"name": "By mail", "marketplace": "Shopnova", "address": "n@shopnova.example", "platform": "tmall"}
    assert counsel.post("/channels/open/mail/", sent | {"platform": "shopnova"}).status_code == 422
    there = counsel.post("/channels/open/mail/", sent)
    assert there.status_code == 303
    assert Channel.objects.get().platform == "tmall"
    shown = look(counsel.get(there.headers["Location"]).content)
    assert shown.css_first("#change-platform option[selected]").attributes["value"] == "tmall"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_law_name_a_regime_by_its_title(team, browser, look, language):
    page = browser(team.brand.administrator)
    headers = {"accept-language": language}
    title = said("Platform programme of eBay (VeRO)", language)
    assert look(page.get("/law/platform-ebay/", headers=headers).content).css_first("h1").text().strip() == title
    assert title in look(page.get("/law/", headers=headers).content).css_first("table").text()
    crumbs = look(page.get("/law/rule/platform-ebay/report/", headers=headers).content).css_first(".crumbs").text()
    assert title in crumbs

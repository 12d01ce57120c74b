"""The seller's page in three languages: what was decided, how to answer, until when, and what happened."""

import pytest
from django.core.cache import cache
from django.test import Client

from countermark.law.asked import Paper
from countermark.law.recourse import shipped_recourse
from countermark.law.wording import LANGUAGES, is_said
from countermark.node.kernel.errors import Conflict
from countermark.node.listings.models import Listing
from countermark.node.notices import answering, attachments, countering, deciding, lawyer
from countermark.node.notices.countering import Answer
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.languages import language_of
from countermark.node.notices.models import SellerLink, Telling
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.steps import STEPS
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

WORDS = "I bought these bags from the house itself; the invoice lies beside."
TITLES = {
    "en": "What was decided about your offer",
    "fr": "Ce qui a été décidé au sujet de votre annonce",
    "zh-hans": "关于您的商品链接的处理决定",
}


def removed(team, **more):
    name = file_one(team, **more)
    pass_on(team, team.market)
    token = deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    return name, token


def page_of(token, language="", **headers):
    answer = Client().get(f"/seller/{token}/" + (f"?lang={language}" if language else ""), headers=headers)
    return answer, answer.content.decode()


@pytest.mark.parametrize("regime", STEPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_law_says_to_a_seller_stands_in_the_language(regime, language):
    law, asked = lawyer.regime(regime).file, lawyer.regime(regime).file.asked
    fields, declarations = answering.wanted(regime)
    sentences = [law.title, *(one.title for one in asked.grounds), *asked.evidence.values()]
    sentences += [text for one in fields for text in (one.title, one.mend)] + [one.text for one in declarations]
    sentences += [one.mend for one in asked.fields if Paper.COUNTER in one.of]
    assert not [one for one in sentences if not is_said(one, language)]
    assert shipped_recourse()[regime].next[language]


def test_the_page_speaks_the_language_of_the_address_then_of_the_seller_then_of_the_browser(team):
    name, token = removed(team)
    for language, title in TITLES.items():
        answer, page = page_of(token, language)
        assert title in page
        assert (answer.headers["Content-Language"], f'<html lang="{language}"' in page) == (language, True)
    assert TITLES["fr"] in page_of(token, **{"accept-language": "fr-CA,fr;q=0.9"})[1]
    assert TITLES["en"] in page_of(token, "xx", **{"accept-language": "de"})[1]
    row = notice_of(team.market, name)
    Telling(notice=row, what="other", language="zh-hans", texts={}, sha256="", at=row.made_at).save()
    assert TITLES["zh-hans"] in page_of(token, **{"accept-language": "fr"})[1]
    assert TITLES["fr"] in page_of(token, "fr")[1]


def test_the_language_in_which_the_offer_is_written_is_that_of_its_seller(team):
    finding = make_ground_for_notice(team.brand.analyst)
    theirs = Listing.objects.get(pk=finding.listing_id)
    twin = Listing.objects.get(pk=theirs.pk)
    twin.pk, twin.organisation_id, twin.title_language = None, team.market.organisation_id, "fr-FR"
    twin.seller.pk, twin.seller.organisation_id = None, team.market.organisation_id
    twin.seller.save()
    twin.save()
    _name, token = removed(team, finding=finding)
    assert TITLES["fr"] in page_of(token)[1]


def test_a_statement_is_told_in_every_language_and_stays_as_it_was_told(team):
    name, _token = removed(team)
    told = notice_of(team.market, name).tellings.get()
    assert set(told.texts) == set(LANGUAGES)
    assert ["自动化手段的使用", "发现该商品链接未使用任何程序。决定由人工作出。"] in told.texts["zh-hans"]
    assert ["Moyens automatisés", told.texts["fr"][2][1]] == told.texts["fr"][2]
    english = notice_of(team.market, name).statements.get().sections
    assert told.texts["en"] == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_reasons_days_and_whom_else_to_ask(team, language):
    _name, token = removed(team)
    page = page_of(token, language)[1]
    recourse = shipped_recourse()["eu-dsa"]
    assert recourse.answer[language] in page
    assert recourse.counted[language] in page
    assert all(one.url in page for one in recourse.bodies)
    assert 'name="reason"' in page
    assert {"en": "days are left", "fr": "Il reste", "zh-hans": "还剩"}[language] in page
    assert page.count('hreflang="') == len(LANGUAGES)


def test_an_answer_and_its_problems_are_in_the_language_of_the_page(team):
    _name, token = removed(team)
    seller = Client()
    wrong = seller.post(f"/seller/{token}/?lang=fr", {"reason": "", "words": "non"})
    assert wrong.status_code == 422
    assert "Choisissez un motif." in wrong.content.decode()
    assert "texte trop court" in wrong.content.decode()
    right = seller.post(f"/seller/{token}/?lang=fr", {"reason": "exhausted", "words": WORDS})
    assert (right.status_code, right.headers["Location"]) == (303, f"/seller/{token}/?lang=fr#answered")
    page = seller.get(f"/seller/{token}/?lang=fr").content.decode()
    assert "Votre réponse est bien arrivée" in page
    assert "Vous avez répondu." in page
    twice = seller.post(f"/seller/{token}/?lang=fr", {"reason": "exhausted", "words": WORDS})
    assert "Vous avez déjà répondu" in twice.content.decode()


def test_a_link_that_opens_nothing_says_the_same_whatever_it_was(team, monkeypatch):
    _name, token = removed(team)
    monkeypatch.setattr("countermark.node.notices.links.LASTS", 0)
    over = SellerLink.objects.get()
    monkeypatch.setattr("countermark.node.notices.links.now", lambda: over.expires_at)
    answers = [Client().get(f"/seller/{one}/?lang=zh-hans") for one in (token, "a" * 43, "short")]
    assert {one.status_code for one in answers} == {404}
    pages = {one.content.decode().replace(one.wsgi_request.META.get("CSRF_COOKIE", "-"), "") for one in answers}
    assert all("此链接无法打开任何内容" in one and "索取新链接" in one for one in pages)
    assert all(one.headers["Referrer-Policy"] == "same-origin" for one in answers)


def test_answers_are_limited_and_what_was_typed_stays(team):
    _name, token = removed(team)
    cache.clear()
    seller = Client()
    sent = {"reason": "", "words": "too little"}
    states = [seller.post(f"/seller/{token}/?lang=en", sent) for _ in range(11)]
    assert [one.status_code for one in states] == [422] * 10 + [429]
    assert "Wait an hour" in states[-1].content.decode()
    assert "too little" in states[-1].content.decode()


def test_a_complaint_is_decided_by_another_person_and_the_seller_is_told(team):
    name, token = removed(team)
    countering.counter(token, Answer(reason="exhausted", words=WORDS))
    other = make_member(Role.OFFICER, team.market.feed.organisation)
    keep = Decision(deed=Deed.KEEP, reason="proof_missing")
    with pytest.raises(Conflict, match="Somebody else"):
        deciding.decide(team.market.administrator, name, keep)
    assert notice_of(team.market, name).stage == Stage.COUNTERED
    deciding.decide(other, name, keep)
    page = page_of(token, "fr")[1]
    assert "La réponse n’apporte aucune preuve." in page
    assert "Ce n’est pas la personne qui avait décidé la première fois." in page
    assert "Nous avons examiné votre réponse. L’annonce reste retirée." in page


def test_a_house_with_one_officer_decides_and_does_not_say_that_another_did(team):
    name, token = removed(team)
    countering.counter(token, Answer(reason="exhausted", words=WORDS))
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.RESTORE, reason="answer_convinces"))
    page = page_of(token, "en")[1]
    assert "The seller has shown that the offer is lawful." in page
    assert "another person" not in page
    assert "Your offer may be shown again." in page


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr-CA", "fr"), ("zh", "zh-hans"), ("zh_CN", "zh-hans"), ("EN", "en"), ("de", ""), ("", ""), (None, "")],
)
def test_a_tag_is_read_as_one_of_our_languages_or_none(tag, language):
    assert language_of(tag) == language


def test_an_officer_sees_what_would_leave_and_passes_a_paper_on(team, browser):
    name, token = removed(team)
    data = b"%PDF-1.7 invoice"
    paper = attachments.accept([("invoice.pdf", data)])
    countering.counter(token, Answer(reason="exhausted", words=WORDS, papers=paper))
    pass_on(team, team.brand)
    market, brand = browser(team.market.administrator), browser(team.brand.analyst)
    assert f"/notices/{name}/passing/" in market.get(f"/notices/{name}/").content.decode()
    page = market.get(f"/notices/{name}/passing/").content.decode()
    assert "It may go, for the purpose counterfeit-removal" in page
    market.post(f"/notices/{name}/passing/", {})
    assert "so nothing left" in market.get(f"/notices/{name}/").content.decode()
    market.post(f"/notices/{name}/passing/", {"paper": paper[0].sha256})
    assert "1 paper is on its way." in market.get(f"/notices/{name}/").content.decode()
    pass_on(team, team.brand)
    there = f"/notices/{name}/brought/{paper[0].sha256}/"
    assert there in brand.get(f"/notices/{name}/").content.decode()
    answer = brand.get(there)
    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (data, "nosniff")
    reader = browser(make_member(Role.READER, team.brand.feed.organisation))
    assert reader.get(there).status_code == 403

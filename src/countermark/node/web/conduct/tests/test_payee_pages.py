"""A payment platform's hold in the browser: the officer's page, and the seller's in three languages, to the lift."""

import pytest
from django.core import mail
from django.test import Client

from countermark.node.conduct import measures, payments
from countermark.node.conduct.models import Measure
from countermark.node.conduct.policy import SHIPPED
from countermark.node.conduct.tests.paying import EVIDENCE, HELD, REASONS, Payer, make_payer
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role
from countermark.node.web.conduct.tests.test_conduct_pages import text

ANSWER = "<script>alert(1)</script> The invoices of the house lie with you since May."
LIFT = "The marketplace has reversed its decision; the pay-outs leave today."


@pytest.fixture
def payer(db) -> Payer:
    return make_payer()


def form(payer, kind="payment_hold", **more):
    wanted = payer.wants(kind)
    fields = {name: getattr(wanted, name) for name in wanted.__slots__}
    return fields | {"ends_on": wanted.ends_on.isoformat()} | more


def test_from_the_hold_to_the_answer_and_what_became_of_it(payer, browser):
    officer, counsel, record = browser(payer.officer), browser(payer.counsel), f"/conduct/payees/{payer.payee}/"
    page = text(officer.get("/conduct/"))
    assert "Nothing was ever held" in page
    assert "End of payment services, at most 365 days (a second person confirms)" in page
    assert officer.post("/conduct/payees/", form(payer)).headers["Location"] == record
    hold = Measure.objects.get()
    page = text(officer.get(record))
    assert "It is not proved to have arrived" in page
    assert "a machine pointed to the shop; people looked and decided" in page
    made = text(officer.post(f"{record}measures/{hold.public_id}/link/"))
    assert f'href="{record}"' in made
    link = "/payee/" + made.partition("/payee/")[2].partition('"')[0]
    seller = Client()
    answer = seller.get(link)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    page = text(answer)
    for said in (
        "Alto Pay",
        "Hold on payments: holds",
        HELD,
        REASONS,
        EVIDENCE,
        "dec-2026-118",
        "a decision of a platform",
    ):
        assert said in page
    assert "A person decided it, no machine." in page
    assert "A second person" not in page
    assert "Somebody who had no part in the decision reads it. Until" in page
    assert "The authority that supervises payment services in your country" in page
    assert "Dir. (EU) 2015/2366 art. 101(3)" in page
    assert "Not checked by a lawyer yet" in page
    for person in (payer.officer, payer.counsel):
        assert person.name not in page
    seller.post(f"{link}measures/{hold.public_id}/", {"read": "1"})
    assert "I have read this" not in text(seller.get(link))
    sent = seller.post(f"{link}measures/{hold.public_id}/", {"words": ANSWER})
    assert sent.headers["Location"] == f"{link}#measures-title"
    page = text(seller.get(link))
    assert "&lt;script&gt;" in page
    assert "holds; the answer waits for a decision" in page
    assert "An answer waits for a decision:" in text(counsel.get("/conduct/"))
    counsel.post(f"{record}measures/{hold.public_id}/decide/", {"words": LIFT, "outcome": "reverse"})
    page = text(seller.get(link))
    assert "it should not have been taken" in page
    assert LIFT in page
    assert "Send the answer" not in page
    assert "Reversed on an answer</dt> <dd> 1 </dd>" in text(officer.get("/conduct/"))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fr",
            (
                "Ce qui a été décidé",
                "Retenue des paiements",
                "une décision d’une plateforme",
                "Décision de",
                "Un tribunal",
            ),
        ),
        ("zh-hans", ("平台的决定", "法院", "自动化")),
    ],
)
def test_the_page_is_in_the_seller_s_language(payer, language, said):
    name, link = payer.holds()
    page = text(Client().get(f"/payee/{link}/?lang={language}"))
    for words in said:
        assert words in page
    for english in ("It rests on", "Decided by", "Automation", "What is concerned", "Whom else", "Hold on payments"):
        assert english not in page
    sent = Client().post(f"/payee/{link}/measures/{name}/?lang={language}", {"words": ANSWER})
    assert f"lang={language}" in sent.headers["Location"]


def test_a_lift_is_read_at_once_and_a_second_person_is_named_as_such(payer, browser):
    name = payments.propose(payer.officer, payer.wants("payment_end"))
    record = f"/conduct/payees/{payer.payee}/measures/{name}"
    assert "A second person must look:" in text(browser(payer.counsel).get("/conduct/"))
    browser(payer.counsel).post(f"{record}/confirm/", {"words": ""})
    link = f"/payee/{measures.link_for(payer.officer, name)}/"
    page = text(Client().get(link))
    assert "End of payment services: holds" in page
    assert "A second person looked at it and confirmed it." in page
    browser(payer.officer).post(f"{record}/lift/", {"words": LIFT})
    page = text(Client().get(link))
    assert "was lifted before its end" in page
    assert LIFT in page


def test_a_platform_that_names_nobody_says_so(payer, settings):
    shipped = SHIPPED.read_bytes()
    start, end = shipped.index(b"  bodies:\n"), shipped.index(b"misuse:\n")
    settings.COUNTERMARK_CONDUCT = shipped[:start] + b"  bodies: []\n" + shipped[end:]
    _, link = payer.holds()
    page = text(Client().get(f"/payee/{link}/"))
    assert "The payment platform has named no authority and no body here." in page
    assert "supervises payment services" not in page


def test_a_refused_form_comes_back_with_its_words(payer, browser):
    answer = browser(payer.officer).post("/conduct/payees/", form(payer, ends_on="2999-01-01"))
    assert answer.status_code == 422
    page = " ".join(answer.content.decode().split())
    assert "Every measure ends by a date" in page
    assert f'value="{HELD}"' in page
    assert REASONS in page
    assert '<option value="pointed" selected>' in page
    assert not Measure.objects.exists()


def test_strangers_and_readers_hold_nothing_and_a_wrong_link_opens_nothing(payer, browser):
    name, link = payer.holds()
    reader = browser(make_member(Role.READER, make_organisation("Alto Pay 2", "payment")))
    assert "Hold pay-outs" not in text(reader.get("/conduct/"))
    assert reader.post("/conduct/payees/", form(payer)).status_code == 403
    assert reader.get(f"/conduct/payees/{payer.payee}/").status_code == 404
    market = browser(make_member(Role.COUNSEL, make_organisation(kind="marketplace")))
    assert market.get(f"/conduct/payees/{payer.payee}/").status_code == 403
    assert market.post("/conduct/payees/", form(payer)).status_code == 403
    closed = Client().get(f"/payee/{'a' * 43}/")
    assert closed.status_code == 404
    assert "Ask the payment platform for a new link" in closed.content.decode()
    assert Client().get(f"/seller/{link}/").status_code == 404
    assert Client().post(f"/payee/{'a' * 43}/measures/{name}/", {"words": ANSWER}).status_code == 404

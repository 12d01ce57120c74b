"""A seller on a phone, in each language: reads why, answers with a paper, and sees what happened next."""

import pytest
from playwright.sync_api import Page, expect

from tests.walks.conftest import SHOTS
from tests.walks.test_notices import both, enter

__all__ = ["both", "enter"]

#: Language of the page and of the browser; title, heading of the law, refusal, button, arrival, outcome.
PAGES = {
    "en": (
        "en-GB",
        "What was decided about your offer",
        "The law",
        "Not sent yet.",
        "Send my answer",
        "Your answer has arrived",
        "The decision on your answer",
    ),
    "fr": (
        "fr-FR",
        "Ce qui a été décidé au sujet de votre annonce",
        "Fondement légal",
        "Pas encore envoyé.",
        "Envoyer ma réponse",
        "Votre réponse est bien arrivée",
        "La décision sur votre réponse",
    ),
    "zh-hans": (
        "zh-CN",
        "关于您的商品链接的处理决定",
        "法律依据",
        "尚未发送。",
        "提交答复",
        "您的答复已送达",
        "对您的答复的决定",
    ),
}
WORDS = "Bought from the house itself. <b>Acheté à la maison.</b> 购自品牌方。"
INVOICE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def fits(page: Page, name: str) -> None:
    """A picture of the phone; nothing sticks out to the side."""
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("language", PAGES)
def test_a_seller_reads_why_answers_with_a_paper_and_sees_what_became_of_it(language, both, enter, chromium):
    locale, title, law, refused, send, arrived, outcome = PAGES[language]
    decided = both["decided"][language]
    context = chromium.new_context(
        base_url=str(both["address"]), locale=locale, viewport={"width": 360, "height": 800}, has_touch=True
    )
    trouble: list[str] = []
    seller = context.new_page()
    seller.on("pageerror", lambda error: trouble.append(str(error)))
    seller.goto(f"/seller/{decided['token']}/")
    expect(seller.get_by_role("heading", name=title)).to_be_visible()
    expect(seller.get_by_role("heading", name=law, exact=True)).to_be_visible()
    assert seller.locator("html").get_attribute("lang") == language
    fits(seller, f"seller-{language}")

    seller.get_by_role("button", name=send).click()
    expect(seller.get_by_role("alert")).to_contain_text(refused)
    seller.locator("input[name=reason][value=exhausted]").check()
    seller.locator("textarea[name=words]").fill(WORDS)
    seller.locator("input[name=papers]").set_input_files(
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": INVOICE}
    )
    seller.get_by_role("button", name=send).click()
    expect(seller.get_by_role("heading", name=arrived)).to_be_visible()
    expect(seller.get_by_text(WORDS)).to_be_visible()
    expect(seller.get_by_text("invoice.pdf")).to_be_visible()
    fits(seller, f"seller-answered-{language}")

    omar = enter("omar@bazaar.example")
    omar.goto(f"/notices/{decided['notice']}/")
    omar.get_by_label("Decision and reason").select_option("restore:answer_convinces")
    omar.get_by_role("button", name="Decide").click()
    expect(omar.get_by_text("The offer is back").first).to_be_visible(timeout=20_000)
    seller.reload()
    expect(seller.get_by_role("heading", name=outcome)).to_be_visible()
    expect(seller.get_by_role("button", name=send)).to_have_count(0)
    fits(seller, f"seller-outcome-{language}")
    context.close()
    assert not trouble

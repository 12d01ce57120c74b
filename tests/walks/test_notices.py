"""Notices from every side: many filed at once, one undone, one decided by the marketplace and answered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import SHOTS, node_of_both_sides

WORDS = "The offer uses the word mark Corvane for bags that the house never made."


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """Address, password and findings of a node that holds both sides."""
    with node_of_both_sides("notices_node", tmp_path_factory.mktemp("notices")) as found:
        yield found


@pytest.fixture
def enter(both: dict[str, object], chromium: Browser):
    """A page of a person of either side, logged in; of nobody when the address is empty."""
    contexts = []

    def page_of(email: str = "", width: int = 1200) -> Page:
        context = chromium.new_context(base_url=str(both["address"]), viewport={"width": width, "height": 900})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        if email:
            page.goto("/account/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password").fill(str(both["password"]))
            page.get_by_role("button", name="Log in", exact=True).click()
            page.wait_for_url("**/review/**")
        return page

    yield page_of
    for context in contexts:
        context.close()


def narrow(page: Page, name: str) -> None:
    """A picture of the page on a phone; nothing may stick out to the side."""
    size = page.viewport_size
    assert size is not None
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 800})
    page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(size)


def wait_for(page: Page, address: str, words: str) -> None:
    """Ask again until the other side's entry has come."""
    for _ in range(40):
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{words!r} never came to {address}")


def test_many_are_filed_one_is_undone_one_is_decided_and_answered(enter, both):
    ana = enter("ana@aurelle.example")
    ana.goto("/findings/")
    for finding in (*both["good"], both["over"]):
        ana.locator(f"input[name=finding][value={finding}]").check()
    ana.get_by_role("button", name="File notices for the chosen").click()
    expect(ana.get_by_role("heading", name="File many notices")).to_be_visible()
    ana.get_by_label("Words before the reasons of each finding").fill(WORDS)
    narrow(ana, "notices-many")
    ana.get_by_role("button", name="Sign and file").click()
    expect(ana.get_by_role("alert")).to_contain_text("Nobody has signed")
    ana.locator("input[name=declared]").check()
    ana.get_by_label("Your name").fill("Ada Quill")
    ana.get_by_role("button", name="Sign and file").click()
    expect(ana.get_by_text("2 filed, 1 kept as drafts")).to_be_visible()
    narrow(ana, "notices-batch")
    sent, undone = (one.get_attribute("href") for one in ana.locator("a[href^='/notices/ntc_']").all())
    ana.goto(undone)
    ana.get_by_role("button", name="Undo").click()
    expect(ana.get_by_text("Undone before it was sent")).to_be_visible()
    ana.goto(sent)
    ana.get_by_role("button", name="Send now").click()

    omar = enter("omar@bazaar.example")
    wait_for(omar, sent, "It is our move.")
    omar.goto("/notices/")
    expect(omar.locator(f"a[href='{sent}']")).to_have_count(1)
    narrow(omar, "notices-queue")
    omar.locator(f"a[href='{sent}']").click()
    omar.get_by_text("Rule, source, and how it was counted").first.click()
    narrow(omar, "notices-decide")
    omar.get_by_label("Decision and reason").select_option("remove:infringes")
    omar.get_by_role("button", name="Decide").click()
    link = omar.locator("#link").input_value()

    seller = enter(width=360)
    seller.goto(link)
    seller.locator("input[name=reason][value=exhausted]").check()
    seller.locator("textarea[name=words]").fill("I bought these bags from the house itself; the invoice lies beside.")
    seller.get_by_role("button", name="Send my answer").click()
    expect(seller.get_by_text("I bought these bags")).to_be_visible()
    wait_for(ana, sent, "The seller has answered")


def test_a_calendar_link_is_made_and_revoked(enter):
    omar = enter("omar@bazaar.example")
    omar.goto("/notices/deadlines/")
    omar.get_by_role("link", name="In your calendar").click()
    omar.get_by_role("button", name="Make a link").click()
    link = omar.locator("#link").input_value()
    narrow(omar, "notices-calendar")
    reader = enter()
    assert reader.request.get(link).text().startswith("BEGIN:VCALENDAR")
    omar.get_by_role("button", name="Revoke it").click()
    expect(omar.get_by_text("You have no link.")).to_be_visible()
    assert reader.request.get(link).status == 404

"""Whole jobs by keyboard alone: a proceeding, a test purchase with papers, a measure told and answered, a grave act,
whose programme is followed, and what its notices ask for.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.tests.purchasing import film
from tests.walks.conftest import SHOTS, node_of_both_sides
from tests.walks.hands import Hands

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ANSWER = "All of these notices named the right of the twelfth of May, which is in force."


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Address, password and names of a node that holds both sides."""
    with node_of_both_sides("rooms_node", tmp_path_factory.mktemp("rooms"), COUNTERMARK_STEP_UP_MINUTES="15") as found:
        yield found


@pytest.fixture
def hands(both: dict[str, str], chromium: Browser):
    """A person of either side, logged in by keyboard; with a session when a cookie is given instead."""
    contexts, trouble = [], []

    def hands_of(email: str = "", session: str = "") -> Hands:
        context = chromium.new_context(
            base_url=both["address"], viewport={"width": 1280, "height": 900}, locale="en-US"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if session:
            context.add_cookies([{"name": both["cookie"], "value": session, "url": both["address"]}])
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        person = Hands(page)
        if email:
            page.goto("/account/login/")
            person.write("Email", email)
            person.write("Password", both["password"])
            page.keyboard.press("Enter")
            page.wait_for_url("**/review/**")
        return person

    yield hands_of
    for context in contexts:
        context.close()
    assert not trouble


def looked_at(page: Page, name: str) -> None:
    """A picture of both widths; nothing that axe finds, nothing that sticks out on a phone."""
    found = Axe().run(page, options=AXE).response["violations"]
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
    page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 800})
    page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_proceeding_is_opened_told_and_a_mistake_taken_back(hands):
    cleo = hands("cleo@aurelle.example")
    page = cleo.page
    page.goto("/proceedings/")
    looked_at(page, "proceedings-empty")
    cleo.press("Domain names: UDRP", "link")
    looked_at(page, "proceeding-open")
    cleo.write("What it is about", "corvane-outlet.example")
    cleo.day("First day on which something happened", 2026, 10, 1)
    cleo.write("Country whose working days count", "FR")
    cleo.press("Open it")
    expect(page.get_by_role("heading", name="corvane-outlet.example")).to_be_visible()
    looked_at(page, "proceeding-new")
    cleo.unfold("File")
    cleo.write("Number of the complaint", "D2026-17")
    cleo.day("On which day", 2026, 10, 2)
    cleo.write("Own words", "sent by the office in Paris")
    looked_at(page, "proceeding-tell")
    cleo.press("Write it down")
    expect(page.get_by_text("Written. The clocks below are counted from it.")).to_be_visible()
    expect(page.get_by_text("D2026-17")).to_be_visible()
    cleo.unfold("Take the last step back")
    cleo.write("Reason", "it was another domain")
    cleo.press("Take it back")
    expect(page.get_by_text("Step 1 was taken back")).to_be_visible()
    looked_at(page, "proceeding-taken-back")
    page.goto("/proceedings/")
    looked_at(page, "proceedings")


def test_a_test_purchase_is_recorded_with_its_papers(hands, both):
    cleo = hands("cleo@aurelle.example")
    page = cleo.page
    page.goto(f"/purchases/order/{both['listing']}/")
    cleo.write("Who ordered", "Agency Nord")
    cleo.choose("The buyer is", "an agency")
    cleo.write("Account at the shop", "buyer 3")
    cleo.write("Order number", "BZ-7781")
    cleo.choose("Paid by", "card")
    looked_at(page, "keys-purchase-order")
    cleo.press("Record it")
    cleo.press("The parcel came", "link")
    for label, words in (("By whom", "Ana Roche"), ("Carrier", "Colis Vite"), ("Place", "Paris")):
        cleo.write(label, words)
    cleo.press("Record it")
    cleo.press("Unpack on film", "link")
    cleo.write("Place", "Paris")
    cleo.write("What was in it", "One tote, one card.")
    cleo.bring("Film", {"name": "unpacking.mp4", "mimeType": "video/mp4", "buffer": film(200_000)})
    cleo.bring("Photograph", {"name": "parcel.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()})
    looked_at(page, "keys-purchase-unpack")
    cleo.press("Record it")
    expect(page.get_by_role("link", name="unpacking.mp4")).to_be_visible()
    cleo.press("Make the exhibit")
    expect(page.get_by_text("The exhibit is made.")).to_be_visible()
    looked_at(page, "keys-purchase")
    page.goto("/purchases/")
    looked_at(page, "keys-purchases")


def test_a_filer_is_told_of_a_measure_and_answers_it(hands, both):
    omar = hands("omar@bazaar.example")
    omar.page.goto(f"/conduct/filers/{both['filer']}/")
    looked_at(omar.page, "conduct-filer")
    omar.press("Tell it through the exchange", "link")
    expect(omar.page.get_by_role("heading", name="What Maison Aurelle will see")).to_be_visible()
    looked_at(omar.page, "conduct-tell")
    omar.press("Tell it")
    expect(omar.page.get_by_text("Done.")).to_be_visible()
    cleo = hands("cleo@aurelle.example")
    page = cleo.page
    for _ in range(40):
        page.goto(f"/conduct/filers/{both['agreement']}/")
        if page.get_by_role("heading", name="What the marketplace decided about our notices").count():
            break
        page.wait_for_timeout(500)
    looked_at(page, "conduct-about-us")
    cleo.write("Answer it: why it is wrong", ANSWER)
    cleo.press("Send the answer")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_role("button", name="Send the answer")).to_have_count(0)
    looked_at(page, "conduct-answered")


def test_a_grave_act_asks_for_the_password_again_and_comes_back(hands, both):
    iris = hands(session=both["old_session"])
    page = iris.page
    page.goto(f"/agreements/{both['agreement']}/suspend/")
    expect(page).to_have_url(
        f"{both['address']}/account/reauthenticate/?next=%2Fagreements%2F{both['agreement']}%2Fsuspend%2F"
    )
    looked_at(page, "prove-again")
    iris.write("Password", both["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/suspend/")
    iris.write("Why", "The season is over, and both sides look at the terms again.")
    looked_at(page, "agreement-suspend")
    iris.press("Suspend it now")
    expect(page).to_have_url(f"{both['address']}/agreements/{both['agreement']}/")
    page.goto(f"/agreements/{both['agreement']}/resume/")
    iris.press("Resume it")
    expect(page.get_by_text("Resumed. The partner is told.")).to_be_visible()


def test_whose_programme_is_followed_is_written_with_its_codes(hands, both):
    iris = hands(session=both["old_session"])
    page = iris.page
    page.goto(f"/agreements/{both['agreement']}/")
    iris.choose("Whose rules the other side follows", "Programme of eBay")
    iris.write("Reason codes", "counterfit = 9051")
    iris.press("Keep it")
    expect(page.get_by_text("“counterfit” is no reason of this programme.")).to_be_visible()
    iris.choose("Whose rules the other side follows", "Programme of eBay")
    iris.write("Reason codes", "counterfeit = 9051\nmark-in-offer = 9046")
    looked_at(page, "programme-agreement")
    iris.press("Keep it")
    expect(page.get_by_text("The marketplace follows the programme of eBay.")).to_be_visible()
    page.goto("/channels/")
    iris.unfold("E-mail")
    iris.choose("Whose rules the other side follows", "Programme of Taobao")
    looked_at(page, "programme-channel")


def test_a_seller_is_answered_and_its_answer_accepted_as_the_programmes_say(hands, both):
    cleo = hands("cleo@aurelle.example")
    page = cleo.page
    page.goto(f"/notices/{both['on_ebay']}/")
    cleo.write("Your answer", "Our house sold no such bag, and no shop of ours did.")
    looked_at(page, "programme-reply")
    cleo.press("Send the answer")
    expect(page.get_by_role("heading", name="Answer the seller")).to_have_count(0)
    page.goto(f"/notices/{both['on_taobao']}/")
    looked_at(page, "programme-accept")
    cleo.press("Accept the answer")
    expect(page.get_by_role("button", name="Accept the answer")).to_have_count(0)
    page.goto(f"/notices/{both['forgotten']}/")
    expect(page.get_by_text("What was written in this notice was deleted")).to_be_visible()
    looked_at(page, "programme-forgotten")

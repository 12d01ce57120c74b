"""A joint case from both sides: opened, commented, a file attached, closed; the partner reads the same."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import node_of_both_sides
from tests.walks.test_every_page import look_at


@pytest.fixture(scope="module")
def joint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Address, password and a finding of a node that holds both sides."""
    with node_of_both_sides("joint_node", tmp_path_factory.mktemp("joint")) as found:
        yield found


@pytest.fixture
def enter(joint: dict[str, str], chromium: Browser):
    """A page of a person of either side, logged in, with or without JavaScript."""
    contexts = []

    def page_of(email: str, **more: object) -> Page:
        context = chromium.new_context(base_url=joint["address"], **more)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(joint["password"])
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url("**/review/**")
        return page

    yield page_of
    for context in contexts:
        context.close()


def send(page: Page) -> None:
    """Look at the preview and confirm."""
    expect(page.get_by_role("heading", name="What Bazaar will see")).to_be_visible()
    page.get_by_role("button", name="Send to Bazaar").click()
    page.wait_for_url("**/cases/cas_*/")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_joint_case_is_opened_worked_on_and_closed_and_the_partner_reads_it(enter, joint, tmp_path, script):
    title = f"Corvane totes {'with' if script else 'without'} script"
    page = enter("ana@aurelle.example", java_script_enabled=script)
    page.goto(f"/findings/{joint['finding']}/")
    page.get_by_role("link", name="Open a joint case").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Preview").click()
    send(page)
    address = page.url
    page.get_by_role("textbox", name="Comment").fill("Please look at the photos.")
    page.get_by_role("button", name="Preview").click()
    send(page)
    note = tmp_path / "note.txt"
    note.write_text("Bought on 3 March.")
    page.get_by_label("File").set_input_files(note)
    page.get_by_role("button", name="Attach the file").click()
    send(page)
    page.get_by_label("How it ended").select_option("stopped")
    page.get_by_role("button", name="Close the case").click()
    send(page)
    there = enter("omar@bazaar.example", java_script_enabled=script)
    for _ in range(40):
        there.goto(address)
        if there.get_by_text("closed the case").count():
            break
        there.wait_for_timeout(500)
    for words in (title, "Please look at the photos.", "note.txt", "The offers are gone"):
        expect(there.locator("main")).to_contain_text(words)
    lines = "ol.history > li"
    ids = [[one.get_attribute("id") for one in side.locator(lines).all()] for side in (page, there)]
    assert ids[0] == ids[1]


def test_the_pages_of_a_case_are_readable_by_everyone_at_every_width(enter, joint):
    page = enter("ana@aurelle.example")
    page.goto("/review/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases/")
    page.goto(f"/cases/open/?finding={joint['finding']}")
    assert look_at(page, "case-open") == []
    page.get_by_label("Title").fill("Looked at")
    page.get_by_role("button", name="Preview").click()
    assert look_at(page, "case-preview") == []
    send(page)
    assert look_at(page, "case") == []
    page.goto("/cases/")
    assert look_at(page, "cases") == []

"""Evidence as a person keeps it: a page captured, sealed, checked; a test purchase with a film; a bag that holds."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.tests.purchasing import film
from countermark.node.evidence.tests.shop import pages, shop

SHOTS = Path(__file__).parents[2] / "var" / "walks"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def offer():
    with shop(pages()) as address:
        yield f"{address}/offer"


def listed(page: Page, url: str) -> None:
    """Bring the listing in and open its page."""
    row = {
        "id": "walk-evidence", "marketplace": "Bazaar", "title": "Corvane tote of the walk", "price": "89.00",
        "currency": "EUR", "seller_id": "walk-shop", "captured_at": "2026-03-01T10:00:00Z", "url": url,
    }  # fmt: skip
    page.goto("/listings/import/")
    page.get_by_label("File of listings").set_input_files(
        {"name": "evidence.jsonl", "mimeType": "application/x-ndjson", "buffer": json.dumps(row).encode()}
    )
    page.get_by_role("button", name="Import the file").click()
    expect(page.locator("#progress-title")).to_have_text(re.compile("Done"))
    page.goto("/listings/?q=tote+of+the+walk")
    page.locator("a.row-link").first.click()
    expect(page.locator("h1")).to_contain_text("tote of the walk")


def looked_at(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing wider than the phone, and a picture to look at."""
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page, options=AXE).response["violations"]
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_page_is_captured_sealed_and_checked(walk, offer):
    page = walk("counsel")
    listed(page, offer)
    page.get_by_role("button", name="Capture the page now").click()
    for _ in range(60):
        if page.get_by_text("Waiting for a worker").count() == 0:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator(".page-head")).to_contain_text("Sealed")
    expect(page.locator("[aria-labelledby=custody-title]")).to_contain_text("began_clean")
    page.get_by_role("button", name="Check that it is unchanged").click()
    expect(page.get_by_role("heading", name="Everything holds")).to_be_visible()
    looked_at(page, "evidence")


def test_a_test_purchase_is_recorded_on_a_phone_and_its_bag_holds(walk, offer, tmp_path):
    page = walk("counsel", **PHONE)
    listed(page, offer)
    page.get_by_role("link", name="Record a test purchase").click()
    looked_at(page, "purchase-order")
    page.get_by_label("Who ordered").fill("Agency Nord")
    page.get_by_label("The buyer is").select_option("agency")
    page.get_by_label("Account at the shop").fill("4111 1111 1111 1111")
    page.get_by_label("Order number").fill("BZ-7781")
    page.get_by_label("Paid by").select_option("card")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("It looks like the number of an account or a card.")).to_be_visible()
    page.get_by_label("Account at the shop").fill("buyer 3")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name="The parcel came").click()
    page.get_by_label("By whom").fill("Ana Roche")
    page.get_by_label("Carrier").fill("Colis Vite")
    page.get_by_label("Place").fill("Paris")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name="Unpack on film").click()
    expect(page.get_by_label("By whom")).to_have_value("Ana Roche")
    page.get_by_label("Place").fill("Paris")
    page.get_by_label("What was in it").fill("One tote, one card.")
    page.get_by_label("Film", exact=False).first.set_input_files(
        {"name": "unpacking.mp4", "mimeType": "video/mp4", "buffer": film(2 * 1024 * 1024)}
    )
    page.get_by_label("Photograph", exact=False).first.set_input_files(
        {"name": "parcel.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    looked_at(page, "purchase-unpack")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("link", name="unpacking.mp4")).to_be_visible()
    page.get_by_role("link", name="Put it under seal").click()
    page.get_by_label("Numbers of the seals").fill("A-101\nA-102")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name="Correct it Put under seal").click()
    page.get_by_label("Numbers of the seals").fill("A-101\nA-103")
    page.get_by_label("What was wrong").fill("The second number.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("corrected later")).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("the expert")
    looked_at(page, "purchase")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the bag").click()
    bag = tmp_path / "bag.zip"
    download.value.save_as(bag)
    verify = [sys.executable, "-m", "countermark.cli.main", "verify", str(bag)]
    assert subprocess.run(verify, check=False, capture_output=True).returncode == 0
    data = bytearray(bag.read_bytes())
    data[data.index(b"\x2a" * 1000)] ^= 1
    bag.write_bytes(data)
    said = subprocess.run(verify, check=False, capture_output=True, text=True)
    assert said.returncode == 1
    assert ".mp4" in said.stdout
    # A refused form answers 422, which the browser's console calls an error; nothing else may be there.
    assert all("422" in line for line in walk.trouble)
    walk.trouble.clear()

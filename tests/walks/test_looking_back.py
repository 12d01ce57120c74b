"""A right comes after the listings: its page looks back over what is held, and the queue has what it found."""

import io
import json
import random
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

SHOTS = Path(__file__).parents[2] / "var" / "walks"
WIDTHS = (360, 700, 1000, 1400, 1900)
ROW = {
    "marketplace": "Bazaar",
    "price": "89.00",
    "currency": "EUR",
    "seller_id": "look-back-shop",
    "seller_name": "Look Back Shop",
    "captured_at": "2026-03-01T10:00:00Z",
}


def photo(quality: int, side: int) -> bytes:
    drawn = io.BytesIO()
    picture = Image.frombytes("RGB", (12, 12), random.Random(7).randbytes(432)).resize((side, side))
    picture.save(drawn, "JPEG", quality=quality)
    return drawn.getvalue()


def archive() -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("copy.jpg", photo(60, 180))
    return packed.getvalue()


def test_a_right_added_after_the_listings_finds_them(walk):
    page = walk("counsel")
    page.goto("/listings/import/")
    rows = [
        {"id": "back-1", "title": "Quellmara replica scarf, 1:1 mirror quality"},
        {"id": "back-2", "title": "Wool scarf", "images": ["copy.jpg"]},
        {"id": "back-3", "title": "Garden hose"},
    ]
    lines = "\n".join(json.dumps(ROW | row) for row in rows).encode()
    page.get_by_label("File of listings").set_input_files(
        {"name": "held.jsonl", "mimeType": "application/x-ndjson", "buffer": lines}
    )
    page.get_by_label(re.compile("ictures")).set_input_files(
        {"name": "pictures.zip", "mimeType": "application/zip", "buffer": archive()}
    )
    page.get_by_role("button", name="Import the file").click()
    expect(page.locator("#progress-title")).to_have_text(re.compile("Done"))

    page.goto("/rights/add/")
    page.get_by_label("House").fill("Quellmara")
    page.get_by_label("Title").fill("Quellmara, word mark")
    page.get_by_label("Mark", exact=False).first.fill("QUELLMARA")
    page.get_by_role("button", name="Add the right").click()
    back = page.locator("#look-back")
    expect(back).to_contain_text(re.compile(r"Looked back over \d+ listings:\s+1 finding\."), timeout=60_000)

    page.get_by_label("Add pictures").set_input_files(
        {"name": "official.jpg", "mimeType": "image/jpeg", "buffer": photo(95, 300)}
    )
    page.locator(".upload button").click()
    expect(page.locator("#pictures img")).to_have_count(1)
    # The first finding is superseded by one made with the new picture's portfolio, or confirmed; the copy is new.
    expect(back).to_contain_text(re.compile(r"Looked back over \d+ listings:\s+\d+ finding"), timeout=60_000)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 740})
        cut = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert cut <= 0, width
        page.screenshot(path=SHOTS / f"look-back_{width}.png", full_page=True)
    page.set_viewport_size({"width": 1400, "height": 900})
    back.get_by_role("link", name="See what was found").click()
    expect(page.locator("tbody")).to_contain_text("Wool scarf")
    page.goto("/findings/?brand=Quellmara")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).not_to_contain_text("Garden hose")
    page.goto("/scans/")
    expect(page.locator("tbody tr").first).to_contain_text("Look-back for Quellmara, word mark")

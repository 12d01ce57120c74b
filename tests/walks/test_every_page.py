"""Each page at five widths in two themes: axe finds nothing, nothing is cut off, and a picture of it is kept."""

import gzip
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

SHOTS = Path(__file__).parents[2] / "var" / "walks"
WIDTHS = (360, 700, 1000, 1400, 1900)
#: The axe rules of WCAG 2.2 AA and its best practices.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PAGES = (
    "/review/", "/review/filter/", "/findings/", "/findings/{finding}/", "/listings/", "/listings/{listing}/",
    "/listings/import/", "/listings/imports/", "{import}", "/rights/", "{right}", "{right}edit/", "{right}withdraw/",
    "/rights/add/", "/rights/import/", "/rights/houses/", "{house}", "/scans/", "{scan}", "/exchange/", "/channels/",
    "/agreements/", "/purchases/", "/audit/", "/members/",
    "/me/", "/keys/", "/help/", "/no/such/page/", "/account/password/change/", "/account/2fa/", "/account/sessions/",
    "/gallery/", "/gallery/parts/", "/gallery/review/", "/gallery/review-picker/", "/gallery/review-second-look/",
    "/gallery/review-held/", "/gallery/review-lost/", "/gallery/review-no-pictures/", "/gallery/trouble-403/",
    "/gallery/trouble-500/",
)  # fmt: skip
BEFORE_LOGGING_IN = ("/account/login/", "/account/password/reset/")


@pytest.fixture(scope="module")
def things(node, chromium, logged_in) -> Iterator[dict[str, str]]:
    """Addresses of one thing of each kind."""
    context = chromium.new_context(base_url=node.address, storage_state=logged_in("counsel"))
    page = context.new_page()

    def first(address: str, selector: str) -> str:
        page.goto(address)
        return page.locator(selector).first.get_attribute("href") or ""

    finding = first("/findings/", "a.row-link").strip("/").split("/")[1]
    listing = first("/listings/", "a.row-link").strip("/").split("/")[1]
    yield {
        "finding": finding,
        "listing": listing,
        "import": first("/listings/imports/", "a.row-link"),
        "right": first("/rights/", "a.row-link"),
        "house": first("/rights/houses/", "a.row-link"),
        "scan": first("/scans/", "a.row-link"),
    }
    context.close()


def look_at(page, name: str, part: str | None = None) -> list[str]:
    """What is wrong with the page, or with one part of it, at each width and in each theme."""
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900 if width > 400 else 740})
            found = Axe().run(page, context=part, options=AXE)
            wrong += [
                f"{scheme} {width}: {one['id']}: {one['nodes'][0]['html'][:160]}"
                for one in found.response["violations"]
            ]
            cut = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wrong += [f"{scheme} {width}: {cut} pixels are cut off"] if cut > 0 else []
            page.screenshot(path=SHOTS / f"{name}_{width}_{scheme}.png")
    return wrong


def name_of(address: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "front"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_readable_by_everyone_at_every_width(walk, things, address):
    page = walk("counsel")
    page.goto(address.format(**things))
    assert look_at(page, name_of(address)) == []
    walk.trouble[:] = [line for line in walk.trouble if "404" not in line]


@pytest.mark.parametrize("address", BEFORE_LOGGING_IN)
def test_a_page_before_logging_in_is_readable_by_everyone(walk, address):
    page = walk("")
    page.goto(address)
    assert look_at(page, name_of(address)) == []


def test_an_open_menu_and_an_open_sheet_are_readable_too(walk):
    page = walk("counsel")
    page.goto("/findings/")
    for opened in ("Help", "Menu of Claire Benoit"):
        page.get_by_label(opened).click()
        assert look_at(page, f"menu-{name_of(opened)}", ".head") == []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            box = page.locator("details.menu[open] .menu-panel").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert look_at(page, "sheet", "dialog") == []


@pytest.mark.parametrize(
    "address", ["/review/", "/findings/", "/findings/{finding}/", "/rights/add/", "{house}", "/me/"]
)
def test_at_four_hundred_percent_nothing_is_cut_off(walk, things, address):
    """1280 pixels at 400 % are 320: WCAG 1.4.10."""
    page = walk("counsel", width=320, height=256)
    page.goto(address.format(**things))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("address", ["/review/", "/findings/"])
def test_text_twice_as_large_takes_the_narrow_layout_and_loses_nothing(walk, address):
    page = walk("counsel", width=1280)
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_page_weighs_little(walk, node):
    """Compressed scripts of the heaviest page: at most 60 KB."""
    page = walk("counsel")
    page.goto("/review/")
    sources = page.evaluate("[...document.scripts].filter(s => s.src).map(s => s.src)")
    assert sources
    weight = 0
    for source in sources:
        assert urllib.parse.urlsplit(source).netloc == urllib.parse.urlsplit(node.address).netloc
        with urllib.request.urlopen(source) as answer:
            weight += len(gzip.compress(answer.read()))
    assert weight <= 60 * 1024


def test_focus_is_never_under_the_head_or_the_bar(walk):
    page = walk("counsel")
    page.goto("/review/")
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (!one || one === document.body || one.closest('.head, .decision, .toasts, .skip')) return '';
              const box = one.getBoundingClientRect();
              if (!box.width || !box.height) return '';
              const covers = (selector) => {
                const over = document.querySelector(selector)?.getBoundingClientRect();
                return over && box.top >= over.top && box.bottom <= over.bottom
                  && box.left >= over.left && box.right <= over.right;
              };
              return covers('.head') || covers('.decision') ? one.outerHTML.slice(0, 120) : '';
            }"""
        )
        assert hidden == ""


def test_the_page_prints_what_is_known_without_what_can_be_pressed(walk, things):
    page = walk("counsel")
    page.goto(f"/findings/{things['finding']}/")
    page.emulate_media(media="print")
    assert page.locator(".head").is_hidden()
    assert page.locator("h1").is_visible()
    assert page.locator("#reasons").is_visible()
    page.screenshot(path=SHOTS / "finding_print.png", full_page=True)

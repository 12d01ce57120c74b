"""What holds on every page: the policy, nothing inline, one heading, hostile text harmless, few questions."""

import re
from html.parser import HTMLParser

import pytest

from countermark.model import Span, Text
from countermark.node.findings.factories import make_finding, make_reason, make_scan
from countermark.node.listings.factories import make_listing
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.rights.factories import make_right
from countermark.node.web.tests.test_doors import PAGES

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
HOSTILE = "\u202e</title><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }} Corvane"


@pytest.fixture
def hostile(administrator, reader):
    """Things whose every text wants to break out."""
    listing = make_listing(
        administrator, title=Text(HOSTILE, '"><script>'), description=Text(HOSTILE, None), brand_text=HOSTILE
    )
    right = make_right(administrator, title="<b onclick=x>Corvane", mark="<i>Corvane")
    reason = make_reason(
        sentence=HOSTILE,
        wrong_when=HOSTILE,
        spans=(Span("title", 1, 40), Span("title", 9_000, 9_001)),
        facts={"<b>": HOSTILE},
    )
    finding = make_finding(administrator, listing, reasons=(reason, make_reason("seller.established", -1.0)))
    return {
        "finding": finding.core_id,
        "listing": listing.core_id,
        "seller": listing.seller.core_id,
        "right": right.core_id,
        "scan": make_scan(administrator).public_id,
        "colleague": str(reader.user_id),
    }


WITH_WORDS = [page for page in PAGES if "{picture}" not in page]


@pytest.mark.parametrize("page", WITH_WORDS)
def test_a_page_runs_nothing_but_our_files(page, hostile, browser, administrator, look):
    make_right(administrator, brand="Corvane")
    answer = browser(administrator).get(page.format(**hostile))
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    tree = look(answer.content)
    for script in tree.css("script"):
        src = script.attributes.get("src") or ""
        assert src.startswith("/static/") or script.attributes.get("type") == "application/json", script.html
    assert not tree.css("style, iframe, object, embed, base")
    for node in tree.css("*"):
        assert "style" not in node.attributes, node.html
        handlers = [name for name in node.attributes if name.startswith(("on", "hx-on"))]
        assert not handlers, node.html
        for name in ("href", "src", "action", "formaction"):
            value = (node.attributes.get(name) or "").strip().lower()
            assert not value.startswith(("javascript:", "data:", "http:", "https:", "//")), node.html


class Unbalanced(HTMLParser):
    """Finds tags that are closed without being open, or left open: a browser would guess, each in its own way."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> inside {self.open[-2:]} at {self.getpos()}")
            return
        self.open.pop()


@pytest.mark.parametrize("page", WITH_WORDS)
def test_a_page_closes_what_it_opens(page, hostile, browser, administrator):
    make_right(administrator, brand="Corvane")
    parser = Unbalanced()
    parser.feed(browser(administrator).get(page.format(**hostile)).content.decode())
    assert parser.wrong == []
    assert parser.open == []


@pytest.mark.parametrize("page", WITH_WORDS)
def test_a_page_has_one_heading_a_language_a_title_and_labels(page, hostile, browser, administrator, look):
    make_right(administrator, brand="Corvane")
    tree = look(browser(administrator).get(page.format(**hostile)).content)
    assert len(tree.css("h1")) == 1
    assert tree.css_first("html").attributes["lang"] == "en"
    title = " ".join(tree.css_first("title").text().split())
    assert title.endswith("· Countermark")
    assert tree.css_first("main#main") is not None
    assert tree.css_first("a.skip[href='#main']") is not None
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    named = {node.attributes.get("for") for node in tree.css("label[for]")}
    for field in tree.css("input, select, textarea"):
        if field.attributes.get("type") in {"hidden", "radio", "checkbox"}:
            continue
        assert field.attributes.get("id") in named or field.attributes.get("aria-label"), field.html


def test_hostile_text_is_shown_as_text_apart_from_the_direction_around_it(hostile, browser, administrator, look):
    page = browser(administrator).get(f"/findings/{hostile['finding']}/").content
    assert b"<script>alert" not in page
    heading = look(page).css_first("h1 bdi")
    assert heading.text().replace("1", "", 0).startswith("\u202e")
    assert "lang" not in heading.attributes
    assert "{{ 7|add:7 }}" in heading.text()


def test_words_that_a_reason_rests_on_are_marked_with_its_number(administrator, browser, look):
    listing = make_listing(administrator, title=Text("Sac C0RVANE cuir", "fr"))
    reason = make_reason("text.disguised_mark", spans=(Span("title", 4, 11),))
    finding = make_finding(administrator, listing, reasons=(reason,))
    heading = look(browser(administrator).get(f"/findings/{finding.core_id}/").content).css_first("h1")
    assert heading.css_first("mark").text() == "C0RVANE1"
    assert heading.css_first("bdi").attributes["lang"] == "fr"


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/review/", 12),
        ("/review/{finding}/", 12),
        ("/findings/", 12),
        ("/findings/{finding}/", 11),
        ("/listings/", 8),
        ("/rights/", 11),
        ("/scans/", 10),
        ("/listings/imports/", 5),
        ("/audit/", 6),
        ("/members/", 5),
    ],
)
def test_a_page_asks_few_questions_however_long_its_list_is(
    page, most, organisation, browser, django_assert_max_num_queries
):
    who = make_member(Role.COUNSEL, organisation)
    finding, *_ = [make_finding(who) for _ in range(30)]
    make_right(who)
    client = browser(who)
    client.get(page.format(finding=finding.core_id))
    with django_assert_max_num_queries(most):
        assert client.get(page.format(finding=finding.core_id)).status_code == 200


def test_what_a_form_sends_needs_its_token(administrator, organisation):
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(
        get_user_model().objects.get(pk=administrator.user_id), "allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = client.post("/scans/start/")
    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()


def test_modules_stay_short_and_typed():
    from pathlib import Path

    scripts = sorted((Path(__file__).parents[1] / "static/web/js").glob("*.js"))
    assert scripts
    for script in scripts:
        lines = script.read_text().splitlines()
        assert lines[0] == "// @ts-check", script.name
        assert len(lines) <= 250, script.name
        assert not re.search(r"\beval\(|new Function|document\.write", script.read_text()), script.name

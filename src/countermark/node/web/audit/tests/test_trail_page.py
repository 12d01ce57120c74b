"""The audit trail as a page."""

import pytest

from countermark.node.audit import services
from countermark.node.rights.factories import make_right


@pytest.fixture
def page(browser, counsel):
    return browser(counsel)


def test_the_trail_names_people_and_links_things(page, counsel, administrator, look):
    right = make_right(administrator)
    page.post(f"/rights/{right.core_id}/withdraw/", {"reason": "Sold to another house."})
    row = look(page.get("/audit/?action=right").content).css_first("tbody tr")
    assert counsel.name in row.text()
    assert "right.withdrawn" in row.text()
    assert row.css_first("a").attributes["href"] == f"/rights/{right.core_id}/"


def test_filters_and_pages_of_the_trail(page, counsel, look):
    for number in range(60):
        services.record(
            actor=counsel.actor, organisation=counsel.organisation_id, action="scan.requested", target=f"scn_{number}"
        )
    first = look(page.get("/audit/?action=scan").content)
    following = first.css_first("a[rel=next]").attributes["href"]
    assert "action=scan" in following
    assert len(first.css("tbody tr")) + len(look(page.get(following).content).css("tbody tr")) == 60
    assert len(look(page.get("/audit/?q=scn_7").content).css("tbody tr")) == 1
    assert "Nothing fits" in page.get("/audit/?day=2001-01-01&action=scan").content.decode()


def test_nothing_of_another_organisation_is_in_it(page, stranger):
    services.record(actor="usr_1", organisation=stranger.organisation_id, action="secret.kept", target="x")
    assert "secret.kept" not in page.get("/audit/").content.decode()


def test_a_trail_fact_is_shown_as_text(page, counsel):
    services.record(
        actor=counsel.actor, organisation=counsel.organisation_id, action="right.edited", detail={"a": "<script>x"}
    )
    assert b"<script>x" not in page.get("/audit/").content

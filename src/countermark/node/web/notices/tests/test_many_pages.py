"""Many notices in the browser: ticked, checked, signed once, undone; drafts say why and where that is mended."""

from datetime import timedelta

from django.utils import timezone

from countermark.node.notices import lawyer
from countermark.node.notices.factories import EXPLANATION, make_ground_for_notice
from countermark.node.notices.models import Notice
from countermark.node.notices.tests.walking import both_follow
from countermark.node.web.notices.tests.test_notice_pages import form_of


def chosen(*findings):
    return "/notices/many/?" + "&".join(f"finding={one.core_id}" for one in findings)


def versions_in(look, page):
    return [one.attributes["value"] for one in look(page).css("input[name=declared]")]


def test_ticked_findings_are_checked_signed_once_filed_and_undone(team, browser, look):
    member = team.brand.analyst
    good = make_ground_for_notice(member)
    over = make_ground_for_notice(member, valid_to=timezone.now().date() - timedelta(days=9))
    brand = browser(member)
    assert f'value="{good.core_id}"' in brand.get("/findings/").content.decode()
    page = brand.get(chosen(good, over))
    assert page.content.decode().count('name="finding"') == 2
    assert "/rights/rgt_" in page.content.decode()
    sent = form_of(look, page.content) | {
        "finding": [good.core_id, over.core_id],
        "explanation": EXPLANATION,
        "file": "",
    }
    refused = brand.post("/notices/many/", sent)
    assert refused.status_code == 422
    assert "Write the name of the person who signs" in refused.content.decode()
    signed = sent | {"signer": "Ada Quill", "declared": versions_in(look, page.content)}
    first, second = (brand.post("/notices/many/", signed) for _ in range(2))
    assert first.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert Notice.objects.count() == 1
    batch = brand.get(first.headers["Location"]).content.decode()
    assert "1 filed, 1 kept as drafts" in batch
    assert "File the drafts again" in batch
    brand.post(f"{first.headers['Location']}undo/")
    assert Notice.objects.get().stage == "undone"


def test_a_draft_that_is_left_out_stays_out_and_a_stranger_sees_no_batch(team, browser, look):
    member = team.brand.analyst
    over = make_ground_for_notice(member, valid_to=timezone.now().date() - timedelta(days=9))
    brand = browser(member)
    page = brand.get(chosen(over))
    sent = form_of(look, page.content) | {
        "file": "",
        "signer": "Ada Quill",
        "declared": versions_in(look, page.content),
    }
    batch = brand.post("/notices/many/", sent).headers["Location"]
    brand.post(f"{batch}again/", {"finding": over.core_id, "leave.0": "on"})
    assert "1 left out" in brand.get(batch).content.decode()
    assert browser(team.market.administrator).get(batch).status_code in {403, 404}


def test_with_nothing_decided_the_page_says_what_would_stand_there(team, browser):
    page = browser(team.brand.analyst).get("/notices/many/").content.decode()
    assert "Nothing waits to be filed" in page


def test_a_row_that_lacks_the_code_of_its_reason_leads_to_the_page_where_codes_are_written(team, browser, look):
    member, name = team.brand.analyst, team.brand.agreement_name
    both_follow(team, "ebay")
    finding = make_ground_for_notice(member)
    page = look(browser(member).get(chosen(finding)).content)
    (link,) = page.css(f'td a[href="/agreements/{name}/"]')
    assert "code" in link.text()
    assert not page.css('[name="field.reason_code"]')
    manager = browser(team.brand.administrator)
    manager.post(f"/agreements/{name}/programme/", {"platform": "ebay", "codes": "counterfit = 9051"})
    assert "no reason of this programme" in manager.get(f"/agreements/{name}/").content.decode()
    grounds = "\n".join(f"{one} = 9051" for one in lawyer.grounds_of("ebay"))
    manager.post(f"/agreements/{name}/programme/", {"platform": "ebay", "codes": grounds})
    assert (
        "counterfeit = 9051" in look(manager.get(f"/agreements/{name}/").content).css_first("#programme-codes").text()
    )
    assert "Can be filed" in browser(member).get(chosen(finding)).content.decode()

"""In the browser: what a notice lacks on both pages, its completion, and a dispute before a certified body."""

from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.node.kernel.time import now
from countermark.node.notices import drafting, papers
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.tests.test_both_sides import removed


def incomplete(team, monkeypatch, **more):
    """A notice of another program, under the Chinese law, that names no owner and no evidence and signs nothing."""
    ours = drafting.message

    def message(*args, **kwargs):
        made = ours(*args, **kwargs)
        says = {"right_owner": "", "evidence_hashes": [], "accuracy": False}
        return replace(made, fields={**made.fields, **says})

    monkeypatch.setattr(drafting, "message", message)
    name = file_one(team, make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN"))
    pass_on(team, team.market)
    pass_on(team, team.brand)
    return name


def test_both_pages_say_what_is_missing_and_whose_move_it_is(team, browser, look, monkeypatch):
    name = incomplete(team, monkeypatch)
    for side, member, ours in ((team.brand, team.brand.analyst, True), (team.market, team.market.administrator, False)):
        page = look(browser(member).get(f"/notices/{name}/").content)
        section = page.css_first("section[aria-labelledby=lacks-title]").text()
        assert "True identity of the rights holder" in section
        assert "Civil Code (PRC) art. 1195" in section
        assert "No time for a removal runs until it is complete." in section
        move = page.css_first("section[aria-labelledby=clocks-title]").text()
        assert ("It is our move." in move) is ours
        assert ("It is the move of: rights holder." in move) is not ours
        assert "Nothing runs." in move
        assert notice_of(side, name).stage == "asked"


def test_the_brand_completes_it_on_its_page_and_the_marketplace_can_decide(team, browser, look, monkeypatch):
    name = incomplete(team, monkeypatch)
    brand = browser(team.brand.analyst)
    form = look(brand.get(f"/notices/{name}/").content).css_first(f"form[action='/notices/{name}/answer/']")
    names = {one.attributes["name"] for one in form.css("[name]")}
    assert {"words", "lack.holder_identity", "declared", "signer", "evidence_kind", "evidence_file"} <= names
    sent: dict[str, object] = {
        "words": "Here it is.",
        "lack.holder_identity": "Maison Aurelle SAS",
        "declared": "truth",
    }
    unsigned = brand.post(f"/notices/{name}/answer/", sent, follow=True)
    assert "Nobody signs the statements." in unsigned.content.decode()
    proof = SimpleUploadedFile("extract.pdf", b"%PDF-1.7 extract")
    sent |= {"signer": "Ada Quill", "evidence_kind": "right_paper", "evidence_file": proof}
    assert brand.post(f"/notices/{name}/answer/", sent).status_code == 303
    assert set(pass_on(team, team.market)) == {"done"}
    assert papers.read(notice_of(team.market, name).paper).lacks == ("evidence",)  # the capture is still missing
    assert [one.signer for one in notice_of(team.brand, name).signed.order_by("pk")][-1] == "Ada Quill"
    pass_on(team, team.brand)
    more = {"words": "And the page.", "evidence_kind": "capture"}
    proof = SimpleUploadedFile("page.pdf", b"%PDF-1.7 page")
    brand.post(f"/notices/{name}/answer/", more | {"evidence_file": proof})
    pass_on(team, team.market)
    market = browser(team.market.administrator).get(f"/notices/{name}/").content.decode()
    assert "lacks-title" not in market
    assert "remove:infringes" in market


def test_a_dispute_is_written_down_and_stands_in_the_history_of_both_sides(team, browser, look):
    name, _ = removed(team)
    day = now().date().isoformat()
    market, brand = browser(team.market.administrator), browser(team.brand.analyst)
    assert look(market.get(f"/notices/{name}/").content).css_first("#body-name") is not None
    sent = {"by": "seller", "body": "Appeals Centre of X", "reference": "ODS-17/26", "day": day}
    assert market.post(f"/notices/{name}/body/", sent).status_code == 303
    pass_on(team, team.brand)
    page = brand.get(f"/notices/{name}/").content.decode()
    assert "The seller took the decision to a certified body" in page
    assert "Appeals Centre of X, ODS-17/26" in page
    assert "Decision of the body" in page
    brand.post(f"/notices/{name}/extend/", {"day": day, "why": "Two laws."})
    brand.post(f"/notices/{name}/settle/", {"day": day, "outcome": "upheld", "words": ""})
    pass_on(team, team.market)
    history = market.get(f"/notices/{name}/").content.decode()
    for said in ("The body takes longer", "The body has closed the dispute", "The body upheld the decision"):
        assert said in history
    assert look(history).css_first("#settle-day") is None

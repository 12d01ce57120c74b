"""A file of notices in the browser: bad rows told by their place, good ones kept, seen, signed once and filed."""

from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.node.notices.factories import EXPLANATION, make_ground_for_notice
from countermark.node.notices.models import Batch, BatchRow, Notice
from countermark.node.web.notices.tests.test_many_pages import versions_in


def brought(browser, member, text, **more):
    file = SimpleUploadedFile("bags.csv", text.encode(), content_type="text/csv")
    return browser(member).post("/notices/many/file/", {"file": file, "country": "", "explanation": "", **more})


def test_good_rows_of_a_file_are_kept_bad_ones_told_and_nothing_is_filed_before_it_is_signed(team, browser, look):
    member = team.brand.analyst
    good = make_ground_for_notice(member)
    text = f"finding;country;explanation\n;FR;x\n{good.core_id};FR;\nfnd_1;FR;{'x' * 10_001}\nfnd_none;FR;\n"
    first, second = (brought(browser, member, text, explanation=EXPLANATION) for _ in range(2))
    assert first.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert not Notice.objects.exists()
    assert list(BatchRow.objects.values_list("number", flat=True)) == [2, 4]
    page = browser(member).get(first.headers["Location"])
    said = page.content.decode()
    assert "Row 1 names no finding" in said
    assert "Column explanation of row 3 is longer" in said
    assert "There is no such finding here" in said
    again = f"{first.headers['Location']}again/"
    rows = {"finding": [good.core_id, "fnd_none"], "country.0": "FR", "country.1": "FR"}
    browser(member).post(again, rows)
    assert not Notice.objects.exists()
    browser(member).post(again, rows | {"declared": versions_in(look, page.content), "signer": "Ada Quill"})
    assert Notice.objects.get().finding == good.core_id
    assert Notice.objects.get().signed.get().signer == "Ada Quill"
    assert "1 filed, 1 kept as drafts" in browser(member).get(first.headers["Location"]).content.decode()


def test_two_who_bring_the_same_file_sign_each_their_own(team, browser):
    good = make_ground_for_notice(team.brand.analyst)
    for member in (team.brand.analyst, team.brand.administrator):
        there = brought(browser, member, f"finding\n{good.core_id}\n").headers["Location"]
        assert "Sign and file" in browser(member).get(there).content.decode()
    assert Batch.objects.count() == 2


def test_a_correction_on_the_page_leaves_whom_the_file_wrote_to_and_under_which_law(team, browser, look):
    member = team.brand.analyst
    good = make_ground_for_notice(member)
    brought(browser, member, f"finding,regime\n{good.core_id},platform-generic\n")
    batch = Batch.objects.get().public_id
    page = browser(member).get(f"/notices/many/{batch}/").content
    signed = {"declared": versions_in(look, page), "signer": "Ada Quill", "explanation.0": EXPLANATION}
    browser(member).post(f"/notices/many/{batch}/again/", {"finding": [good.core_id], "country.0": "FR", **signed})
    assert '"regime":"platform-generic"' in BatchRow.objects.get().chosen


def test_a_file_without_one_good_row_is_refused_with_its_reasons(team, browser):
    member = team.brand.analyst
    for text, words in (
        ("finding\n\0\n", "character that cannot be stored"),
        ("listing\nlst_1\n", "names no column"),
        ('finding\nfnd_1\n"', "Line 3 cannot be read"),
        ("finding\n" + "fnd_1\n" * 10_001, "more than 10,000 rows"),
        ("finding\n", "holds no row"),
    ):
        page = brought(browser, member, text)
        assert page.status_code == 422
        assert words in page.content.decode()
    assert not Batch.objects.exists()


def test_a_marketplace_files_nothing(team, browser):
    assert browser(team.market.administrator).get("/notices/many/file/").status_code == 403

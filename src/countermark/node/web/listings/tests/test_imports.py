"""Bringing a file in by its page: the form, the report, the download."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.node.listings import selectors

GOOD = {
    "id": "a1",
    "title": "Corvane tote",
    "price": "129.00",
    "currency": "EUR",
    "seller_id": "s1",
    "captured_at": "2026-03-01T10:00:00Z",
}


def file_of(*rows: dict[str, str], name: str = "bazaar.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(json.dumps(row) for row in rows).encode())


def send(client, *rows: dict[str, str], **more: object):
    return client.post("/listings/import/", {"file": file_of(*rows), "marketplace": "Bazaar", **more})


@pytest.fixture
def page(browser, officer):
    return browser(officer)


def test_a_file_waits_then_is_read_and_its_bad_rows_are_named_with_a_mend(page, look, work):
    answer = send(page, GOOD, GOOD | {"id": "a2", "price": "NaN"}, GOOD | {"id": "a3", "currency": "=ABC"})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    waiting = look(page.get(address).content).css_first("#progress")
    assert waiting.attributes["hx-trigger"] == "every 2s"
    assert "Waits for a worker" in waiting.text()
    work()
    tree = look(page.get(address).content)
    assert "hx-trigger" not in tree.css_first("#progress").attributes
    rows = [[cell.text().strip() for cell in row.css("td")] for row in tree.css("tbody tr")]
    assert {row[0] for row in rows} == {"2", "3"}
    assert all(row[2] and row[3] for row in rows)
    figures = {f.css_first("dt").text(): f.css_first("dd").text() for f in tree.css(".figure")}
    assert int(figures["Rows kept"]) >= 1
    assert figures["Problems"] == "2"


def test_the_progress_alone_is_sent_to_the_page_that_asks_for_it(page):
    address = send(page, GOOD).headers["Location"]
    part = page.get(f"{address}?part=progress", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="progress"')
    assert page.get(f"{address}?part=progress").content.decode().lstrip().startswith("<!DOCTYPE html>")


def test_no_cell_of_the_download_can_act_as_a_formula(page, work):
    address = send(page, GOOD | {"price": '=HYPERLINK("http://evil")'}, GOOD | {"id": "b", "currency": "@SUM"}).headers[
        "Location"
    ]
    work()
    answer = page.get(f"{address}problems.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    cells = [cell for row in csv.reader(io.StringIO(answer.content.decode())) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@%|\t\r")]


def test_the_form_comes_back_with_what_is_wrong(page, look):
    answer = page.post("/listings/import/", {"marketplace": "Bazaar"})
    assert answer.status_code == 422
    assert "Not saved yet" in look(answer.content).css_first("[role=alert]").text()
    answer = send(page, GOOD, language="not a language!")
    assert answer.status_code == 422
    assert look(answer.content).css_first("#id_marketplace").attributes["value"] == "Bazaar"
    answer = send(page, GOOD, pictures=SimpleUploadedFile("p.zip", b"PK no archive"))
    assert answer.status_code == 422
    assert look(answer.content).css_first("#id_pictures_error") is not None


def test_a_file_that_is_no_listing_fails_with_its_reason(page, look, work):
    answer = page.post("/listings/import/", {"file": SimpleUploadedFile("a.parquet", b"\x00" * 400)})
    work()
    tree = look(page.get(answer.headers["Location"]).content)
    assert "Failed" in tree.css_first("#progress-title").text()
    assert tree.css_first(".tone-failed.notice") is not None


def test_an_import_that_waits_can_be_stopped(page, officer, work):
    address = send(page, GOOD).headers["Location"]
    assert page.post(f"{address}cancel/").status_code == 303
    work()
    assert not selectors.any_listing(officer)


def test_what_the_file_quotes_is_not_shown_to_those_who_may_not_see_personal_data(page, browser, reader, work):
    address = send(page, GOOD | {"price": "call Mira Vale"}).headers["Location"]
    work()
    assert "Mira Vale" in page.get(address).content.decode()
    assert "Mira Vale" not in browser(reader).get(address).content.decode()
    assert "Mira Vale" not in browser(reader).get(f"{address}problems.csv").content.decode()

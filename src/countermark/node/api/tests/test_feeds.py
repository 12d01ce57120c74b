"""MISP feed and tables: files that tools fetch by their names."""

import csv
import hashlib
import io

import pytest

from countermark.node.exchange.facades.factories import make_token, share_finding, share_listing, withdraw


@pytest.fixture
def base(collection) -> str:
    return f"/misp/{collection.split('/')[-2]}"


def table(tool, collection, name, **other):
    answer = tool(f"/csv/{collection.split('/')[-2]}/{name}.csv", accept="text/csv", **other)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def event(tool, base):
    (uuid,) = tool(f"{base}/manifest.json").json()
    return tool(f"{base}/{uuid}.json").json()["Event"]


def test_the_manifest_names_events_that_are_there(sharing, tool, base):
    share_listing(sharing.brand, 1)
    manifest = tool(f"{base}/manifest.json").json()
    ((uuid, head),) = manifest.items()
    assert {"info", "date", "timestamp", "analysis", "threat_level_id", "Orgc", "Tag"} == set(head)
    found = tool(f"{base}/{uuid}.json").json()["Event"]
    assert found["uuid"] == uuid
    assert found["timestamp"] == head["timestamp"]
    assert tool(f"{base}/events/{uuid}.json").json()["Event"] == found


def test_attributes_have_types_that_misp_knows(sharing, tool, base):
    share_listing(sharing.brand, 1, picture_hashes=["a" * 64, "b" * 64])
    share_finding(sharing.brand, 1)
    found = {(one["type"], one["value"]) for one in event(tool, base)["Attribute"]}
    assert ("url", "https://bazaar.example/item/1") in found
    assert ("sha256", "b" * 64) in found
    assert ("float", "0.930000") in found
    assert not any(one["to_ids"] for one in event(tool, base)["Attribute"])


def test_ids_stay_and_a_correction_moves_the_event(sharing, tool, base):
    share_listing(sharing.brand, 1)
    before = event(tool, base)
    share_listing(sharing.brand, 1, title="Corrected")
    after = event(tool, base)
    assert {one["uuid"] for one in before["Attribute"]} <= {one["uuid"] for one in after["Attribute"]}
    assert int(after["timestamp"]) >= int(before["timestamp"])


def test_what_was_taken_back_is_told_as_deleted_without_its_value(sharing, tool, base):
    share_listing(sharing.brand, 1)
    before = event(tool, base)["Attribute"]
    withdraw(sharing.brand, "lst_1")
    after = {one["uuid"]: one for one in event(tool, base)["Attribute"]}
    assert all(after[one["uuid"]]["deleted"] for one in before)
    assert {one["value"] for one in after.values()} == {"withdrawn"}


def test_hashes_correlate_values_with_events(sharing, tool, base):
    share_listing(sharing.brand, 1)
    (uuid,) = tool(f"{base}/manifest.json").json()
    lines = b"".join(tool(f"{base}/hashes.csv").streaming_content).decode().splitlines()
    digest = hashlib.md5(b"https://bazaar.example/item/1", usedforsecurity=False).hexdigest()
    assert f"{digest},{uuid}" in lines


def test_personal_data_and_account_numbers_stay_at_home(sharing, tool, base):
    share_listing(sharing.market, 1, seller_name="Mireille Exemple", seller_phone="+33 1 99 00 12 34")
    sharing.pull(sharing.brand)
    assert "Mireille" not in tool(f"{base}/{event(tool, base)['uuid']}.json").content.decode()
    named = event(lambda path: tool(path, token=make_token(sharing.brand, personal=True)), base)
    assert ("phone-number", "+33 1 99 00 12 34") in {(one["type"], one["value"]) for one in named["Attribute"]}
    assert named["Tag"] == [{"name": "tlp:red"}]


def test_an_event_that_is_not_there_is_not_there(tool, base):
    answer = tool(f"{base}/00000000-0000-4000-8000-000000000000.json")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "%", "|", "\t=", " =", "＝"])
def test_a_title_never_calculates_in_a_spreadsheet(sharing, tool, collection, start):
    share_listing(sharing.brand, 1, title=f"{start}HYPERLINK(1)", picture_hashes=[f"{start}A1", "b"])
    (row,) = table(tool, collection, "listings")
    for cell in row.values():
        assert cell.lstrip(" ")[:1] not in set("=+-@%|\t\r＝")
    assert "HYPERLINK" in row["title"]


def test_tables_say_what_was_withdrawn_and_keep_its_row(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    share_listing(sharing.brand, 2)
    share_finding(sharing.brand, 1)
    withdraw(sharing.brand, "lst_1")
    rows = {row["subject"]: row for row in table(tool, collection, "listings")}
    assert rows["lst_1"]["withdrawn"] == "yes"
    assert rows["lst_1"]["title"] == ""
    assert rows["lst_2"]["title"] == "Quilted bag 2"
    (finding,) = table(tool, collection, "findings")
    assert finding["level"] == "high"
    kinds = [row["type"] for row in table(tool, collection, "entries")]
    assert kinds[-4:] == ["listing.shared", "listing.shared", "finding.shared", "withdrawn"]


def test_a_table_without_rows_has_its_columns(tool, collection):
    answer = tool(f"/csv/{collection.split('/')[-2]}/findings.csv")
    assert b"".join(answer.streaming_content).decode().startswith("publisher,subject,changed_at,withdrawn,")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_there_are_three_tables(tool, collection):
    assert tool(f"/csv/{collection.split('/')[-2]}/people.csv").status_code == 404

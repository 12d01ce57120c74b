"""TAXII 2.1 as its specification has it; sections in the names of the constants are of that text."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from countermark.node.api.tests.conftest import TAXII
from countermark.node.exchange.facades.factories import make_token, share_finding, share_listing, withdraw
from countermark.node.exchange.models import FeedEntry, Placed
from countermark.node.kernel import time as kernel_time


def read_all(tool, collection, limit=3, **query):
    """Follow `next` to the end, as a client does; gives the pages."""
    pages: list[list[dict[str, object]]] = []
    following: dict[str, str] = {}
    while True:
        page = tool(f"{collection}objects/", limit=limit, **following, **query).json()
        pages.append(page.get("objects", []))
        if not page.get("more"):
            assert "next" not in page
            return pages
        following = {"next": page["next"]}
        assert len(pages) < 200, "the pages never end"


def ids(pages):
    return [one["id"] for page in pages for one in page]


def test_discovery_names_the_root_and_the_root_names_its_version(tool):
    found = tool("/taxii2/")
    assert found.headers["Content-Type"] == TAXII
    root = found.json()["default"]
    assert root in found.json()["api_roots"]
    said = tool(root.removeprefix("http://testserver")).json()
    assert said["versions"] == [TAXII]
    assert said["max_content_length"] > 0


def test_a_collection_is_read_and_never_written(tool, collection):
    said = tool(collection).json()
    assert (said["can_read"], said["can_write"]) == (True, False)
    assert said["media_types"] == ["application/stix+json;version=2.1"]
    token = {"Authorization": f"Bearer {'x'}"}
    assert Client().post(f"{collection}objects/", headers=token).status_code == 401


def test_writing_with_a_good_token_is_refused(sharing, collection):
    headers = {"Authorization": f"Bearer {make_token(sharing.brand)}"}
    assert Client().post(f"{collection}objects/", {}, headers=headers).status_code == 403
    assert Client().delete(f"{collection}objects/x/", headers=headers).status_code == 403
    assert Client().put(f"{collection}objects/", headers=headers).status_code == 405


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TAXII, 200),
        ("application/taxii+json", 200),
        ("*/*", 200),
        ('text/html, application/taxii+json; version="2.1"', 200),
        ("application/taxii+json;version=2.0", 406),
        ("text/html", 406),
        ("", 406),
    ],
)
def test_a_client_says_what_it_takes(tool, accept, status):
    assert tool("/taxii2/", accept=accept).status_code == status


def test_pages_hold_everything_once_in_the_order_in_which_it_was_added(sharing, tool, collection):
    for number in range(7):
        share_listing(sharing.brand, number)
    pages = read_all(tool, collection)
    assert all(len(page) == 3 for page in pages[:-1])
    whole = ids(read_all(tool, collection, limit=500))
    assert ids(pages) == whole
    assert len(set(whole)) == len(whole)


def test_what_is_added_while_a_client_reads_is_on_a_later_page(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    first = tool(f"{collection}objects/", limit=5).json()
    share_listing(sharing.brand, 2)
    rest = tool(f"{collection}objects/", limit=500, next=first["next"]).json()
    got = [one["id"] for one in first["objects"] + rest["objects"]]
    assert got == ids(read_all(tool, collection, limit=500))


def test_objects_of_one_moment_are_not_lost_between_two_pages(sharing, tool, collection, clock):
    """OpenCTI's fault of sorting by a time that several objects share cannot be: each has a moment of its own."""
    for number in range(6):
        share_listing(sharing.brand, number)
    assert FeedEntry.objects.filter(type="listing.shared").values("recorded_at").distinct().count() == 1
    whole = ids(read_all(tool, collection, limit=500))
    moments = list(Placed.objects.order_by("place").values_list("added_at", flat=True))
    assert moments == sorted(set(moments))
    got: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = tool(f"{collection}objects/", limit=1, **after)
        got += [one["id"] for one in answer.json().get("objects", [])]
        if not answer.json().get("more"):
            break
        after = {"added_after": answer.headers["X-TAXII-Date-Added-Last"]}
    assert got == whole


def test_a_client_that_goes_on_from_the_last_moment_never_ends_in_a_circle(sharing, tool, collection, clock):
    """The endless loop of clients that ask again from the last moment: the end is an answer with nothing in it."""
    share_listing(sharing.brand, 1)
    last = tool(f"{collection}objects/", limit=500).headers["X-TAXII-Date-Added-Last"]
    again = tool(f"{collection}objects/", added_after=last)
    assert again.json() == {}
    assert "X-TAXII-Date-Added-Last" not in again.headers
    share_listing(sharing.brand, 2)
    assert len(tool(f"{collection}objects/", added_after=last).json()["objects"]) == 3


def test_a_clock_that_goes_back_loses_nothing(sharing, tool, collection, clock):
    share_listing(sharing.brand, 1)
    last = tool(f"{collection}objects/", limit=500).headers["X-TAXII-Date-Added-Last"]
    clock.forward(hours=-3)
    share_listing(sharing.brand, 2)
    assert len(tool(f"{collection}objects/", added_after=last).json()["objects"]) == 3


def test_an_entry_that_was_stored_earlier_but_seen_later_is_not_lost(sharing, tool, collection):
    """Two feeds are written side by side: one entry's time may lie before a page that was read already."""
    early = kernel_time.now() - timedelta(seconds=20)
    share_listing(sharing.brand, 1)
    last = tool(f"{collection}objects/", limit=500).headers["X-TAXII-Date-Added-Last"]
    share_listing(sharing.market, 2)
    kernel_time.set_clock(lambda: early)
    try:
        sharing.pull(sharing.brand)
        found = tool(f"{collection}objects/", added_after=last).json()["objects"]
    finally:
        kernel_time.set_clock(None)
    assert any(one.get("name") == "Quilted bag 2" for one in found)


def test_the_headers_name_the_first_and_last_moment_of_a_page(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    answer = tool(f"{collection}manifest/", limit=4)
    moments = [one["date_added"] for one in answer.json()["objects"]]
    assert answer.headers["X-TAXII-Date-Added-First"] == moments[0]
    assert answer.headers["X-TAXII-Date-Added-Last"] == moments[-1]
    assert all(datetime.fromisoformat(one).tzinfo for one in moments)


def test_the_manifest_names_what_the_objects_are(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    share_finding(sharing.brand, 1)
    listed = tool(f"{collection}manifest/", limit=500).json()["objects"]
    found = tool(f"{collection}objects/", limit=500).json()["objects"]
    assert [one["id"] for one in listed] == [one["id"] for one in found]
    for entry, one in zip(listed, found, strict=True):
        assert set(entry) == {"id", "date_added", "version", "media_type"}
        if "modified" in one or "created" in one:
            assert entry["version"] == one.get("modified", one.get("created"))


def test_without_a_version_the_last_one_is_given(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    share_listing(sharing.brand, 1, title="Corrected")
    withdraw(sharing.brand, "lst_1")
    (one,) = tool(f"{collection}objects/", **{"match[type]": "infrastructure"}).json()["objects"]
    assert one["revoked"]
    address = f"{collection}objects/{one['id']}/"
    versions = tool(f"{address}versions/").json()["versions"]
    assert len(versions) == 3
    assert versions[-1] == one["modified"]
    ask = "match[version]"
    assert [o["modified"] for o in tool(address, **{ask: "first"}).json()["objects"]] == versions[:1]
    assert [o["modified"] for o in tool(address, **{ask: "all"}).json()["objects"]] == versions
    assert [o["modified"] for o in tool(address, **{ask: f"{versions[1]},last"}).json()["objects"]] == versions[1:]


def test_filters_hold_together(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    found = tool(f"{collection}objects/", **{"match[type]": "url,infrastructure"}).json()["objects"]
    assert {one["type"] for one in found} == {"url", "infrastructure"}
    one = found[0]["id"]
    assert len(tool(f"{collection}objects/", **{"match[id]": one}).json()["objects"]) == 1
    assert tool(f"{collection}objects/", **{"match[spec_version]": "2.0"}).json() == {}
    assert tool(f"{collection}objects/", **{"match[spec_version]": "2.0,2.1", "match[id]": one}).json()["objects"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "x"},
        {"limit": "9" * 30},
        {"next": "1 OR 1=1"},
        {"next": "٣"},
        {"next": ""},
        {"added_after": "yesterday"},
        {"added_after": "2026-13-01T00:00:00Z"},
        {"added_after": "2026-03-01T00:00:00+01:00"},
        {"match[version]": "newest"},
        {"match[id]": "x" * 500},
        {"match[type]": ",".join(["a"] * 500)},
        {"match[type]": "a\0b"},
    ],
)
def test_a_bad_question_is_told_so_in_the_words_of_the_specification(tool, collection, query):
    answer = tool(f"{collection}objects/", **query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == TAXII
    assert answer.json()["http_status"] == "400"
    assert answer.json()["title"]


@pytest.mark.parametrize(
    "path", ["collections/x/", "collections/00000000-0000-4000-8000-000000000000/objects/", "status/1/"]
)
def test_what_is_not_there_is_not_there(tool, path):
    assert tool(f"/taxii2/root/{path}").status_code == 404


def test_an_object_that_is_not_there_is_not_there(tool, collection):
    assert tool(f"{collection}objects/note--00000000-0000-4000-8000-000000000000/").status_code == 404
    assert tool(f"{collection}objects/x/versions/").status_code == 404


def test_a_limit_above_ours_gives_ours(sharing, tool, collection):
    share_listing(sharing.brand, 1)
    assert len(tool(f"{collection}objects/", limit=100_000).json()["objects"]) == 11


def test_the_other_side_reads_its_own_collection_only(sharing, tool, collection):
    assert tool(collection, token=make_token(sharing.market)).status_code == 404

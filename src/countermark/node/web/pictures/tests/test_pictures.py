"""Pictures of strangers are served as copies that can do nothing."""

import pytest

from countermark.node.evidence.factories import make_capture, picture_bytes


@pytest.fixture
def address(member):
    return f"/pictures/{make_capture(member).public_id}/"


@pytest.mark.parametrize("size", ["thumb", "full", "nonsense"])
def test_a_picture_is_a_copy_in_a_sandbox(browser, member, address, size):
    answer = browser(member).get(f"{address}?size={size}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"\xff\xd8")
    assert answer.content != picture_bytes()


def test_a_picture_that_the_browser_has_is_not_sent_again(browser, member, address):
    client = browser(member)
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_picture_is_not_cached_for_someone_who_may_not_see_it(browser, stranger, address):
    answer = browser(stranger).get(address, headers={"If-None-Match": '"anything"'})
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["cap_unknown", "..", "cap_" + "0" * 26])
def test_no_other_name_is_a_picture(browser, member, name):
    assert browser(member).get(f"/pictures/{name}/").status_code == 404

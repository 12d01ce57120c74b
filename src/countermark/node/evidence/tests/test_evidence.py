"""From a page to a bag that a stranger verifies: captured apart, sealed, stamped, kept, exported."""

import hashlib
import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from warcio.archiveiterator import ArchiveIterator

from countermark.node.evidence import bagging, checking, collecting, custody, isolating, retaining, viewing
from countermark.node.evidence.capturing.orders import CaptureRecord
from countermark.node.evidence.models import CustodyEvent, Evidence
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.proof import standalone_file, verify_bag
from countermark.proof.tests.authority import Authority, served
from countermark.proof.timestamps import read_authorities

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def counsel() -> Member:
    return make_member(role=Role.COUNSEL)


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolating, "browser", lambda: "")


def captured(member: Member, path: str = "/offer") -> str:
    with shop(pages()) as address:
        return collecting.capture_now(member, address + path)


@pytest.mark.usefixtures("no_browser")
def test_a_page_becomes_a_bag_that_a_stranger_verifies(counsel, authority, settings, tmp_path: Path) -> None:
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        evidence_id = captured(counsel, "/moved")
        assert checking.check_evidence(counsel, evidence_id).holds
        with (tmp_path / "bag.zip").open("wb") as out:
            assert bagging.export_bag(counsel, evidence_id, out) == f"{evidence_id}.zip"
    report = verify_bag(tmp_path / "bag.zip", authorities=[read_authorities(authority.pem)])
    assert report.holds, report.failure
    assert {"proof/seal.json.stamp-1.tsr", "proof/custody.jsonl.stamp-1.tsr"} <= {c.part for c in report.checks}
    command = [sys.executable, "-I", str(standalone_file()), str(tmp_path / "bag.zip")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    actions = [one.action for one in viewing.evidence(counsel, evidence_id).custody]
    assert actions == ["asked", "captured", "sealed", "stamped", "checked", "exported"]


@pytest.mark.usefixtures("no_browser")
def test_the_recording_holds_redirects_pages_and_pictures_as_they_came(counsel) -> None:
    evidence_id = captured(counsel, "/moved")
    files = {one.name: one for one in viewing.evidence(counsel, evidence_id).files}
    assert {"page.html", "capture.json", "pictures/01.jpg", "pictures/03.jpg"} <= set(files)
    warc = viewing.open_file(counsel, evidence_id, files["page.warc.gz"].sha256).data
    record = msgspec.json.decode(
        viewing.open_file(counsel, evidence_id, files["capture.json"].sha256).data, type=CaptureRecord
    )
    around = record.surroundings
    assert around is not None
    assert around.taken <= record.fetches[0].began
    assert (around.profile_is_new, around.files_left, around.own_addresses) == (True, 0, ("127.0.0.1",))
    assert set(around.variables) == {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    answers = [one for one in ArchiveIterator(io.BytesIO(warc), check_digests="raise") if one.rec_type == "response"]
    assert [one.http_headers.get_statuscode() for one in answers] == ["302", "200", "200", "200", "200", "200"]
    assert viewing.open_file(counsel, evidence_id, files["pictures/01.jpg"].sha256).data == pages()["/p0.jpg"][1]
    assert [one.action for one in viewing.evidence(counsel, evidence_id).custody][-3:] == ["opened"] * 3


@pytest.mark.usefixtures("no_browser")
@pytest.mark.parametrize(
    ("path", "said"),
    [("/moved-in", "private network"), ("/moved-round", "leads on and on")],
)
def test_a_page_that_leads_into_the_house_or_in_circles_is_not_captured(counsel, path: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        captured(counsel, path)
    assert Evidence.objects.get().state == "failed"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.example/", "javascript:alert(1)", "http://a:b@x.example/", "x"]
)
def test_other_addresses_are_refused_at_once(counsel, url: str) -> None:
    with pytest.raises(Invalid):
        collecting.request_capture(counsel, url)


def test_the_capturing_process_has_no_secret_in_its_environment(monkeypatch) -> None:
    monkeypatch.setenv("COUNTERMARK_SECRET_KEY", "not to be seen")
    seen = {}

    class Stopped(Exception):
        pass

    def popen(*_: object, env: dict[str, str], **__: object) -> None:
        seen.update(env)
        raise Stopped

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(Stopped), isolating.captured("http://127.0.0.1/"):
        pass
    assert set(seen) == {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


@pytest.mark.usefixtures("no_browser")
def test_a_changed_file_in_the_store_is_found_and_not_exported(counsel) -> None:
    evidence_id = captured(counsel)
    file = viewing.evidence(counsel, evidence_id).files[1]
    path = store().evidence_path(file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"another page")
    report = checking.check_evidence(counsel, evidence_id)
    assert report.failure is not None
    assert file.name in report.failure.words
    with pytest.raises(Conflict):
        bagging.export_bag(counsel, evidence_id, io.BytesIO())
    path.unlink()


@pytest.mark.usefixtures("no_browser")
def test_custody_is_not_rewritten_and_a_rewriting_behind_our_back_is_found(counsel) -> None:
    evidence_id = captured(counsel)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_custodyevent SET line = 'x'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_custodyevent")
    row = Evidence.objects.get(public_id=evidence_id)
    last = CustodyEvent.objects.filter(evidence=row).latest("seq")
    # A row that somebody slips in past the service, with a true hash of its own but no place in the chain.
    line = last.line.replace('"sealed"', '"nothing"')
    CustodyEvent(evidence=row, seq=last.seq + 1, line=line, digest="0" * 64).save()
    report = checking.check_evidence(counsel, evidence_id)
    assert report.failure is not None
    assert report.failure.code == "broken-custody"


@pytest.mark.usefixtures("no_browser")
def test_an_authority_that_is_away_is_asked_again(counsel, authority, settings) -> None:
    settings.TIMESTAMP_AUTHORITIES = (("http://127.0.0.1:9/", authority.pem),)
    evidence_id = captured(counsel)
    report = checking.check_evidence(counsel, evidence_id)
    assert report.holds
    assert any("127.0.0.1:9" in words for words in report.not_shown)
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        assert not any("127.0.0.1" in words for words in checking.check_evidence(counsel, evidence_id).not_shown)
    assert len(viewing.evidence(counsel, evidence_id).stamps) == 1


@pytest.mark.usefixtures("no_browser")
def test_two_unrelated_authorities_stamp_the_same_seal(counsel, authority, settings, tmp_path: Path) -> None:
    other = Authority.made(tmp_path / "other", "Stamps of Another")
    with served(authority) as one, served(other) as two, (tmp_path / "bag.zip").open("wb") as out:
        settings.TIMESTAMP_AUTHORITIES = ((one, authority.pem), (two, other.pem))
        evidence_id = captured(counsel)
        bagging.export_bag(counsel, evidence_id, out)
    assert len({stamp.authority for stamp in viewing.evidence(counsel, evidence_id).stamps}) == 2
    known = [read_authorities(pem) for pem in (authority.pem, other.pem)]
    report = verify_bag(tmp_path / "bag.zip", authorities=known)
    assert report.holds, report.failure
    assert {f"proof/seal.json.stamp-{n}.tsr" for n in (1, 2)} <= {check.part for check in report.checks}
    assert not verify_bag(tmp_path / "bag.zip", authorities=known[:1]).holds


@pytest.mark.usefixtures("no_browser")
def test_an_authority_that_is_not_pinned_is_not_believed(counsel, authority, settings, tmp_path: Path) -> None:
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, Authority.made(tmp_path / "other").pem),)
        evidence_id = captured(counsel)
    assert not viewing.evidence(counsel, evidence_id).stamps


@pytest.mark.usefixtures("no_browser")
def test_what_is_held_is_kept_and_what_is_over_goes(counsel) -> None:
    evidence_id = captured(counsel)
    over = (now() + timedelta(days=5 * 366)).date()
    with pytest.raises(Invalid):
        retaining.hold(counsel, evidence_id, " ")
    retaining.hold(counsel, evidence_id, "case 17")
    assert retaining.delete_due(over) == 0
    retaining.release(counsel, evidence_id, "case 17 is closed")
    assert retaining.delete_due(now().date()) == 0
    assert retaining.delete_due(over) == 1
    with pytest.raises(Conflict):
        checking.check_evidence(counsel, evidence_id)
    shown = viewing.evidence(counsel, evidence_id)
    assert shown.seal
    assert not store().evidence_path(shown.files[0].sha256).exists()
    assert [one.action for one in shown.custody][-3:] == ["held", "released", "deleted"]
    receipt = json.loads(retaining.receipt(counsel, evidence_id))
    assert {one["name"]: one["bytes"] for one in receipt["files"]}["page.html"] == "deleted"
    assert shown.custody[-1].detail["receipt"] == hashlib.sha256(retaining.receipt(counsel, evidence_id)).hexdigest()


@pytest.mark.usefixtures("no_browser")
def test_nobody_else_sees_it_and_not_everybody_exports(counsel) -> None:
    evidence_id = captured(counsel)
    with pytest.raises(NotFound):
        viewing.evidence(make_member(role=Role.COUNSEL), evidence_id)
    with pytest.raises(NotPermitted):
        bagging.export_bag(make_member(role=Role.ANALYST), evidence_id, io.BytesIO())
    with pytest.raises(NotPermitted):
        collecting.request_capture(make_member(role=Role.READER), "http://x.example/")


def test_lines_of_custody_hang_together(counsel) -> None:
    row = Evidence.objects.get(public_id=collecting.request_capture(counsel, "http://x.example/"))
    second = custody.add(row, "system", "looked")
    assert second.prev == custody.lines_of(row)[0].digest


@pytest.mark.skipif(not isolating.browser(), reason="no browser on this machine")
def test_a_browser_without_a_network_draws_the_page_from_the_recording(counsel) -> None:
    evidence_id = captured(counsel)
    shown = viewing.evidence(counsel, evidence_id)
    files = {one.name: one for one in shown.files}
    assert "screenshot.png" in files, viewing.open_file(
        counsel, evidence_id, files["capture.json"].sha256
    ).data.decode()
    png = viewing.open_file(counsel, evidence_id, files["screenshot.png"].sha256).data
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 1280

"""A paper for a court: made once, in the reader's letters, signed and stamped, in the bag and in custody."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction

from countermark.node.evidence import bagging, checking, collecting, isolating, viewing
from countermark.node.evidence.exhibits.making import Hand, make_exhibit, open_exhibit
from countermark.node.evidence.exhibits.rendering import can_draw
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.proof import PrivateKey, standalone_file, verify_bag
from countermark.proof.pades.checking import check_pdf
from countermark.proof.tests.authority import Authority, served
from countermark.proof.timestamps import read_authorities

pytestmark = [
    pytest.mark.skipif(not can_draw(), reason="Pango is not installed on this machine"),
    pytest.mark.django_db,
    pytest.mark.enable_socket,
]
KEY = PrivateKey.generate()


def hand() -> Hand:
    return Hand(KEY, datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


@pytest.fixture
def counsel() -> Member:
    return make_member(role=Role.COUNSEL)


@pytest.fixture
def evidence_id(counsel: Member, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(isolating, "browser", lambda: "")
    with shop(pages()) as address:
        return collecting.capture_now(counsel, f"{address}/moved")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_an_exhibit_is_read_stamped_bagged_and_never_made_again(
    counsel, evidence_id, authority, settings, tmp_path: Path
) -> None:
    with served(authority) as url:
        # The first is away: the second stamps, seal and paper alike.
        settings.TIMESTAMP_AUTHORITIES = (("http://127.0.0.1:9/", authority.pem), (url, authority.pem))
        paper = make_exhibit(counsel, evidence_id, "zh", hand)
        with (tmp_path / "bag.zip").open("wb") as out:
            bagging.export_bag(counsel, evidence_id, out)
    data = open_exhibit(counsel, evidence_id, paper.name).data
    said = text_of(data)
    for words in ("证据展示件", "封印的 SHA-256", "网页标题", "最迟存在于", evidence_id, KEY.public.kid[:20]):
        assert words in said, words
    seal = check_pdf(data, [read_authorities(authority.pem)])
    assert (seal.key, seal.authority) == (KEY.public, "Stamps of the Test 1")
    again = make_exhibit(counsel, evidence_id, "zh", lambda: pytest.fail("it was made again"))
    assert again.sha256 == paper.sha256
    report = verify_bag(tmp_path / "bag.zip", authorities=[read_authorities(authority.pem)])
    assert report.holds, report.failure
    (found,) = [one for one in report.checks if one.part == "exhibit/exhibit-zh.pdf"]
    assert KEY.public.kid in found.words
    assert KEY.public.spoken in report.fingerprints.values()
    with zipfile.ZipFile(tmp_path / "bag.zip") as archive:
        assert archive.read("exhibit/exhibit-zh.pdf") == data
    done = subprocess.run(
        [sys.executable, "-I", str(standalone_file()), str(tmp_path / "bag.zip")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "custody names exhibit/exhibit-zh.pdf" in done.stdout


def test_without_an_authority_the_exhibit_says_so_and_lies_in_custody(counsel, evidence_id) -> None:
    paper = make_exhibit(counsel, evidence_id, "fr", hand)
    data = open_exhibit(counsel, evidence_id, paper.name).data
    assert check_pdf(data).stamped is None
    said = text_of(data)
    assert "Aucune autorité n’a horodaté le scellé" in said
    assert "Scellé et horodatages" in said
    lines = viewing.evidence(counsel, evidence_id).custody
    assert [one.detail.get("sha256") for one in lines if one.action == "exhibit"] == [paper.sha256]
    assert lines[-1].detail == {"file": "exhibit-fr.pdf"}
    assert checking.check_evidence(counsel, evidence_id).holds
    with pytest.raises(Invalid):
        make_exhibit(counsel, evidence_id, "xx", hand)
    analyst = make_member(role=Role.ANALYST)
    for ask in (
        lambda: make_exhibit(analyst, evidence_id, "fr", hand),
        lambda: open_exhibit(analyst, evidence_id, "x"),
    ):
        with pytest.raises(NotPermitted):
            ask()


def test_a_paper_that_was_changed_in_the_store_is_found_and_not_given_out(counsel, evidence_id) -> None:
    paper = make_exhibit(counsel, evidence_id, "en", hand)
    path = store().evidence_path(paper.sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 another")
    for out in (
        lambda: open_exhibit(counsel, evidence_id, paper.name),
        lambda: bagging.export_bag(counsel, evidence_id, io.BytesIO()),
    ):
        with pytest.raises(Conflict, match="no longer what was made"):
            out()
    failure = checking.check_evidence(counsel, evidence_id).failure
    assert failure is not None
    assert failure.code == "exhibit-unknown"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_exhibit SET sha256 = 'x'")
    path.unlink()

"""The paper of a test purchase: made once for each act, in the reader's letters, in the bag and in the chain."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.db import IntegrityError, connection, transaction

from countermark.node.evidence import retaining
from countermark.node.evidence.exhibits import making
from countermark.node.evidence.exhibits.facts import LANGUAGES
from countermark.node.evidence.exhibits.fonts import drawable
from countermark.node.evidence.exhibits.making import Hand
from countermark.node.evidence.exhibits.rendering import can_draw
from countermark.node.evidence.models import PurchaseExhibit
from countermark.node.evidence.purchases import bagging, checking, papers, viewing
from countermark.node.evidence.purchases.acts import Act, Stage
from countermark.node.evidence.purchases.fields import FIELDS
from countermark.node.evidence.purchases.paper_facts import Offer, purchase_words
from countermark.node.evidence.purchases.papers import make_purchase_exhibit, open_purchase_exhibit
from countermark.node.evidence.purchases.recording import CORRECTION, record
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.purchasing import WORDS, bought, box, done, upload
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.proof import PrivateKey, standalone_file, verify_bag
from countermark.proof.pades.checking import check_pdf
from countermark.proof.tests.authority import Authority, served
from countermark.proof.timestamps import read_authorities

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
draws = pytest.mark.skipif(not can_draw(), reason="Pango is not installed on this machine")
KEY = PrivateKey.generate()
OFFER = Offer("Cabas en cuir <b>Aurelle</b>", "Bazaar", "Sac & Cie", "https://bazaar.example/offer/7")


def hand() -> Hand:
    return Hand(KEY, datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


def nobody() -> Hand:
    return pytest.fail("it was made again")


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(said.split())


def bag_of(member, purchase_id: str, path: Path) -> Path:
    with path.open("wb") as out:
        bagging.export_purchase(member, purchase_id, out)
    return path


def alone(bag: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(standalone_file()), str(bag)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@draws
def test_a_paper_is_made_once_and_again_only_after_an_act(analyst, counsel):
    purchase_id = bought(analyst, Act.RECEIVE)
    first = make_purchase_exhibit(counsel, purchase_id, "fr", hand)
    open_purchase_exhibit(counsel, purchase_id, first.name)
    checking.check_purchase(counsel, purchase_id)
    assert make_purchase_exhibit(counsel, purchase_id, "fr", nobody).sha256 == first.sha256
    assert make_purchase_exhibit(counsel, purchase_id, "en", hand).name == "exhibit-en-0002.pdf"
    done(analyst, purchase_id, Act.OPEN)
    second = make_purchase_exhibit(counsel, purchase_id, "fr", hand)
    assert (first.seq, second.seq) == (2, viewing.purchase(counsel, purchase_id).steps[-2].seq)
    assert "Déballage" in text_of(open_purchase_exhibit(counsel, purchase_id, second.name).data)
    assert "Déballage" not in text_of(open_purchase_exhibit(counsel, purchase_id, first.name).data)
    shown = viewing.purchase(counsel, purchase_id)
    assert [one.name for one in shown.papers] == ["exhibit-fr-0002.pdf", "exhibit-en-0002.pdf", second.name]
    named = [dict(one.facts) for one in shown.steps if one.action == "exhibit"]
    assert named == [{"file": one.name, "sha256": one.sha256} for one in shown.papers]


@draws
def test_a_paper_shows_acts_corrections_seals_photographs_and_files(analyst, counsel):
    purchase_id = bought(analyst, Act.RECEIVE, Act.OPEN)
    heic = box(b"ftyp", b"heic\0\0\0\0heic") + box(b"meta") + box(b"mdat")
    done(analyst, purchase_id, Act.SEAL, [upload(heic, "seal.heic")])
    mended = WORDS[Act.RECEIVE] | {"by": "Jon Ek", CORRECTION: "The wrong name."}
    record(analyst, purchase_id, Act.CORRECT, mended, corrects=2)
    listing = viewing.purchase(counsel, purchase_id).row.listing_id
    paper = make_purchase_exhibit(counsel, purchase_id, "en", hand, {listing: OFFER}.get)
    data = open_purchase_exhibit(counsel, purchase_id, paper.name).data
    said, shown = text_of(data), viewing.purchase(counsel, purchase_id)
    words = (
        "Cabas en cuir <b>Aurelle</b>", "Sac & Cie · Bazaar", "Ana Roche Jon Ek (line 5)", "The wrong name.",
        "A-101 A-102", "A-101, A-102", "an agency", "One tote, one card.", "unpacking.mp4", "film · video/mp4",
        "not shown here", "seal.heic",
        "No authority has stamped a line", KEY.public.kid[:20],
    )  # fmt: skip
    for one in words:
        assert one in said, one
    plain = said.replace(" ", "")
    for step in shown.steps[:5]:
        assert step.digest in plain
        assert all(file.sha256 in plain for file in step.files)
    with pypdfium2.PdfDocument(data) as document:
        pictures = [one for page in document for one in page.get_objects() if one.type == 3]
    assert len(pictures) == 1
    assert b"\x2a" * 64 not in data


@draws
def test_a_bag_with_papers_is_verified_by_both_programs_and_a_flipped_byte_is_named(
    analyst, counsel, settings, tmp_path: Path
):
    authority = Authority.made(tmp_path / "authority")
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        purchase_id = bought(analyst, Act.RECEIVE)
        paper = make_purchase_exhibit(counsel, purchase_id, "zh", hand)
        bag = bag_of(counsel, purchase_id, tmp_path / "bag.zip")
    data = open_purchase_exhibit(counsel, purchase_id, paper.name).data
    said = text_of(data)
    for one in ("取证购买", "收到包裹", "发生时间", "CN=Stamps of the Test", "Ana Roche", purchase_id):
        assert one in said, one
    trusted = [read_authorities(authority.pem)]
    assert check_pdf(data, trusted).authority == "Stamps of the Test 1"
    report = verify_bag(bag, authorities=trusted)
    assert report.holds, report.failure
    (found,) = [one for one in report.checks if one.part == "exhibit/exhibit-zh-0002.pdf"]
    assert KEY.public.kid in found.words
    with zipfile.ZipFile(bag) as archive:
        assert archive.read("exhibit/exhibit-zh-0002.pdf") == data
        assert archive.read("exhibit/exhibit-zh-0002.pem") == authority.pem
    assert "custody names exhibit/exhibit-zh-0002.pdf" in alone(bag).stdout
    whole = bytearray(bag.read_bytes())
    whole[whole.index(data) + len(data) // 2] ^= 1
    bag.write_bytes(whole)
    failure = verify_bag(bag, authorities=trusted).failure
    assert failure is not None
    assert "exhibit/exhibit-zh-0002.pdf" in failure.words
    verdict = alone(bag)
    assert verdict.returncode == 1
    assert "exhibit/exhibit-zh-0002.pdf" in verdict.stdout


@draws
def test_a_paper_that_was_changed_in_the_store_is_found_and_its_row_is_not_rewritten(analyst, counsel):
    purchase_id = bought(analyst)
    paper = make_purchase_exhibit(counsel, purchase_id, "en", hand)
    for statement in ("UPDATE evidence_purchaseexhibit SET id = 99", "DELETE FROM evidence_purchaseexhibit"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    path = store().evidence_path(paper.sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 another")
    for out in (
        lambda: open_purchase_exhibit(counsel, purchase_id, paper.name),
        lambda: bagging.export_purchase(counsel, purchase_id, io.BytesIO()),
    ):
        with pytest.raises(Conflict, match="no longer what was made"):
            out()
    failure = checking.check_purchase(counsel, purchase_id).failure
    assert failure is not None
    assert failure.part == paper.name


@draws
def test_retention_takes_the_papers_too_and_nothing_is_made_afterwards(analyst, counsel):
    purchase_id = bought(analyst)
    paper = make_purchase_exhibit(counsel, purchase_id, "fr", hand)
    assert retaining.delete_due((now() + timedelta(days=11 * 366)).date()) == 1
    assert not [path for path in store().root.rglob("*") if path.is_file()]
    assert paper.sha256 in retaining.receipt(counsel, purchase_id).decode()
    for ask in (
        lambda: make_purchase_exhibit(counsel, purchase_id, "fr", nobody),
        lambda: open_purchase_exhibit(counsel, purchase_id, paper.name),
    ):
        with pytest.raises(Conflict, match="deleted"):
            ask()
    assert checking.check_purchase(counsel, purchase_id).holds


@draws
def test_of_two_made_at_once_the_first_counts_and_the_other_leaves_no_byte(analyst, counsel, monkeypatch):
    purchase_id = bought(analyst)
    first = make_purchase_exhibit(counsel, purchase_id, "fr", hand)
    before = {path.name for path in store().root.rglob("*") if path.is_file()}
    known = papers._known
    answers = iter([None])
    monkeypatch.setattr(papers, "_known", lambda *asked: next(answers, known(*asked)))
    assert make_purchase_exhibit(counsel, purchase_id, "fr", hand).sha256 == first.sha256
    assert {path.name for path in store().root.rglob("*") if path.is_file()} == before
    assert PurchaseExhibit.objects.count() == 1


def test_only_who_may_export_makes_one_and_of_what_is_whole(analyst, counsel, stranger):
    purchase_id = bought(analyst)
    for ask in (
        lambda: make_purchase_exhibit(analyst, purchase_id, "fr", hand),
        lambda: open_purchase_exhibit(analyst, purchase_id, "exhibit-fr-0001.pdf"),
    ):
        with pytest.raises(NotPermitted):
            ask()
    with pytest.raises((NotFound, NotPermitted)):
        make_purchase_exhibit(stranger, purchase_id, "fr", hand)
    with pytest.raises(NotFound):
        open_purchase_exhibit(counsel, purchase_id, "exhibit-fr-0001.pdf")
    with pytest.raises(Invalid, match="language"):
        make_purchase_exhibit(counsel, purchase_id, "de", hand)
    (file,) = [path for path in store().root.rglob("*") if path.is_file()]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace(b"BZ-7781", b"BZ-7782"))
    with pytest.raises(Conflict, match="line 1"):
        make_purchase_exhibit(counsel, purchase_id, "fr", nobody)
    assert viewing.purchase(counsel, purchase_id).papers == ()


def test_the_languages_have_words_for_every_act_field_and_choice():
    def shape(said: object) -> object:
        return {name: shape(one) for name, one in said.items()} if isinstance(said, dict) else type(said)

    assert shape(purchase_words("en")) == shape(purchase_words("fr")) == shape(purchase_words("zh"))
    asked = [one for fields in FIELDS.values() for one in fields]
    for language in LANGUAGES:
        said = purchase_words(language)
        assert drawable(str(said)) == str(said)
        assert set(said["fields"]) == {one.name for one in asked}
        assert set(said["choices"]) == {code for one in asked for code in one.choices}
        assert set(said["stages"]) == {stage.value for stage in Stage}
        assert {act.value for act in Act} | {making.MADE} < set(said["acts"])

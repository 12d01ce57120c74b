"""`countermark node capture` and `export-bag`, down to the bag that `countermark verify` checks."""

import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from countermark.cli.tests.conftest import Run
from countermark.model import Text
from countermark.node.evidence import collecting, isolating
from countermark.node.evidence.exhibits.rendering import can_draw
from countermark.node.evidence.models import CustodyEvent, Exhibit, ExportApproval
from countermark.node.evidence.tests.purchasing import bought
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.exchange.factories import KeysInMemory
from countermark.node.exchange.signing import set_keys
from countermark.node.listings.factories import make_listing
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture
def administrator(monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> Member:
    monkeypatch.setattr(isolating, "browser", lambda: "")
    settings.COUNTERMARK_STORE = tmp_path / "store"
    return make_member(Role.ADMINISTRATOR)


def test_a_listing_is_captured_exported_and_verified(run: Run, administrator: Member, tmp_path: Path):
    bag = tmp_path / "bag.zip"
    with shop(pages(1)) as address:
        listing = make_listing(administrator, url=f"{address}/offer")
        done = run("node", "capture", listing.core_id, "--retention", "case", "--json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["files"], said["timestamps"], len(said["seal"])) == (4, 0, 64)
    exported = run("node", "export-bag", said["evidence"], "--out", bag, "--json")
    assert json.loads(exported.stdout)["bytes"] == bag.stat().st_size
    checked = run("verify", bag, "--json")
    assert checked.exit_code == 0, checked.stdout
    assert administrator.actor in {
        json.loads(line)["actor"] for line in CustodyEvent.objects.values_list("line", flat=True)
    }
    assert run("node", "export-bag", said["evidence"], "--out", bag).exit_code == 3  # what is there is not overwritten


def test_a_purchase_is_exported_and_a_flipped_byte_is_pointed_to(run: Run, administrator: Member, tmp_path: Path):
    bag = tmp_path / "bag.zip"
    done = run("node", "export-bag", bought(administrator), "--out", bag)
    assert done.exit_code == 0, done.stderr
    assert run("verify", bag).exit_code == 0
    bag.write_bytes(bag.read_bytes().replace(b"BZ-7781", b"BZ-7782", 1))
    checked = run("verify", bag)
    assert checked.exit_code == 1
    assert "data/acts/0001-ordered.json" in checked.stdout


@pytest.mark.skipif(not can_draw(), reason="Pango is not installed on this machine")
def test_the_exhibit_of_a_purchase_lies_in_its_bag(run: Run, administrator: Member, tmp_path: Path):
    listing, bag = make_listing(administrator, title=Text("Cabas Aurelle")), tmp_path / "bag.zip"
    purchase_id = bought(administrator, listing=listing.core_id)
    KeysInMemory().use()
    try:
        done = run("node", "export-bag", purchase_id, "--out", bag, "--exhibit", "fr", "--exhibit", "zh")
    finally:
        set_keys(None)
    assert done.exit_code == 0, done.stderr
    with zipfile.ZipFile(bag) as archive:
        papers = [one for one in archive.namelist() if one.startswith("exhibit/")]
        paper = archive.read(papers[0])
    assert papers == ["exhibit/exhibit-fr-0001.pdf", "exhibit/exhibit-zh-0001.pdf"]
    with pypdfium2.PdfDocument(paper) as document:
        assert "Cabas Aurelle" in document[0].get_textpage().get_text_bounded()
    checked = run("verify", bag)
    assert checked.exit_code == 0, checked.stdout
    assert "exhibit/exhibit-zh-0001.pdf: Custody names it with this hash; key " in checked.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("capture", "file:///etc/passwd"), "http"),
        (("capture", "lst_00000000000000000000000000"), "There is no listing"),
        (("capture", "http://127.0.0.1/", "--retention", "for ever"), "routine or case"),
        (("export-bag", "evd_00000000000000000000000000"), "There is no evidence"),
        (("export-bag", "prc_00000000000000000000000000"), "There is no test purchase"),
        (("capture", "http://127.0.0.1/", "--as", "nobody@aurelle.example"), "member with that address"),
    ],
)
def test_what_cannot_be_done_says_why_and_leaves_no_file(
    run: Run, administrator: Member, tmp_path: Path, arguments, said
):
    more = ("--out", tmp_path / "bag.zip") if arguments[0] == "export-bag" else ()
    done = run("node", *arguments, *more)
    assert done.exit_code == 3
    assert said in done.stderr
    assert not (tmp_path / "bag.zip").exists()


PARIS = "Tribunal judiciaire de Paris"
APPROVE = (
    "--to-country", "FR", "--to", PARIS, "--authority", "Ministry of Justice", "--reference", "2026-17",
)  # fmt: skip


@pytest.fixture
def evidence_id(administrator: Member) -> str:
    with shop(pages(1)) as address:
        return collecting.capture_now(administrator, f"{address}/offer")


@pytest.mark.skipif(not can_draw(), reason="Pango is not installed on this machine")
def test_papers_are_made_once_and_lie_in_the_bag(run: Run, evidence_id: str, tmp_path: Path):
    asked = ("--exhibit", "fr", "--exhibit", "zh", "--pack", "eu", "--to-country", "fr", "--to", PARIS)
    KeysInMemory().use()
    try:
        done = run("node", "export-bag", evidence_id, "--out", tmp_path / "one.zip", *asked)
        assert done.exit_code == 0, done.stderr
        again = run("node", "export-bag", evidence_id, "--out", tmp_path / "two.zip", *asked)
        assert again.exit_code == 0, again.stderr
    finally:
        set_keys(None)
    papers = {}
    for name in ("one.zip", "two.zip"):
        with zipfile.ZipFile(tmp_path / name) as bag:
            papers[name] = {one: bag.read(one) for one in bag.namelist() if one.startswith("exhibit/")}
    assert papers["one.zip"] == papers["two.zip"]
    assert sorted(papers["one.zip"]) == [
        "exhibit/eu-token-report-fr.html",
        "exhibit/eu-token-report-zh.html",
        "exhibit/exhibit-fr.pdf",
        "exhibit/exhibit-zh.pdf",
    ]
    checked = run("verify", tmp_path / "two.zip")
    assert checked.exit_code == 0, checked.stdout
    assert "exhibit/exhibit-zh.pdf: Custody names it with this hash; key " in checked.stdout


def test_what_lies_in_china_leaves_only_with_an_approval_on_record(
    run: Run, evidence_id: str, settings, tmp_path: Path
):
    settings.COUNTERMARK_STORED_IN = "CN"
    bag, there = tmp_path / "bag.zip", ("--to-country", "fr", "--to", PARIS, "--persons-in-china", "3")
    refused = run("node", "export-bag", evidence_id, "--out", bag, "--pack", "us", *there)
    assert refused.exit_code == 3
    assert "Record the approval" in refused.stderr
    assert not bag.exists()
    approved = run("node", "approve-export", evidence_id, *APPROVE, "--on", "2026-03-02", "--json")
    assert approved.exit_code == 0, approved.stderr
    assert json.loads(approved.stdout)["recorded"] == "2026-17"
    elsewhere = run("node", "export-bag", evidence_id, "--out", bag, "--to-country", "us", "--to", PARIS)
    assert elsewhere.exit_code == 3
    done = run("node", "export-bag", evidence_id, "--out", bag, *there)
    assert done.exit_code == 0, done.stderr
    assert run("verify", bag).exit_code == 0
    counted = run("node", "approve-export", evidence_id, *APPROVE, "--on", "2026-03-02", "--json")
    said = json.loads(counted.stdout)
    assert (said["exports_this_year"], said["persons"], said["asks"]) == (1, 3, "free")


WRONG_OPTIONS: dict[tuple[str, ...], str] = {
    ("export-bag", "EVIDENCE", "--exhibit", "de"): "fr, zh or en",
    ("export-bag", "EVIDENCE", "--pack", "uk"): "cn, us or eu",
    ("export-bag", "EVIDENCE", "--to-country", "France"): "two letters",
    ("export-bag", "EVIDENCE", "--to-country", "FR", "--sensitive", "2"): "among the persons",
    ("export-bag", "prc_00000000000000000000000000", "--exhibit", "fr"): "There is no test purchase",
    ("export-bag", "prc_00000000000000000000000000", "--exhibit", "de"): "fr, zh or en",
    ("export-bag", "prc_00000000000000000000000000", "--pack", "cn"): "captured pages",
    ("export-bag", "prc_00000000000000000000000000", "--to", "A court"): "captured pages",
    ("approve-export", "EVIDENCE", *APPROVE): "Missing option",
    ("approve-export", "EVIDENCE", *APPROVE, "--on", "tomorrow"): "does not match",
    ("approve-export", "EVIDENCE", *APPROVE, "--on", "2100-01-01"): "these days cannot be",
    ("approve-export", "evd_00000000000000000000000000", *APPROVE, "--on", "2026-03-02"): "There is no evidence",
}


def test_a_wrong_option_is_explained_and_makes_neither_paper_nor_bag(run: Run, evidence_id: str, tmp_path: Path):
    bag = tmp_path / "bag.zip"
    for arguments, said in WRONG_OPTIONS.items():
        more = ("--out", bag) if arguments[0] == "export-bag" else ()
        done = run("node", *(evidence_id if one == "EVIDENCE" else one for one in arguments), *more)
        assert done.exit_code in {2, 3}, arguments
        assert said.lower() in " ".join(done.stderr.replace("│", " ").split()).lower(), (arguments, done.stderr)
        assert not bag.exists()
    assert not Exhibit.objects.exists()
    assert not ExportApproval.objects.exists()

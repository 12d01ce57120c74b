"""`countermark node capture` and `export-bag`, down to the bag that `countermark verify` checks."""

import json
from pathlib import Path

import pytest

from countermark.cli.tests.conftest import Run
from countermark.node.evidence import isolating
from countermark.node.evidence.models import CustodyEvent
from countermark.node.evidence.tests.purchasing import bought
from countermark.node.evidence.tests.shop import pages, shop
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

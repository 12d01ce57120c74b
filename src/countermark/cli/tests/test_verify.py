"""`countermark verify` on files that hold and files that do not."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from countermark.cli.main import app
from countermark.proof import write_extract
from countermark.proof.bag_files import write_zip
from countermark.proof.bags import make_bag
from countermark.proof.tests.two_parties import TwoParties


@pytest.fixture(scope="module")
def two() -> TwoParties:
    return TwoParties()


@pytest.fixture(scope="module")
def data(two: TwoParties) -> bytes:
    return write_extract(two.whole_extract())


def _run(*arguments: str):
    return CliRunner().invoke(app, ["verify", *arguments])


def test_a_file_that_holds_names_the_fingerprints_to_compare(two: TwoParties, data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "case.extract.json"
    file.write_bytes(data)
    result = _run(str(file))
    assert result.exit_code == 0, result.output
    assert "Everything in this file holds." in result.output
    assert two.brand.organisation.public.spoken in result.output
    trusted = [word for side in (two.brand, two.market) for word in ("--trust", side.organisation.public.kid)]
    assert "Compare" not in _run(str(file), *trusted).output


def test_the_first_thing_that_does_not_hold_is_named(data: bytes, tmp_path: Path) -> None:
    said = json.loads(data)
    token = said["entries"][1]["token"]
    said["entries"][1]["token"] = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")
    file = tmp_path / "case.extract.json"
    file.write_text(json.dumps(said))
    result = _run(str(file))
    assert result.exit_code == 1
    assert "The first thing that does not hold is entries[1]. Do not rely on this file." in result.output
    told = json.loads(_run(str(file), "--json").output)
    assert not told["holds"]
    assert told["checks"][-1]["part"] == "entries[1]"


def test_a_key_that_is_not_trusted_is_named(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "case.extract.json"
    file.write_bytes(data)
    result = _run(str(file), "--trust", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    assert result.exit_code == 1
    assert "is not among those you trust" in result.output


def test_the_stand_alone_program_can_be_handed_out() -> None:
    result = _run("--script")
    assert result.exit_code == 0
    compile(result.output, "countermark_verify.py", "exec")
    assert "import countermark" not in result.output


@pytest.mark.parametrize("arguments", [(), ("nowhere.json",)])
def test_no_file_is_one_sentence(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments)
    assert result.exit_code == 3
    assert "Traceback" not in result.output


def test_a_bag_is_checked_and_a_changed_one_named(tmp_path: Path) -> None:
    bag = make_bag({"page.html": b"<p>offer"}, {}, {"External-Identifier": "evd_1"})
    file = tmp_path / "bag.zip"
    with file.open("wb") as out:
        write_zip(bag, out)
    result = _run(str(file))
    assert result.exit_code == 0, result.output
    assert "What this file shows holds." in result.output
    file.write_bytes(file.read_bytes().replace(b"offer", b"other"))
    result = _run(str(file))
    assert result.exit_code == 1
    assert "The first thing that does not hold is data/page.html." in result.output


def test_a_file_of_certificates_that_holds_none_is_one_sentence(tmp_path: Path) -> None:
    for name in ("empty.pem", "bag.zip"):
        (tmp_path / name).write_bytes(b"")
    result = _run(str(tmp_path / "bag.zip"), "--authority", str(tmp_path / "empty.pem"))
    assert result.exit_code == 3
    assert "holds no certificates" in result.output
    assert "Traceback" not in result.output

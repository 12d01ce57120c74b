"""A bag holds as a whole; every changed byte is found and named; hostile bags are refused before they are read."""

import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countermark.proof import standalone_file
from countermark.proof.bag_files import open_files, write_zip
from countermark.proof.bag_verifying import verify_bag
from countermark.proof.bags import MadeBag, make_bag, read_lists
from countermark.proof.entries import write_moment
from countermark.proof.extracts import Extract, ExtractEntry, write_extract
from countermark.proof.refusals import Refused
from countermark.proof.seals import NOTHING_BEFORE, CustodyLine, Seal, SealedFile, digest, write_custody
from countermark.proof.tests.authority import Authority
from countermark.proof.tests.two_parties import TwoParties
from countermark.proof.timestamps import read_authorities, request_stamp

PAYLOAD = {"page.warc.gz": b"warc" * 100, "pictures/01.jpg": b"\xff\xd8 a picture", "capture.json": b"{}"}
NOW = write_moment(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


def seal_of(payload: dict[str, bytes]) -> Seal:
    files = (SealedFile(f"data/{name}", digest(data), len(data)) for name, data in sorted(payload.items()))
    return Seal("evd_1", NOW, "Maison Aurelle", tuple(files))


def proofs(authority: Authority, payload: dict[str, bytes] = PAYLOAD) -> dict[str, bytes]:
    seal = seal_of(payload).to_bytes()
    asked = CustodyLine(1, NOTHING_BEFORE, NOW, "usr_1", "asked", {})
    sealed = CustodyLine(2, asked.digest, NOW, "worker", "sealed", {"seal": digest(seal)})
    return {
        "proof/seal.json": seal,
        "proof/seal.json.stamp-1.tsr": authority.stamp(request_stamp(seal).data),
        "proof/seal.json.stamp-1.pem": authority.pem,
        "proof/custody.jsonl": write_custody([asked, sealed]),
        "proof/extract.json": write_extract(told(digest(seal))),
    }


def told(seal: str) -> Extract:
    two = TwoParties()
    said = two.say(two.brand, "evidence.sealed", {"seal": seal})
    receipt = two.receipt(two.market, two.brand)
    logged = two.logged(two.brand, said, two.market)
    entry = ExtractEntry(said.token, None, logged, two.received(said, receipt))
    return Extract(agreements=(two.signed_agreement(),), entries=(entry,))


@pytest.fixture(scope="module")
def bag(authority: Authority) -> MadeBag:
    return make_bag(PAYLOAD, proofs(authority), {"External-Identifier": "evd_1"})


def put(bag: MadeBag, folder: Path) -> Path:
    for name in bag.sizes:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"".join(bag.pieces(name)))
    return folder


def zipped(bag: MadeBag) -> bytes:
    out = io.BytesIO()
    write_zip(bag, out)
    return out.getvalue()


def stranger(path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(standalone_file()), str(path)], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def refusal(path: Path) -> str:
    """The code of what does not hold; the stand-alone script must refuse it as well."""
    failure = verify_bag(path).failure
    assert failure is not None
    assert stranger(path)[0] == 1
    return failure.code


def test_a_bag_holds_as_folder_and_as_zip_for_both_programs(bag: MadeBag, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(zipped(bag))
    for path in (put(bag, tmp_path / "bag"), tmp_path / "bag.zip"):
        report = verify_bag(path, authorities=[read_authorities(authority.pem)])
        assert report.holds, report.failure
        assert not report.not_shown
        assert any("CN=Stamps of the Test had seen proof/seal.json by" in check.words for check in report.checks)
        code, said = stranger(path)
        assert code == 0, said
        assert "openssl ts -verify" in said


def test_the_same_bag_has_the_same_bytes_and_any_zip_program_reads_it(bag: MadeBag, tmp_path: Path) -> None:
    assert zipped(bag) == zipped(bag)
    with zipfile.ZipFile(io.BytesIO(zipped(bag))) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "out")
    assert verify_bag(tmp_path / "out").holds


def test_every_flipped_byte_of_a_zip_is_found(bag: MadeBag, tmp_path: Path) -> None:
    whole, path = zipped(bag), tmp_path / "bag.zip"
    for place in range(0, len(whole), 53):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert verify_bag(path).failure is not None, place


def test_a_flipped_byte_in_any_file_is_found_and_the_file_named(bag: MadeBag, tmp_path: Path) -> None:
    folder = put(bag, tmp_path / "bag")
    for name in bag.sizes:
        path = folder / name
        good = path.read_bytes()
        for place in {0, 40, 70, len(good) // 2, len(good) - 1} - {*range(len(good), 100)}:
            path.write_bytes(good[:place] + bytes([good[place] ^ 0x07]) + good[place + 1 :])
            failure = verify_bag(folder).failure
            assert failure is not None, (name, place)
            assert _names(f"{failure.part} {failure.words}", name), (name, failure)
        code, said = stranger(folder)
        assert code == 1
        assert _names(said.splitlines()[-1], name), said
        path.write_bytes(good)
    assert verify_bag(folder).holds


def _names(said: str, name: str) -> bool:
    """Whether a sentence names a file by its whole name: `manifest-sha256.txt` is not `tagmanifest-sha256.txt`."""
    return re.search(rf"(?<![\w/]){re.escape(name)}(?!\w)", said) is not None


def test_a_bag_that_was_listed_anew_does_not_fit_its_seal(authority: Authority, tmp_path: Path) -> None:
    other = {**PAYLOAD, "page.warc.gz": b"another page"}
    assert refusal(put(make_bag(other, proofs(authority), {}), tmp_path / "one")) == "not-sealed"
    more = {**PAYLOAD, "planted.jpg": b"planted"}
    assert refusal(put(make_bag(more, proofs(authority), {}), tmp_path / "two")) == "not-sealed"


def test_a_new_seal_does_not_fit_the_old_timestamp(authority: Authority, tmp_path: Path) -> None:
    payload = {**PAYLOAD, "page.warc.gz": b"another page"}
    kept = proofs(authority)
    tags = {**kept, "proof/seal.json": seal_of(payload).to_bytes()}
    path = put(make_bag(payload, tags, {}), tmp_path / "bag")
    failure = verify_bag(path).failure
    assert failure is not None
    assert (failure.part, failure.code) == ("proof/seal.json.stamp-1.tsr", "wrong-timestamp")


def test_an_authority_that_is_not_known_is_refused_when_one_is(bag: MadeBag, tmp_path: Path) -> None:
    other = read_authorities(Authority.made(tmp_path / "other").pem)
    failure = verify_bag(put(bag, tmp_path / "bag"), authorities=[other]).failure
    assert failure is not None
    assert failure.code == "untrusted-timestamp"


def test_a_line_of_custody_that_was_rewritten_is_named(authority: Authority, tmp_path: Path) -> None:
    tags = proofs(authority)
    tags["proof/custody.jsonl"] = tags["proof/custody.jsonl"].replace(b"usr_1", b"usr_2")
    assert refusal(put(make_bag(PAYLOAD, tags, {}), tmp_path / "bag")) == "broken-custody"


def test_an_extract_about_something_else_does_not_do(authority: Authority, tmp_path: Path) -> None:
    tags = {**proofs(authority), "proof/extract.json": write_extract(told("0" * 64))}
    assert refusal(put(make_bag(PAYLOAD, tags, {}), tmp_path / "bag")) == "not-sealed"


def test_what_a_bag_does_not_show_is_said(tmp_path: Path) -> None:
    report = verify_bag(put(make_bag(PAYLOAD, {}, {}), tmp_path / "bag"))
    assert report.holds
    assert len(report.not_shown) == 2


def _written(bag: MadeBag, tmp_path: Path) -> Path:
    return put(bag, tmp_path / "bag")


def test_missing_extra_and_linked_files_are_named(bag: MadeBag, tmp_path: Path) -> None:
    path = _written(bag, tmp_path)
    (path / "data" / "planted.txt").write_text("planted")
    assert refusal(path) == "bag-extra"
    (path / "data" / "planted.txt").rename(path / "planted.txt")
    assert refusal(path) == "bag-extra"
    (path / "planted.txt").unlink()
    (path / "data" / "capture.json").rename(tmp_path / "capture.json")
    assert refusal(path) == "bag-missing"
    (path / "data" / "capture.json").symlink_to(tmp_path / "capture.json")
    assert refusal(path) == "bag-link"
    (path / "data" / "capture.json").unlink()
    os.mkfifo(path / "data" / "capture.json")
    assert refusal(path) == "bag-link"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"  data/capture.json", b"  ../../etc/passwd", "bag-name"),
        (b"  data/capture.json", b"  /etc/passwd", "bag-name"),
        (b"  data/capture.json", b"  data/%0Acapture.json", "bag-name"),
        (b"  data/capture.json", b"\tdata/capture.json", "not-a-bag"),
        (b"  data/capture.json", b"  data/other.json", "bag-missing"),
        (b"  data/capture.json", b"  *data/capture.json", "bag-name"),
        (b"\n", b"\r\n", "not-a-bag"),
        (b"  data/page", "  data/é".encode(), "not-a-bag"),
    ],
)
def test_a_list_in_another_spelling_is_refused(bag: MadeBag, tmp_path: Path, old: bytes, new: bytes, code: str) -> None:
    path = _written(bag, tmp_path)
    listed = path / "manifest-sha256.txt"
    listed.write_bytes(listed.read_bytes().replace(old, new))
    assert refusal(path) == code


def test_a_file_listed_twice_is_refused(bag: MadeBag, tmp_path: Path) -> None:
    listed = _written(bag, tmp_path) / "manifest-sha256.txt"
    lines = listed.read_bytes().splitlines(keepends=True)
    listed.write_bytes(b"".join([lines[0], *lines]))
    assert refusal(tmp_path / "bag") == "not-a-bag"


@pytest.mark.parametrize("text", [b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n", b"", b"\xff\xfe" * 20])
def test_another_kind_of_bag_is_refused(bag: MadeBag, tmp_path: Path, text: bytes) -> None:
    (_written(bag, tmp_path) / "bagit.txt").write_bytes(text)
    assert refusal(tmp_path / "bag") in {"not-a-bag", "too-large"}


@pytest.mark.parametrize(
    "names",
    [
        ["data/a.txt", "data/A.txt"],
        ["data/caf\u00e9.txt", "data/cafe\u0301.txt"],
        ["data/../../x"],
        ["/data/x"],
        ["data//x"],
        ["data\\x"],
        ["data/c:x"],
        ["data/.hidden"],
        ["data/x."],
        ["data/NUL.txt"],
        ["data/a", "data/a/b"],
        ["data/" + "x" * 200],
        ["a/" * 9 + "x"],
        ["data/x\n"],
        [""],
    ],
)
def test_unsafe_names_are_neither_written_nor_read(names: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        write_zip(MadeBag(dict.fromkeys(names, b"x")), io.BytesIO())
    assert refused.value.code == "bag-name"
    path = tmp_path / "bag.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x")
    failure = verify_bag(path).failure
    assert failure is not None
    assert failure.code in {"bag-name", "bag-archive"}


def _ordinary(bag: MadeBag, how: int, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name in sorted(bag.sizes):
            archive.writestr(name, b"".join(bag.pieces(name)))
        archive.comment = comment
    return out.getvalue()


def test_archives_in_another_spelling_are_refused(bag: MadeBag, tmp_path: Path) -> None:
    good, path = zipped(bag), tmp_path / "bag.zip"
    hostile = {
        "deflated": _ordinary(bag, zipfile.ZIP_DEFLATED),
        "of another program": _ordinary(bag, zipfile.ZIP_STORED),
        "with a comment": _ordinary(bag, zipfile.ZIP_STORED, b"hello"),
        "bytes before": b"MZ" + good,
        "bytes after": good + b"\0",
        "cut short": good[:-1],
        "two archives": good + good,
        "nothing": b"",
        "only an end": good[-22:],
        "no members": b"PK\5\6" + bytes(18),
        "a huge count": good[:-14] + b"\xff\xff\xff\xff" + good[-10:],
    }
    for what, data in hostile.items():
        path.write_bytes(data)
        assert refusal(path) in {"bag-archive", "not-a-bag", "too-large"}, what


def test_a_name_that_stands_twice_in_an_archive_is_refused(bag: MadeBag, tmp_path: Path) -> None:
    path = tmp_path / "bag.zip"
    whole = zipped(bag)
    path.write_bytes(whole.replace(b"data/pictures/01.jpg", b"data/page.warc.gz\0\0\0"))
    assert refusal(path) == "bag-name"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("bagit.txt", b"a")
        archive.writestr("bagit.txt", b"b")
    assert refusal(path) == "bag-archive"


def test_a_link_to_a_bag_is_not_followed(bag: MadeBag, tmp_path: Path) -> None:
    _written(bag, tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "bag")
    assert refusal(tmp_path / "link") == "bag-link"


def test_a_folder_reads_as_what_was_made(bag: MadeBag, tmp_path: Path) -> None:
    lists = read_lists(open_files(_written(bag, tmp_path)))
    assert set(lists.payload) == {f"data/{name}" for name in PAYLOAD}
    assert lists.info["Payload-Oxum"] == f"{sum(map(len, PAYLOAD.values()))}.3"


def test_a_line_that_would_add_a_line_to_the_information_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"bag-info\.txt"):
        make_bag(PAYLOAD, {}, {"Source-Organization": "Aurelle\nPayload-Oxum: 1.1"})


def chained(payload: dict[str, bytes], alone: bytes | None = None, seq: int = 1) -> MadeBag:
    """A bag without a seal, whose first line of custody names the film that was recorded."""
    line = CustodyLine(1, NOTHING_BEFORE, NOW, "usr_1", "unpacked", {"data/film.mp4": digest(b"a film")})
    tags = {"proof/custody.jsonl": write_custody([line])}
    tags[f"proof/line-{seq:04d}.json"] = alone if alone is not None else line.to_bytes()
    return make_bag(payload, tags, {})


@pytest.mark.parametrize(
    "made",
    [
        chained({"film.mp4": b"another film"}),
        chained({"words.json": b"{}"}),
        chained({"film.mp4": b"a film"}, b"{}"),
        chained({"film.mp4": b"a film"}, seq=2),
    ],
    ids=["another film", "no film", "another line", "a line too many"],
)
def test_a_bag_that_was_made_again_around_its_chain_contradicts_it(made: MadeBag, tmp_path: Path) -> None:
    assert refusal(put(made, tmp_path)) == "broken-custody"


def test_a_line_that_names_its_file_and_stands_by_itself_holds(tmp_path: Path) -> None:
    path = put(chained({"film.mp4": b"a film"}), tmp_path)
    assert verify_bag(path).holds
    assert stranger(path)[0] == 0


def told_of_a_line(digest_told: str) -> MadeBag:
    """The bag of a purchase, and an extract in which a partner was told of something with this digest."""
    payload = {"film.mp4": b"a film"}
    files = (SealedFile("data/film.mp4", digest(b"a film"), 6),)
    seal = Seal("prc_1", NOW, "Maison Aurelle", files).to_bytes()
    act = CustodyLine(1, NOTHING_BEFORE, NOW, "usr_1", "unpacked", {"data/film.mp4": digest(b"a film")})
    looked = CustodyLine(2, act.digest, NOW, "usr_1", "checked", {})
    sealed = CustodyLine(3, looked.digest, NOW, "usr_1", "sealed", {"seal": digest(seal)})
    known = {"act": act.digest, "check": looked.digest}
    tags = {
        "proof/seal.json": seal,
        "proof/custody.jsonl": write_custody([act, looked, sealed]),
        "proof/extract.json": write_extract(told(known[digest_told])),
    }
    return make_bag(payload, tags, {})


def test_a_partner_who_was_told_of_an_act_was_told_of_its_files(tmp_path: Path) -> None:
    path = put(told_of_a_line("act"), tmp_path)
    report = verify_bag(path)
    assert report.holds, report.failure
    assert any("names line 1 of custody" in one.words for one in report.checks)
    code, said = stranger(path)
    assert code == 0, said


def test_a_line_without_files_says_nothing_about_a_bag(tmp_path: Path) -> None:
    assert refusal(put(told_of_a_line("check"), tmp_path)) == "not-sealed"

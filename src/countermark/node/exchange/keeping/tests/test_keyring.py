"""The folder gives the right key at the right time, and refuses what is loose, edited, ended or wrong."""

import json
import os
import stat
import subprocess
from datetime import timedelta

import pytest

from countermark.node.exchange.keeping.manifest import OPERATIONAL, add_months, days_left
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.keeping.pems import make_organisation_key, read_organisation_key
from countermark.node.exchange.keeping.problems import BrokenFolder, LooseFile, NoKey, NotWritten, WrongPassphrase
from countermark.node.exchange.keeping.tests.conftest import NOW, PASSPHRASE, open_folder
from countermark.proof import PrivateKey, Purpose

MANIFEST = "keys.json"


def the(folder, purpose):
    return next(kept for kept in folder.all_keys() if kept.purpose is purpose)


def edit(folder, change) -> None:
    file = folder.path / MANIFEST
    said = json.loads(file.read_text())
    change(said)
    file.write_text(json.dumps(said))


def test_each_purpose_has_a_key_of_its_own(folder):
    keys = folder.public_keys()
    assert [key.purpose for key in keys] == list(OPERATIONAL)
    assert len({key.key for key in keys}) == 5
    assert Purpose.ORGANISATION not in OPERATIONAL


def test_a_signature_verifies_with_the_public_key_that_is_listed(folder):
    signature = folder.signer(Purpose.EVIDENCE, NOW).sign(b"a bag")
    the(folder, Purpose.EVIDENCE).public.public.verify(signature, b"a bag")


def test_files_are_their_owners_alone_from_the_first(folder):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.path.iterdir()}
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert {modes[f"{kept.kid}.pem"] for kept in folder.all_keys()} == {0o600}
    assert set(modes) == {MANIFEST, ".lock"} | {f"{kept.kid}.pem" for kept in folder.all_keys()}


def test_openssl_opens_a_key_file_too(folder, tmp_path):
    kept = the(folder, Purpose.LOG)
    (tmp_path / "words").write_text(PASSPHRASE)
    pem = folder.path / f"{kept.kid}.pem"
    done = subprocess.run(
        ["openssl", "pkey", "-in", pem, "-passin", f"file:{tmp_path}/words", "-pubout", "-outform", "DER"],
        check=True,
        capture_output=True,
    )
    assert done.stdout[-32:] == kept.public.public.raw


def test_a_renewed_key_stands_beside_the_old_one_until_its_end(folder):
    old = the(folder, Purpose.ENTRIES)
    later = NOW + timedelta(days=300)
    new = folder.renew(Purpose.ENTRIES, later)
    assert [kept.kid for kept in folder.usable(Purpose.ENTRIES, later)] == [new.kid, old.kid]
    assert folder.signer(Purpose.ENTRIES, later).public.kid == new.kid
    assert folder.signer(Purpose.ENTRIES, later, old.kid).public.kid == old.kid
    assert folder.signer(Purpose.ENTRIES, later - timedelta(seconds=1)).public.kid == old.kid
    assert [kept.kid for kept in folder.usable(Purpose.ENTRIES, NOW + timedelta(days=366))] == [new.kid]


def test_of_two_keys_made_in_one_moment_the_later_one_is_used(folder):
    new = folder.renew(Purpose.HTTP, NOW)
    assert folder.signer(Purpose.HTTP, NOW).public.kid == new.kid


def test_a_running_process_sees_a_renewal_and_a_revocation_by_another(folder):
    folder.signer(Purpose.LOG, NOW)
    other = open_folder(folder.path)
    new = other.renew(Purpose.LOG, NOW)
    assert folder.signer(Purpose.LOG, NOW).public.kid == new.kid
    other.revoke(new.kid, NOW)
    assert folder.signer(Purpose.LOG, NOW).public.kid == the(folder, Purpose.LOG).kid


@pytest.mark.parametrize("mark", ["retire", "revoke"])
def test_a_retired_or_revoked_key_signs_no_more_even_by_its_id(folder, mark):
    kept = the(folder, Purpose.WITNESS)
    getattr(folder, mark)(kept.kid, NOW)
    for kid in ("", kept.kid):
        with pytest.raises(NoKey, match="countermark node keys"):
            folder.signer(Purpose.WITNESS, NOW, kid)
    assert kept.public in folder.public_keys()
    assert kept.public not in folder.public_keys(NOW)


def test_of_two_revocations_the_earlier_moment_counts(folder):
    kid = the(folder, Purpose.HTTP).kid
    folder.revoke(kid, NOW)
    folder.revoke(kid, NOW + timedelta(days=3))
    assert the(folder, Purpose.HTTP).revoked == "2026-03-02T09:00:00.000Z"
    folder.revoke(kid, NOW - timedelta(days=3))
    assert the(folder, Purpose.HTTP).revoked == "2026-02-27T09:00:00.000Z"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW + timedelta(days=365), "ended at 2027-03-02T09:00:00.000Z. Make the next one with: .* renew http"),
        (NOW - timedelta(milliseconds=1), "begins at 2026-03-02T09:00:00.000Z"),
    ],
)
def test_a_key_out_of_its_time_is_refused_with_the_mend(folder, moment, words):
    with pytest.raises(NoKey, match=words):
        folder.signer(Purpose.HTTP, moment)


def test_keys_near_their_end_are_named_until_they_are_renewed(folder):
    assert folder.expiring(NOW) == []
    near = NOW + timedelta(days=340)
    assert {kept.purpose for kept in folder.expiring(near)} == set(OPERATIONAL)
    folder.renew(Purpose.LOG, near)
    assert {kept.purpose for kept in folder.expiring(near)} == set(OPERATIONAL) - {Purpose.LOG}
    assert days_left(the(folder, Purpose.HTTP), near) == 25
    assert days_left(the(folder, Purpose.HTTP), NOW + timedelta(days=366)) == -1


def test_making_keys_again_makes_only_what_is_missing(folder):
    folder.revoke(the(folder, Purpose.LOG).kid, NOW)
    assert [kept.purpose for kept in folder.make_operational_keys(NOW)] == [Purpose.LOG]
    assert folder.make_operational_keys(NOW) == []


@pytest.mark.parametrize("months", [0, 13, -1])
def test_no_key_lasts_longer_than_a_year(folder, months):
    with pytest.raises(NotWritten, match="1 to 12 months"):
        folder.renew(Purpose.LOG, NOW, months)
    assert len(folder.all_keys()) == 5


def test_months_end_where_the_calendar_has_no_such_day():
    assert add_months(NOW.replace(year=2028, month=2, day=29), 12).date().isoformat() == "2029-02-28"
    assert add_months(NOW.replace(month=12, day=31), 2).date().isoformat() == "2027-02-28"


def test_a_folder_without_keys_says_how_to_make_them(tmp_path):
    with pytest.raises(BrokenFolder, match="countermark node keys init"):
        open_folder(tmp_path / "keys").signer(Purpose.LOG, NOW)
    (tmp_path / "keys").mkdir(mode=0o700)
    with pytest.raises(NoKey, match="countermark node keys init"):
        open_folder(tmp_path / "keys").signer(Purpose.LOG, NOW)


def test_a_wrong_passphrase_opens_nothing(folder):
    wrong = open_folder(folder.path, "another-passphrase-of-enough-letters")
    assert len(wrong.public_keys()) == 5
    with pytest.raises(WrongPassphrase, match="COUNTERMARK_KEY_PASSPHRASE_FILE"):
        wrong.signer(Purpose.LOG, NOW)


@pytest.mark.parametrize("text", ["", "short", " " * 40, "x" * 19, "y" * 1001])
def test_a_passphrase_that_is_too_short_or_long_is_no_passphrase(text):
    with pytest.raises(WrongPassphrase, match="20 to 1000 characters"):
        Passphrase(text)


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), (".", 0o705), (MANIFEST, 0o664), (MANIFEST, 0o666)])
def test_a_loose_folder_or_list_is_refused_with_the_mend(folder, name, mode):
    (folder.path / name).chmod(mode)
    with pytest.raises(LooseFile, match="chmod"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_loose_key_file_is_refused_with_the_mend(folder, mode):
    (folder.path / f"{the(folder, Purpose.LOG).kid}.pem").chmod(mode)
    with pytest.raises(LooseFile, match=r"mode 0\d+.*chmod 600"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_a_file_of_another_user_is_refused(folder, monkeypatch):
    monkeypatch.setattr("countermark.node.exchange.keeping.files.os.geteuid", lambda: 4242)
    os_owner = folder.path.stat().st_uid
    if os_owner == 0:
        pytest.skip("files of root are trusted by everybody")
    with pytest.raises(LooseFile, match="belongs to another user"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_a_link_in_place_of_a_key_is_not_followed(folder, tmp_path):
    pem = folder.path / f"{the(folder, Purpose.LOG).kid}.pem"
    pem.rename(tmp_path / "elsewhere.pem")
    pem.symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(BrokenFolder, match="cannot be read"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_a_pipe_in_place_of_a_key_is_no_key_and_blocks_nobody(folder):
    pem = folder.path / f"{the(folder, Purpose.LOG).kid}.pem"
    pem.unlink()
    os.mkfifo(pem, 0o600)
    with pytest.raises(BrokenFolder, match="is not a file"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_a_key_in_the_clear_is_refused(folder):
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = folder.path / f"{the(folder, Purpose.LOG).kid}.pem"
    clear = Ed25519PrivateKey.generate().private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    )
    pem.write_bytes(clear)
    with pytest.raises(BrokenFolder, match="never kept in the clear"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_two_key_files_with_their_names_exchanged_are_refused(folder):
    one, other = (folder.path / f"{the(folder, purpose).kid}.pem" for purpose in (Purpose.LOG, Purpose.HTTP))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    with pytest.raises(BrokenFolder, match="another key than its name says"):
        open_folder(folder.path).signer(Purpose.LOG, NOW)


def test_list_and_files_that_disagree_are_refused_and_name_the_file(folder):
    kid = the(folder, Purpose.LOG).kid
    pem = folder.path / f"{kid}.pem"
    kept = pem.read_bytes()
    pem.unlink()
    with pytest.raises(BrokenFolder, match=f"{kid}.pem is missing"):
        folder.signer(Purpose.HTTP, NOW)
    pem.write_bytes(kept)
    (folder.path / "stray.pem").write_bytes(kept)
    with pytest.raises(BrokenFolder, match=r"stray.pem is not in keys.json"):
        folder.signer(Purpose.HTTP, NOW)


def _first(**fields):
    return lambda said: said["keys"][0].update(fields)


@pytest.mark.parametrize(
    "change",
    [
        _first(purpose="log"),
        _first(purpose="organisation"),
        _first(valid_until="2027-03-01T09:00:00.000Z"),
        _first(valid_from="2026-03-01T09:00:00.000Z"),
        _first(valid_until="2036-03-02T09:00:00.000Z"),
        _first(made_at="2025-03-02T09:00:00.000Z"),
        _first(made_at="yesterday"),
        _first(kid="A" * 43),
        _first(key="A" * 43),
        _first(retired="yesterday"),
        _first(proof="AAAA"),
        _first(note="a further field"),
        lambda said: said["keys"][0].pop("made_at"),
        lambda said: said["keys"].append(said["keys"][0]),
        lambda said: said.update(organisation="A" * 43),
        lambda said: said.update(v=2),
        lambda said: said.update(keys=None),
    ],
)
def test_an_edited_list_is_refused_without_any_passphrase(folder, change):
    edit(folder, change)
    with pytest.raises(BrokenFolder, match=r"keys.json does not hold"):
        open_folder(folder.path, "another-passphrase-of-enough-letters").all_keys()


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"v":1,"v":1}', b"\xff", b"[" * 100_000, b" " * 2_000_000])
def test_a_list_that_is_no_list_is_refused(folder, data):
    (folder.path / MANIFEST).write_bytes(data)
    with pytest.raises(BrokenFolder, match="copy"):
        open_folder(folder.path).all_keys()


def test_the_organisations_key_lies_outside_and_is_listed_once(folder, tmp_path):
    words = Passphrase("another-passphrase-for-the-organisation")
    public = folder.make_organisation_key(tmp_path / "organisation.pem", words)
    assert folder.organisation() == public
    assert read_organisation_key(tmp_path / "organisation.pem", words).public == public
    assert stat.S_IMODE((tmp_path / "organisation.pem").stat().st_mode) == 0o600
    assert public not in [key.public for key in folder.public_keys()]
    with pytest.raises(NotWritten, match="listed already"):
        folder.make_organisation_key(tmp_path / "second.pem", words)
    assert not (tmp_path / "second.pem").exists()
    folder.record_organisation(public)
    with pytest.raises(NotWritten, match="Another organisation's key"):
        folder.record_organisation(PrivateKey.generate().public)


@pytest.mark.parametrize("place", ["home/organisation.pem", "home/keys/organisation.pem", "home/store/../o.pem"])
def test_the_organisations_key_is_not_put_on_the_node(folder, tmp_path, place):
    with pytest.raises(NotWritten, match="does not lie on the node"):
        folder.make_organisation_key(tmp_path / place, Passphrase(PASSPHRASE))


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    file = tmp_path / "organisation.pem"
    file.write_text("something else")
    with pytest.raises(NotWritten, match="is there already"):
        make_organisation_key(file, Passphrase(PASSPHRASE))
    assert file.read_text() == "something else"
    assert [found.name for found in tmp_path.iterdir()] == ["organisation.pem"]


def test_a_medium_without_links_and_modes_takes_the_key_too(tmp_path, monkeypatch):
    def not_here(*_arguments, **_more):
        raise PermissionError("not on this medium")

    monkeypatch.setattr("countermark.node.exchange.keeping.files.os.link", not_here)
    monkeypatch.setattr("countermark.node.exchange.keeping.files.os.fchmod", not_here)
    public = make_organisation_key(tmp_path / "o.pem", Passphrase(PASSPHRASE))
    assert read_organisation_key(tmp_path / "o.pem", Passphrase(PASSPHRASE)).public == public
    with pytest.raises(NotWritten, match="is there already"):
        make_organisation_key(tmp_path / "o.pem", Passphrase(PASSPHRASE))


def test_the_organisations_key_is_never_renewed_on_the_node(folder):
    with pytest.raises(NotWritten, match="new agreement"):
        folder.renew(Purpose.ORGANISATION, NOW)

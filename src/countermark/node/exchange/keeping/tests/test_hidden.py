"""Neither passphrase nor private key shows itself: not in `repr`, tracebacks with all variables, or pickles."""

import copy
import pickle
import traceback

import pytest

from countermark.node.exchange.keeping.passphrases import Passphrase, from_file, from_text
from countermark.node.exchange.keeping.pems import read_organisation_key
from countermark.node.exchange.keeping.problems import KeyProblem, WrongForm, WrongPassphrase
from countermark.node.exchange.keeping.tests.conftest import NOW, PASSPHRASE, open_folder
from countermark.proof import Purpose

WRONG = "another-passphrase-of-enough-letters"


def everything_said_by(error: BaseException) -> str:
    """What the wordiest handler could print: every frame with its variables, causes and contexts included."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        said += traceback.TracebackException.from_exception(seen, capture_locals=True).format()
        seen = seen.__cause__ or seen.__context__
    return "".join(said)


def secrets_of(folder) -> list[str]:
    pems = [file.read_text() for file in folder.path.glob("*.pem")]
    bodies = [line for pem in pems for line in pem.splitlines() if line and not line.startswith("-----")]
    assert len(bodies) >= 10
    return [PASSPHRASE, WRONG, *bodies]


def test_a_wrong_passphrase_is_in_no_frame_of_the_error(folder):
    with pytest.raises(WrongPassphrase) as refused:
        open_folder(folder.path, WRONG).signer(Purpose.LOG, NOW)
    told = everything_said_by(refused.value)
    assert "keeping/pems.py" in told
    own_frames = told.split("keeping/keyring.py", 1)[1]
    assert "PRIVATE KEY" not in own_frames
    assert not [secret for secret in secrets_of(folder) if secret in own_frames]


def test_a_refused_message_leads_to_no_secret(folder):
    with pytest.raises(WrongForm) as refused:
        folder.signer(Purpose.LOG, NOW).sign(b"a telling content")
    own_frames = everything_said_by(refused.value).split("keeping/keyring.py", 1)[1]
    assert not [secret for secret in secrets_of(folder) if secret in own_frames]
    assert "telling" not in str(refused.value)


def test_what_holds_secrets_shows_none(folder):
    signer = folder.signer(Purpose.LOG, NOW)
    private = folder.open(folder.usable(Purpose.LOG, NOW)[0])
    shown = "".join(map(repr, (folder, signer, private, Passphrase(PASSPHRASE), folder.manifest())))
    assert not [secret for secret in secrets_of(folder) if secret in shown]
    assert signer.public.kid in repr(signer)


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_passphrase_does_not_travel(carry):
    with pytest.raises(TypeError, match="does not travel"):
        carry(Passphrase(PASSPHRASE))


def test_a_passphrase_is_compared_and_never_hashed():
    assert Passphrase(PASSPHRASE) == Passphrase(f"  {PASSPHRASE}\n")
    assert Passphrase(PASSPHRASE) != Passphrase(WRONG)
    with pytest.raises(TypeError):
        hash(Passphrase(PASSPHRASE))


def test_a_passphrase_comes_from_the_first_line_of_a_file(tmp_path):
    file = tmp_path / "words"
    file.write_text(f"{PASSPHRASE}\na note\n")
    assert from_file(file)() == from_text(lambda: PASSPHRASE)()


@pytest.mark.parametrize("data", [None, b"\xff\xfe" * 20, b"", b"\n" + PASSPHRASE.encode(), b"x" * 100_000])
def test_a_passphrase_file_that_is_none_is_refused_without_its_content(tmp_path, data):
    file = tmp_path / "words"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(WrongPassphrase) as refused:
        from_file(file)()
    assert "xxxx" not in str(refused.value)


def test_an_organisations_key_that_is_none_is_refused(tmp_path):
    for data in (None, b"", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"):
        file = tmp_path / "organisation.pem"
        if data is not None:
            file.write_bytes(data)
        with pytest.raises(KeyProblem):
            read_organisation_key(file, Passphrase(PASSPHRASE))

"""`countermark node keys`: the ceremony, the list, renewal, revocation, check, and signing an agreement offline."""

import json
import os
import pty
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from countermark.cli.tests.conftest import Run
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.keeping.pems import make_organisation_key
from countermark.node.kernel import time as kernel_time
from countermark.proof import Agreement, PrivateKey, SignedAgreement, open_agreement
from countermark.proof.agreements import sign_agreement
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.keys import spoken
from countermark.proof.tests.two_parties import Side

WORDS, OTHER_WORDS = "seven-invented-words-of-a-test-node", "eight-invented-words-of-an-organisation"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A node's folder with a passphrase in a file, and nothing else set."""
    for name in [name for name in os.environ if name.startswith("COUNTERMARK_")]:
        monkeypatch.delenv(name)
    (tmp_path / "words").write_text(WORDS)
    (tmp_path / "words").chmod(0o600)
    (tmp_path / "other-words").write_text(OTHER_WORDS)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COUNTERMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COUNTERMARK_NODE_NAME", "node.aurelle.example")
    monkeypatch.setenv("COUNTERMARK_KEY_PASSPHRASE_FILE", str(tmp_path / "words"))
    return tmp_path / "home"


@pytest.fixture
def keys(run: Run, home: Path) -> Path:
    """A node with all its keys."""
    done = run("node", "keys", "init")
    assert done.exit_code == 0, done.stderr
    return home


def listed(run: Run) -> Any:
    return json.loads(run("node", "keys", "list", "--json").stdout)["keys"]


def test_the_ceremony_makes_keys_and_says_what_to_do_with_the_organisations(run: Run, home: Path, tmp_path: Path):
    done = run(
        "node", "keys", "init", "--organisation-key", tmp_path / "o.pem",
        "--organisation-passphrase-file", tmp_path / "other-words",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    said = json.loads(run("node", "keys", "list", "--json").stdout)
    assert [key["purpose"] for key in said["keys"]] == ["entries", "log", "witness", "http", "evidence"]
    for facts in (said["organisation"], *said["keys"]):
        assert facts["kid"] in done.stdout
        assert facts["fingerprint"] in done.stdout
    for words in ("second copy", "offline in two places", "by voice"):
        assert words in done.stdout
    assert stat.S_IMODE((tmp_path / "o.pem").stat().st_mode) == 0o600
    opened = run(
        "node", "keys", "organisation", "--check", tmp_path / "o.pem", "--passphrase-file", tmp_path / "other-words"
    )
    assert said["organisation"]["fingerprint"] in opened.stdout


def test_a_key_made_offline_is_known_to_the_node_by_its_public_half(run: Run, home: Path, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("COUNTERMARK_HOME")
    made = run(
        "node", "keys", "organisation", tmp_path / "o.pem", "--passphrase-file", tmp_path / "other-words", "--json"
    )
    assert made.exit_code == 0, made.stderr
    public = json.loads(made.stdout)["key"]
    monkeypatch.setenv("COUNTERMARK_HOME", str(home))
    done = run("node", "keys", "init", "--organisation-public", public, "--json")
    assert json.loads(done.stdout)["organisation"]["key"] == public
    assert len(json.loads(done.stdout)["made"]) == 5
    assert run("node", "keys", "init", "--organisation-public", "A" * 43).exit_code == 4


def test_running_it_again_makes_nothing_new(run: Run, keys: Path):
    before = listed(run)
    assert "has a key already" in run("node", "keys", "init").stdout
    assert listed(run) == before


def test_the_passphrase_is_asked_twice_and_not_shown(home: Path, tmp_path: Path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COUNTERMARK_")}
    environment |= {"COUNTERMARK_HOME": str(home), "COUNTERMARK_NODE_NAME": "n.example"}
    terminal, inside = pty.openpty()
    program = (
        "import fcntl, signal, termios; signal.alarm(60); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
        "from countermark.cli.main import run; run()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "node", "keys", "init"],
        env=environment, stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    shown = b""
    for _ in range(2):
        while not shown.endswith(b": "):  # the space comes when nothing is echoed any more
            shown += os.read(terminal, 1000)
        shown += b"\n"
        os.write(terminal, f"{WORDS}\n".encode())
    try:
        while part := os.read(terminal, 1000):
            shown += part
    except OSError:  # the other side has ended
        pass
    os.close(terminal)
    assert process.wait(30) == 0, shown.decode()
    assert WORDS.encode() not in shown
    assert shown.count(b"assphrase") >= 1
    assert b"5 keys made" in shown
    assert len(list((home / "keys").glob("*.pem"))) == 5


def test_without_terminal_and_passphrase_it_says_what_to_give(run: Run, home: Path, monkeypatch):
    monkeypatch.delenv("COUNTERMARK_KEY_PASSPHRASE_FILE")
    done = run("node", "keys", "init")
    assert done.exit_code == 4
    assert "--passphrase-file" in done.stderr


def test_without_a_home_the_setting_is_named(run: Run, home: Path, monkeypatch):
    monkeypatch.delenv("COUNTERMARK_HOME")
    done = run("node", "keys", "list")
    assert done.exit_code == 2
    assert "COUNTERMARK_HOME is not set" in done.stderr


def test_a_renewed_key_is_used_and_the_older_one_stays(run: Run, keys: Path):
    done = run("node", "keys", "renew", "log", "--json")
    assert done.exit_code == 0, done.stderr
    states = {key["kid"]: key["state"] for key in listed(run) if key["purpose"] == "log"}
    assert sorted(states.values()) == ["older", "used"]
    assert states[json.loads(done.stdout)["kid"]] == "used"


def test_a_renewal_with_another_passphrase_is_refused(run: Run, keys: Path, tmp_path: Path):
    done = run("node", "keys", "renew", "log", "--passphrase-file", tmp_path / "other-words")
    assert done.exit_code == 4
    assert len(listed(run)) == 5


@pytest.mark.parametrize("purpose", ["organisation", "nothing"])
def test_a_purpose_that_has_no_key_here_is_not_renewed(run: Run, keys: Path, purpose: str):
    assert run("node", "keys", "renew", purpose).exit_code in (2, 4)
    assert len(listed(run)) == 5


def test_the_last_key_that_partners_know_is_not_revoked_by_mistake(run: Run, keys: Path, monkeypatch):
    kid, since = listed(run)[0]["kid"], ("--since", "2026-03-01T09:30:00Z")
    assert "First run “countermark node keys renew entries”" in run("node", "keys", "revoke", kid, *since).stderr
    newer = json.loads(run("node", "keys", "renew", "entries", "--json").stdout)["kid"]
    assert run("node", "keys", "revoke", kid, *since).exit_code == 4, "nobody was told of the newer one yet"
    monkeypatch.setattr("countermark.cli.node_keys._TOLD_WITHIN", timedelta(0))
    assert run("node", "keys", "revoke", kid, *since).exit_code == 0
    kept = json.loads((keys / "keys" / "keys.json").read_text())["keys"][0]
    assert kept["revoked"] == "2026-03-01T09:30:00.000Z"
    assert "renew entries" in run("node", "keys", "revoke", newer, *since, "--at-once").stderr
    assert run("node", "keys", "check").exit_code == 4


def test_a_revocation_in_the_future_or_of_an_unknown_key_is_refused(run: Run, keys: Path):
    kid = listed(run)[0]["kid"]
    assert run("node", "keys", "revoke", kid, "--since", "2999-01-01").exit_code == 2
    assert run("node", "keys", "revoke", "A" * 43, "--since", "2026-01-01").exit_code == 4
    assert {key["state"] for key in listed(run)} == {"used"}


@pytest.mark.parametrize("start", ["-h", "-s", "--", "-", "_"])
def test_an_id_may_begin_with_a_dash(run: Run, keys: Path, start: str):
    kid = start + "A" * (43 - len(start))
    for arguments in (["retire", kid], ["revoke", kid, "--since", "2026-01-01"]):
        done = run("node", "keys", *arguments)
        assert done.exit_code == 4
        assert "No key here has this id" in done.stderr


def test_a_retired_key_is_marked(run: Run, keys: Path):
    kid = listed(run)[3]["kid"]
    assert run("node", "keys", "retire", kid).exit_code == 0
    assert listed(run)[3]["state"] == "retired"


def test_keys_that_can_be_used_pass_the_check(run: Run, keys: Path):
    done = run("node", "keys", "check")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("holds") == 6


@pytest.fixture
def later():
    """Tells the node that it is some days later."""

    def move(days: int) -> None:
        moment = datetime.now(UTC) + timedelta(days=days)
        kernel_time.set_clock(lambda: moment)

    yield move
    kernel_time.set_clock(None)


@pytest.mark.parametrize(("days", "code", "words"), [(340, 1, "Renew it"), (400, 4, "ended at")])
def test_a_key_near_its_end_and_one_past_it_have_exit_codes_of_their_own(
    run: Run, keys: Path, later, days, code, words
):
    later(days)
    done = run("node", "keys", "check")
    assert done.exit_code == code
    assert words in done.stdout
    assert {key["state"] for key in listed(run)} == {"used" if code == 1 else "ended"}


def _loosen(folder: Path) -> None:
    next(folder.glob("*.pem")).chmod(0o644)


def _lose(folder: Path) -> None:
    next(folder.glob("*.pem")).unlink()


def _edit(folder: Path) -> None:
    file = folder / "keys.json"
    file.write_text(file.read_text().replace('"http"', '"log"'))


@pytest.mark.parametrize(
    ("harm", "words"),
    [(_loosen, "chmod 600"), (_lose, "is missing"), (_edit, "does not hold"), (lambda f: f.chmod(0o755), "chmod 700")],
)
def test_the_check_names_what_is_wrong_and_how_to_mend_it(run: Run, keys: Path, harm, words):
    harm(keys / "keys")
    done = run("node", "keys", "check", "--json")
    assert done.exit_code == 4
    said = json.loads(done.stdout)
    assert not said["usable"]
    assert any(words in line["words"] for line in said["lines"])


def test_the_check_sees_a_wrong_passphrase_and_a_loose_passphrase_file(run: Run, keys: Path, tmp_path: Path):
    (tmp_path / "words").chmod(0o644)
    assert "chmod 600" in run("node", "keys", "check").stdout
    done = run("node", "keys", "check", "--passphrase-file", tmp_path / "other-words")
    assert done.exit_code == 4
    assert "does not open" in done.stdout
    assert OTHER_WORDS not in done.output


def test_no_command_prints_a_secret(run: Run, keys: Path, tmp_path: Path):
    said = ""
    for arguments in (["list"], ["list", "--json"], ["check"], ["renew", "log"], ["init"]):
        said += run("node", "keys", *arguments).output
    said += run("node", "keys", "check", "--passphrase-file", tmp_path / "nothing").output
    for pem in (keys / "keys").glob("*.pem"):
        assert pem.read_text().splitlines()[1] not in said
    assert WORDS not in said
    assert "PRIVATE" not in said


# --- Agreements ---


class Table:
    """Two organisations, their agreement in a file, and our key in another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "organisation.pem"
        public = make_organisation_key(self.key, Passphrase(OTHER_WORDS))
        self.theirs = Side("bazaar", "Bazaar")
        ours = msgspec.structs.replace(Side("aurelle", "Maison Aurelle").party(), key=public.text)
        self.agreement = Agreement(1, "a-b", 1, (ours, self.theirs.party()), {"purposes": ["counterfeit-removal"]})
        self.file = folder / "agreement.json"
        self.file.write_bytes(self.agreement.to_bytes())
        self.out = folder / "signed.json"

    def sign(self, run: Run, answer: str = "yes\n"):
        return run(
            "node", "keys", "sign-agreement", self.file, "--key", self.key, "--out", self.out,
            "--passphrase-file", self.folder / "other-words", stdin=answer,
        )  # fmt: skip

    def signed_by_them(self) -> SignedAgreement:
        agreement = to_base64url(self.agreement.to_bytes())
        return SignedAgreement(agreement, {"bazaar": sign_agreement(self.agreement, self.theirs.organisation)})


@pytest.fixture
def table(home: Path, tmp_path: Path, monkeypatch) -> Table:
    monkeypatch.delenv("COUNTERMARK_HOME")
    return Table(tmp_path)


def test_an_agreement_is_shown_with_all_that_is_read_aloud_and_then_signed(run: Run, table: Table):
    done = table.sign(run)
    assert done.exit_code == 0, done.stderr
    for party in table.agreement.parties:
        assert party.name in done.stdout
        assert party.public.spoken in done.stdout
    assert table.agreement.digest in done.stdout
    assert spoken(bytes.fromhex(table.agreement.digest)) in done.stdout
    assert "counterfeit-removal" in done.stdout
    assert "Now Bazaar signs." in done.stdout
    signed = msgspec.json.decode(table.out.read_bytes(), type=SignedAgreement)
    assert from_base64url(signed.agreement) == table.agreement.to_bytes()
    theirs = sign_agreement(table.agreement, table.theirs.organisation)
    assert (
        open_agreement(msgspec.structs.replace(signed, signatures={**signed.signatures, "bazaar": theirs}))
        == table.agreement
    )


def test_the_second_signature_makes_it_whole(run: Run, table: Table):
    table.file.write_bytes(msgspec.json.encode(table.signed_by_them()))
    done = table.sign(run)
    assert done.exit_code == 0, done.stderr
    assert "Bazaar (bazaar, node.bazaar.example); has signed, and the signature fits" in done.stdout
    assert "Both have signed" in done.stdout
    assert open_agreement(msgspec.json.decode(table.out.read_bytes(), type=SignedAgreement)) == table.agreement


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "y\n", "Yes\n", "YES\n"])
def test_anything_but_yes_signs_nothing(run: Run, table: Table, answer: str):
    done = table.sign(run, answer)
    assert done.exit_code != 0
    assert not table.out.exists()


def test_a_false_signature_of_the_other_side_is_seen_before_ours_is_given(run: Run, table: Table):
    for signatures in (
        {"bazaar": sign_agreement(table.agreement, PrivateKey.generate())},
        {"bazaar": "AAAA"},
        {"somebody": "AAAA"},
    ):
        table.file.write_bytes(
            msgspec.json.encode(msgspec.structs.replace(table.signed_by_them(), signatures=signatures))
        )
        done = table.sign(run)
        assert done.exit_code == 4
        assert not table.out.exists()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"v":1,"v":1}', b"[" * 100_000, b" " * 1_200_000])
def test_a_file_that_is_no_agreement_is_refused(run: Run, table: Table, data: bytes):
    table.file.write_bytes(data)
    done = table.sign(run)
    assert done.exit_code == 4
    assert not isinstance(done.exception, RecursionError)
    assert not table.out.exists()


def test_an_agreement_in_a_second_spelling_is_refused(run: Run, table: Table):
    table.file.write_bytes(json.dumps(json.loads(table.file.read_bytes()), indent=1).encode())
    done = table.sign(run)
    assert done.exit_code == 4
    assert "canonical spelling" in done.stderr


def test_a_key_of_neither_party_signs_nothing(run: Run, table: Table):
    table.key.unlink()
    make_organisation_key(table.key, Passphrase(OTHER_WORDS))
    done = table.sign(run)
    assert done.exit_code == 4
    assert "neither party" in done.stderr


def test_what_is_signed_already_or_lies_at_the_place_is_left_alone(run: Run, table: Table):
    table.sign(run)
    before = table.out.read_bytes()
    assert "is there already" in table.sign(run).stderr
    table.file, table.out = table.out, table.folder / "again.json"
    assert "has signed it already" in table.sign(run).stderr
    assert table.file.read_bytes() == before
    assert not table.out.exists()


def test_letters_that_drive_a_terminal_are_not_printed(run: Run, table: Table):
    ours, theirs = table.agreement.parties
    theirs = msgspec.structs.replace(theirs, name="Baz\x1b[2Jaar\u202e\x07")
    table.agreement = msgspec.structs.replace(
        table.agreement, parties=(ours, theirs), terms={"note\x1b": "\x9b1m\u2066"}
    )
    table.file.write_bytes(table.agreement.to_bytes())
    done = table.sign(run)
    assert done.exit_code == 0, done.stderr
    for letter in "\x1b\x07\x9b\u202e\u2066":
        assert letter not in done.output

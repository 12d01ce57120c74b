"""The signer as a process: signs through a socket, survives whoever knocks, stops when told."""

import hashlib
import os
import select
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countermark.node.exchange.keeping.frames import MOST_FRAME, Sign, to_frame
from countermark.node.exchange.keeping.manifest import OPERATIONAL
from countermark.node.exchange.keeping.problems import NoKey, SignerAway, WrongForm
from countermark.node.exchange.keeping.remote import SignerSocket
from countermark.node.exchange.keeping.serving import MOST_OPEN, MOST_SERVED
from countermark.node.exchange.keeping.tests.conftest import PASSPHRASE
from countermark.node.exchange.keeping.tests.messages import entry_of, messages
from countermark.node.exchange.keeping.tests.running import Running, answer, ask, frame_of
from countermark.proof import Purpose, sign_entry
from countermark.proof.encoding import to_base64url


@pytest.fixture
def running(process):
    """A signer that listens; a test may stop or kill it."""
    process.ensure()
    return process


@pytest.fixture(scope="module")
def process():
    # A folder of our own: a socket's path must be short, and one test opens the way to it for another user.
    with tempfile.TemporaryDirectory(prefix="countermark-signer-") as home:
        signer = Running(Path(home))
        try:
            yield signer
        finally:
            signer.process.kill()
            signer.process.wait()


@pytest.mark.parametrize("purpose", OPERATIONAL)
def test_it_signs_each_form_with_its_key(running, purpose):
    signer = running.client.signer(purpose)
    message = messages(running.folder, datetime.now(UTC))[purpose]
    signer.public.verify(signer.sign(message), message)


def test_an_entry_signed_by_it_opens_like_any_other(running):
    from countermark.proof import open_entry

    signer = running.client.signer(Purpose.ENTRIES)
    signed = sign_entry(entry_of(), signer)
    assert open_entry(signed.token, lambda _kid, _entry: signer.public).entry == entry_of()


@pytest.mark.parametrize("purpose", OPERATIONAL)
def test_it_refuses_what_another_key_signs_and_says_which_form_it_expects(running, purpose):
    signer = running.client.signer(purpose)
    for other, message in messages(running.folder, datetime.now(UTC)).items():
        if other is not purpose:
            with pytest.raises(WrongForm, match=f"A key for {purpose} signs"):
                signer.sign(message)


def test_a_message_at_the_bound_is_signed_and_one_beyond_is_refused(running):
    signer = running.client.signer(Purpose.EVIDENCE)
    signer.public.verify(signer.sign(b"x" * 1024 * 1024), b"x" * 1024 * 1024)
    with pytest.raises(WrongForm, match="at most 1048576 bytes"):
        signer.sign(b"x" * (1024 * 1024 + 1))
    beyond = Sign(purpose=Purpose.EVIDENCE, kid=signer.public.kid, message=to_base64url(b"x" * (1024 * 1024 + 1)))
    with running.reach() as connection:
        assert ask(connection, to_frame(beyond))["refused"]["code"] == "wrong-form"


def test_a_cosignature_of_yesterday_is_refused(running):
    message = messages(running.folder, datetime(2026, 3, 1, tzinfo=UTC))[Purpose.WITNESS]
    with pytest.raises(WrongForm, match="of this minute"):
        running.client.signer(Purpose.WITNESS).sign(message)


def test_an_unknown_key_and_the_organisations_purpose_have_no_signature(running):
    with pytest.raises(NoKey):
        running.client.signer(Purpose.LOG, "A" * 43)
    with pytest.raises(NoKey):
        running.client.signer(Purpose.ORGANISATION)
    with running.reach() as connection:
        said = Sign(purpose=Purpose.LOG, kid="A" * 43, message="")
        assert ask(connection, to_frame(said))["refused"]["code"] == "no-key"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"do":"public"}',
        b'{"do":["sign"]}',
        b'{"do":{}}',
        b'{"v":2,"do":"public","purpose":"log"}',
        b'{"v":1,"do":"public","purpose":"log","more":1}',
        b'{"v":1,"do":"public","purpose":"nothing"}',
        b'{"v":1,"do":"public","purpose":"log","purpose":"log"}',
        b'{"v":1,"do":"delete","purpose":"log"}',
        b'{"v":1,"do":"sign","purpose":"log"}',
        b'{"v":1,"do":"sign","purpose":"log","kid":"x","message":1}',
        b'{"v":1,"do":"sign","purpose":"log","kid":"x","message":"?"}',
        b'{"v":1.0,"do":"public","purpose":"log"}',
        b"[" * 100_000,
        b" " * (MOST_FRAME - 1),
    ],
)
def test_a_hostile_request_gets_a_refusal_and_the_next_one_is_answered(running, body):
    with running.reach() as connection:
        assert ask(connection, frame_of(body))["refused"]["code"] == "bad-request"
        assert ask(connection, frame_of(b'{"v":1,"do":"public","purpose":"log"}'))["keys"]


@pytest.mark.parametrize("head", [b"\xff\xff\xff\xff", (MOST_FRAME + 1).to_bytes(4, "big"), b"\0\0\0\0", b"GET "])
def test_a_frame_of_a_false_length_ends_the_connection_and_nothing_else(running, head):
    with running.reach() as connection:
        assert ask(connection, head)["refused"]["code"] == "bad-request"
        assert connection.recv(1) == b""
    assert running.client.usable(Purpose.LOG)


def test_clients_that_leave_in_the_middle_harm_nobody(running):
    request = frame_of(b'{"v":1,"do":"public","purpose":"log"}')
    for length in range(1, len(request)):
        with running.reach() as connection:
            connection.sendall(request[:length])
    with running.reach() as connection:
        connection.sendall(request)
    assert running.client.usable(Purpose.LOG)


def test_many_at_once_are_answered_each_with_its_own(running):
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            signer = running.client.signer(Purpose.EVIDENCE)
            for turn in range(20):
                message = f"{number}:{turn}".encode()
                signer.public.verify(signer.sign(message), message)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_when_every_place_is_taken_the_next_client_waits_for_one(running):
    request = frame_of(b'{"v":1,"do":"public","purpose":"log"}')
    crowd = [running.reach() for _ in range(MOST_SERVED)]
    assert [ask(connection, request)["keys"] != [] for connection in crowd] == [True] * MOST_SERVED
    with running.reach() as waiting:
        waiting.sendall(request)
        assert select.select([waiting], [], [], 0.1)[0] == []
        crowd.pop().close()
        assert answer(waiting)["keys"]
    for connection in crowd:
        connection.close()


def test_a_flood_of_connections_is_turned_away_and_leaves_no_trace(running):
    with ExitStack() as crowd:
        flood = [crowd.enter_context(running.reach()) for _ in range(MOST_OPEN + 16)]
        assert select.select(flood, [], [], 30)[0]
    assert running.client.usable(Purpose.LOG)


def test_only_its_user_can_reach_the_socket(running):
    assert stat.S_IMODE(running.path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_the_kernel_says_who_asks_and_strangers_are_not_served(running):
    running.path.chmod(0o666)
    running.home.chmod(0o711)
    program = (
        "import os,socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(10); os.setgid(65534); os.setuid(65534)\n"
        "s.connect(sys.argv[1])\n"
        "try: s.sendall(bytes.fromhex(sys.argv[2])); answer=s.recv(1)\n"
        "except ConnectionError: answer=b''\n"
        "sys.exit(7 if answer else 0)"
    )
    request = frame_of(b'{"v":1,"do":"public","purpose":"log"}').hex()
    try:
        done = subprocess.run([sys.executable, "-S", "-c", program, running.path, request], check=False, timeout=30)
    finally:
        running.path.chmod(0o600)
        running.home.chmod(0o700)
    assert done.returncode == 0
    assert any(line["event"] == "signer.stranger" for line in running.lines())


def test_a_renewed_and_a_revoked_key_count_at_once(running):
    before = running.client.signer(Purpose.HTTP)
    new = running.folder.renew(Purpose.HTTP, datetime.now(UTC))
    assert running.client.signer(Purpose.HTTP).public.kid == new.kid
    message = messages(running.folder)[Purpose.HTTP]
    before.public.verify(before.sign(message), message)
    running.folder.revoke(before.public.kid, datetime.now(UTC))
    with pytest.raises(NoKey):
        before.sign(message)


def test_each_signature_is_counted_and_logged_without_its_content(running):
    signer = running.client.signer(Purpose.EVIDENCE)
    signer.sign(b"a very telling content")
    line = [line for line in running.lines() if line["event"] == "signer.signed"][-1]
    assert line["purpose"] == "evidence"
    assert line["kid"] == signer.public.kid
    assert line["digest"] == hashlib.sha256(b"a very telling content").hexdigest()
    assert line["count"] >= 1
    assert "telling" not in running.log.read_text()


def test_no_other_process_of_this_user_may_read_its_memory(running):
    # A process that may not be dumped belongs to root in /proc, whoever runs it.
    assert Path(f"/proc/{running.process.pid}/mem").stat().st_uid == 0
    assert PASSPHRASE not in Path(f"/proc/{running.process.pid}/cmdline").read_text()


def test_a_second_signer_at_one_place_is_refused(running):
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(0)
    first = running.process
    try:
        running.start()
        assert running.process.wait(90) == 4
    finally:
        running.process = first
    assert "Another signer listens" in running.log.read_text()
    assert running.client.usable(Purpose.LOG)


def test_killed_it_is_started_again_at_the_same_place_and_clients_wait_for_it(running):
    signer = running.client.signer(Purpose.EVIDENCE)
    running.stop(signal.SIGKILL)
    assert running.path.exists()
    with pytest.raises(SignerAway, match=r"cannot be reached.*countermark node signer"):
        SignerSocket(running.path, retry_for=0).usable(Purpose.LOG)
    running.start()
    signer.public.verify(signer.sign(b"again"), b"again")


def test_told_to_stop_it_says_what_it_did_and_leaves_no_socket(running):
    running.client.signer(Purpose.EVIDENCE).sign(b"one")
    assert running.stop() == 0
    assert not running.path.exists()
    last = running.lines()[-1]
    assert last["event"] == "signer.stopped"
    assert last["evidence"] >= 1
    with pytest.raises(SignerAway, match="No such file"):
        SignerSocket(running.path, retry_for=0).usable(Purpose.LOG)


def test_with_a_wrong_passphrase_it_does_not_start(running):
    running.stop()
    (running.home / "passphrase").write_text("another-passphrase-of-enough-letters")
    running.start()
    assert running.process.wait(90) == 4
    assert "does not open" in running.log.read_text()
    assert "Traceback" not in running.log.read_text()


def test_nothing_secret_was_ever_written_to_the_log(running):
    text = running.log.read_text()
    assert "signer.listens" in text
    for secret in (PASSPHRASE, "another-passphrase-of-enough-letters", "PRIVATE KEY", "MIGj"):
        assert secret not in text

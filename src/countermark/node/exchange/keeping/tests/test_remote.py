"""The client believes nobody who merely listens where a signer should."""

import json
import socket
import threading
from pathlib import Path

import pytest

from countermark.node.exchange.keeping.problems import SignerAway
from countermark.node.exchange.keeping.remote import SignerSocket
from countermark.node.exchange.keeping.tests.running import frame_of
from countermark.proof import PrivateKey, Purpose
from countermark.proof.encoding import to_base64url


class Impostor(threading.Thread):
    """Something that listens where a signer should."""

    def __init__(self, path: Path, reply: bytes) -> None:
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(5)
        self.reply = reply

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(self.reply)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"", "ended the connection"),
        (b"\0\0\0\x05", "ended the connection"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "no signer of this version"),
        (frame_of(b"{}"), "no signer of this version"),
        (frame_of(b'{"v":1,"keys":[{"purpose":"log"}]}'), "no signer of this version"),
        (frame_of(b'{"v":1,"refused":{}}'), "no signer of this version"),
    ],
)
def test_whatever_else_listens_there_is_no_signer(tmp_path, reply, words):
    impostor = Impostor(tmp_path / "s", reply)
    impostor.start()
    with pytest.raises(SignerAway, match=words):
        SignerSocket(tmp_path / "s", retry_for=0).usable(Purpose.LOG)
    impostor.listener.close()


def test_a_signature_that_does_not_fit_is_not_believed(tmp_path):
    reply = frame_of(json.dumps({"v": 1, "signature": to_base64url(bytes(64))}).encode())
    impostor = Impostor(tmp_path / "s", reply)
    impostor.start()
    with pytest.raises(SignerAway, match="signs with another key"):
        SignerSocket(tmp_path / "s").sign(Purpose.EVIDENCE, PrivateKey.generate().public, b"x")
    impostor.listener.close()


def test_a_signer_that_is_silent_is_not_waited_for_for_ever(tmp_path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen(1)
        with pytest.raises(SignerAway, match=r"does not answer within 0.05 s"):
            SignerSocket(tmp_path / "s", timeout=0.05).usable(Purpose.LOG)

"""A signer started as a process of its own, and a client that says whatever it likes."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from countermark.node.exchange.keeping.remote import SignerSocket
from countermark.node.exchange.keeping.tests.conftest import ORIGIN, PASSPHRASE, open_folder
from countermark.proof import Purpose

#: A signer that a broken test forgot ends by itself.
LIFE_SECONDS = 300


class Running:
    """One signer process, its folder, and where it listens."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, home / "s.sock"
        self.folder = open_folder(home / "keys")
        self.folder.make_operational_keys(datetime.now(UTC))
        (home / "passphrase").write_text(PASSPHRASE)
        self.log = home / "log"
        self.start()

    def start(self, *more: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("COUNTERMARK_")}
        environment |= {
            "COUNTERMARK_HOME": str(self.home),
            "COUNTERMARK_SIGNER": str(self.path),
            "COUNTERMARK_NODE_NAME": ORIGIN,
            "COUNTERMARK_KEY_PASSPHRASE_FILE": str(self.home / "passphrase"),
        }
        program = f"import signal; signal.alarm({LIFE_SECONDS}); from countermark.cli.main import run; run()"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "node", "signer", *more], env=environment, stdout=log, stderr=log
            )

    @property
    def client(self) -> SignerSocket:
        return SignerSocket(self.path, retry_for=90)

    def ensure(self) -> None:
        """Start it again if it has ended, and wait until it answers."""
        if self.process.poll() is not None:
            (self.home / "passphrase").write_text(PASSPHRASE)
            self.start()
        self.client.usable(Purpose.LOG)

    def reach(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.path))  # without a time limit it waits for a place in the queue
        connection.settimeout(30)
        return connection

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(90)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def ask(connection: socket.socket, frame: bytes) -> Any:
    connection.sendall(frame)
    return answer(connection)


def answer(connection: socket.socket) -> Any:
    head = b""
    while len(head) < 4:
        head += connection.recv(4 - len(head)) or pytest.fail("the signer ended the connection")
    length, body = int.from_bytes(head, "big"), b""
    while len(body) < length:
        body += connection.recv(length - len(body)) or pytest.fail("the signer ended the connection")
    return json.loads(body)


def frame_of(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body

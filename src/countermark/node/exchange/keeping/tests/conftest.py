"""A key folder with all its keys, a day, and messages of every purpose."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from countermark.node.exchange.keeping.forms import Forms
from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.passphrases import from_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSPHRASE = "seven-invented-words-of-a-test-folder"
ORIGIN = "node.aurelle.example"


def open_folder(path: Path, passphrase: str = PASSPHRASE) -> KeyFolder:
    """The folder as a process that has just started sees it."""
    return KeyFolder(path, from_text(lambda: passphrase), Forms(ORIGIN))


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """A folder with one key for each purpose, valid from NOW."""
    made = open_folder(tmp_path / "home" / "keys")
    (tmp_path / "home").mkdir()
    made.make_operational_keys(NOW)
    return made

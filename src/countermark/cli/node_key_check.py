"""Whether the keys of a node can be used: what `countermark node keys check` looks at."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.manifest import OPERATIONAL, days_left
from countermark.node.exchange.keeping.problems import KeyProblem
from countermark.proof import Purpose

HOLDS, NOTE, DUE, FAILS = "holds", "note", "due", "FAILS"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: holds, note, due (renew it) or FAILS."""

    part: str
    state: str
    words: str


@dataclass(frozen=True)
class Report:
    """Everything that was looked at."""

    lines: list[Line]

    @property
    def usable(self) -> bool:
        """Whether the node can sign for every purpose."""
        return all(line.state != FAILS for line in self.lines)

    @property
    def due(self) -> bool:
        """Whether a key has to be renewed soon."""
        return any(line.state == DUE for line in self.lines)


def check_folder(folder: KeyFolder, now: datetime, days: int) -> Report:
    """Look at everything; what fails is a line, never an exception.

    Args:
        folder: the node's keys.
        now: aware.
        days: how many days before its end a key is due.
    """
    try:
        manifest = folder.manifest()
    except KeyProblem as problem:
        return Report([Line("folder", FAILS, problem.detail)])
    lines = [Line("folder", HOLDS, f"{len(manifest.keys)} keys, list and files fit")]
    lines += [_check_purpose(folder, purpose, now, days) for purpose in OPERATIONAL]
    if manifest.organisation is None:
        lines.append(Line("organisation", NOTE, "its public key is not known here; no agreement can be made yet"))
    if not folder.forms.origin:
        lines.append(Line("name", NOTE, "COUNTERMARK_NODE_NAME is not set; the log key would sign for any log"))
    return Report(lines + _check_passphrase_file())


def _check_purpose(folder: KeyFolder, purpose: Purpose, now: datetime, days: int) -> Line:
    part = purpose.value
    try:
        folder.signer(purpose, now)
        kept = folder.usable(purpose, now)[0]
    except KeyProblem as problem:
        return Line(part, FAILS, problem.detail)
    left = days_left(kept, now)
    words = f"opens; {left} days left, until {kept.valid_until[:10]}"
    if left < days:
        return Line(part, DUE, f"{words}. Renew it: countermark node keys renew {part}")
    return Line(part, HOLDS, words)


def _check_passphrase_file() -> list[Line]:
    named = os.environ.get("COUNTERMARK_KEY_PASSPHRASE_FILE", "").strip()
    if named and Path(named).exists() and Path(named).stat().st_mode & 0o077:
        return [Line("passphrase", NOTE, f"others may read {named}: chmod 600 {named}")]
    if os.environ.get("COUNTERMARK_KEY_PASSPHRASE", "").strip():
        words = "it stands in the environment, where child processes see it; COUNTERMARK_KEY_PASSPHRASE_FILE is better"
        return [Line("passphrase", NOTE, words)]
    return []

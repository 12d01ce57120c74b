"""What a key of each purpose may sign: forms so different that no message fits two of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from countermark.node.exchange.keeping.problems import WrongForm
from countermark.proof import Entry, OperationalKey, Purpose, Refused
from countermark.proof.canonical import canonical
from countermark.proof.checkpoints import Checkpoint
from countermark.proof.encoding import from_base64, from_base64url
from countermark.proof.entries import ALGORITHM, MOST_TOKEN, TYPE
from countermark.proof.ijson import read_object
from countermark.proof.shapes import as_record

#: Bytes of a message; Ed25519 needs all of it at once.
MOST_MESSAGE = 1024 * 1024
#: Ours begin so: keys that speak of themselves, rotations, agreements.
_OURS = b"countermark-"
_POSSESSION = "countermark-key/1"
_COSIGNATURE = "cosignature/v1"
_STAMP = re.compile(r"time ([1-9][0-9]{0,11})")
_FEED = re.compile(r"[A-Za-z0-9_.:-]{1,120}")
#: A component of RFC 9421, 2: its name, parameters, and a value that may be empty.
_COMPONENT = re.compile(r'("[!#-\[\]-~]+"(?:;[a-z*][a-z0-9_.*-]*(?:="[ !#-\[\]-~]*")?)*): ')
_PARAMETERS = '"@signature-params": '
_LONGEST_BASE = 64 * 1024
#: How far the time of a cosignature may be from our clock: it decides what a revoked key signed in time.
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Forms:
    """The rules of one node.

    Attributes:
        origin: name of this node in logs; its checkpoints begin with it, or with it and a slash. Empty: any name.
        clock: tells the time by which cosignatures are checked; None: not checked.
    """

    origin: str = ""
    clock: Callable[[], datetime] | None = None

    def check(self, message: bytes, key: OperationalKey) -> None:
        """Make sure that a key may sign a message.

        Raises:
            WrongForm: says what was expected, and nothing of the message.
        """
        if len(message) > MOST_MESSAGE:
            raise WrongForm(f"A message has at most {MOST_MESSAGE} bytes.")
        if message.startswith(_POSSESSION.encode() + b"\n"):
            allowed = _is_possession(message, key)
        else:
            allowed = _RULES[key.purpose](self, message, key)
        if not allowed:
            raise WrongForm(f"A key for {key.purpose} signs {_EXPECTED[key.purpose]}, and this is something else.")

    def entries(self, message: bytes, key: OperationalKey) -> bool:
        """Signing input of an entry (RFC 7515, 5.1) that names this key."""
        header, payload = _token_parts(message)
        return header == {"alg": ALGORITHM, "kid": key.public.kid, "typ": TYPE} and payload is not None

    def log(self, message: bytes, _key: OperationalKey) -> bool:
        """A checkpoint of our own log."""
        found = _checkpoint(message)
        if found is None:
            return False
        return not self.origin or found.origin == self.origin or found.origin.startswith(f"{self.origin}/")

    def witness(self, message: bytes, _key: OperationalKey) -> bool:
        """What a witness signs: our time, and a checkpoint of somebody."""
        lines = message.split(b"\n", 2)
        if len(lines) != 3 or lines[0] != _COSIGNATURE.encode() or _checkpoint(lines[2]) is None:
            return False
        stamp = _STAMP.fullmatch(lines[1].decode("ascii", "replace"))
        return stamp is not None and self._is_now(int(stamp[1]))

    def http(self, message: bytes, _key: OperationalKey) -> bool:
        """A signature base (RFC 9421, 2.5)."""
        return _is_signature_base(message)

    def evidence(self, message: bytes, _key: OperationalKey) -> bool:
        """Anything that has the form of no other purpose."""
        return not (
            message.startswith((_OURS, f"{_COSIGNATURE}\n".encode()))
            or _is_signature_base(message)
            or _checkpoint(message) is not None
            or (_token_parts(message)[0] or {}).get("typ") == TYPE
        )

    def _is_now(self, stamp: int) -> bool:
        return self.clock is None or abs(self.clock().timestamp() - stamp) <= CLOCK_SLACK.total_seconds()


_RULES: Mapping[Purpose, Callable[[Forms, bytes, OperationalKey], bool]] = {
    Purpose.ENTRIES: Forms.entries,
    Purpose.LOG: Forms.log,
    Purpose.WITNESS: Forms.witness,
    Purpose.HTTP: Forms.http,
    Purpose.EVIDENCE: Forms.evidence,
}
_EXPECTED: Mapping[Purpose, str] = {
    Purpose.ENTRIES: "entries that name it",
    Purpose.LOG: "checkpoints of this node's log (COUNTERMARK_NODE_NAME)",
    Purpose.WITNESS: "cosignatures of this minute",
    Purpose.HTTP: "signature bases of requests (RFC 9421)",
    Purpose.EVIDENCE: "what has the form of no other purpose",
}


def _is_possession(message: bytes, key: OperationalKey) -> bool:
    """A key says in a rotation that somebody holds it: only about itself, and with its own times."""
    lines = message.decode("ascii", "replace").split("\n")
    itself = [key.purpose.value, key.key, key.valid_from, key.valid_until]
    return len(lines) == 6 and _FEED.fullmatch(lines[1]) is not None and lines[2:] == itself


def _token_parts(message: bytes) -> tuple[dict[str, object] | None, Entry | None]:
    """Header and entry of a signing input; None for what is not one."""
    if len(message) > MOST_TOKEN or message.count(b".") != 1 or not message.isascii():
        return None, None
    first, second = message.decode("ascii").split(".")
    try:
        written = from_base64url(first)
        header = read_object(written)
    except Refused:
        return None, None
    try:
        said = read_object(from_base64url(second))
        return (dict(header), as_record(said, Entry)) if canonical(header) == written else (dict(header), None)
    except Refused:
        return dict(header), None


def _checkpoint(message: bytes) -> Checkpoint | None:
    try:
        lines = message.decode("utf-8").split("\n")
        if len(lines) != 4 or not lines[1].isascii() or not lines[1].isdigit() or len(lines[1]) > 19:
            return None
        found = Checkpoint(lines[0], int(lines[1]), from_base64(lines[2], "not-a-checkpoint"))
    except (UnicodeDecodeError, Refused):
        return None
    return found if found.text.encode() == message else None


def _is_signature_base(message: bytes) -> bool:
    if len(message) > _LONGEST_BASE or not message.isascii() or b"\r" in message:
        return False
    *components, parameters = message.decode("ascii").split("\n")
    found = [_COMPONENT.match(line) for line in components]
    if not found or not all(found):
        return False
    covered = " ".join(one[1] for one in found if one is not None)
    said = parameters.removeprefix(f"{_PARAMETERS}({covered})")
    return said.startswith(";") and len(said) < len(parameters)

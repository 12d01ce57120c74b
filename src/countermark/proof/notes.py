"""Signed notes (C2SP signed-note): text, an empty line, one line a signature."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from countermark.proof.encoding import from_base64, to_base64
from countermark.proof.keys import PublicKey
from countermark.proof.refusals import Refused

MOST_BYTES, MOST_SIGNATURES = 64 * 1024, 64
_DASH = "\u2014 "


class SignatureKind(IntEnum):
    """Signature types that are assigned by C2SP and used here."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True, slots=True)
class NoteKey:
    """Who may sign notes.

    Attributes:
        name: of the signer, a URL without scheme such as `node.aurelle.example/log`.
        key: its public key.
        kind: what its signatures mean.
    """

    name: str
    key: PublicKey
    kind: SignatureKind = SignatureKind.ED25519

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            raise Refused("not-a-note", "A key's name holds no space and no plus.")

    @property
    def key_id(self) -> bytes:
        """Four bytes: SHA-256(name, newline, type, public key)."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.key.raw
        return hashlib.sha256(named).digest()[:4]


@dataclass(frozen=True, slots=True)
class Note:
    """A note, taken apart; nothing of it is believed until a signature is checked.

    Attributes:
        text: with its last newline.
        signatures: name, key id (4 bytes) and signature of each line.
    """

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def by(self, known: NoteKey) -> list[bytes]:
        """Signatures which say that they are by this key; not checked."""
        return [one for name, key_id, one in self.signatures if name == known.name and key_id == known.key_id]


def signature_line(known: NoteKey, signature: bytes) -> str:
    """One line of a note, with its newline."""
    return f"{_DASH}{known.name} {to_base64(known.key_id + signature)}\n"


def read_note(note: str) -> Note:
    """Take a note apart.

    Raises:
        Refused: not-a-note or too-large.
    """
    if len(note.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise Refused("too-large", f"A note has at most {MOST_BYTES} bytes.")
    if any((ord(letter) < 0x20 and letter != "\n") or "\ud800" <= letter <= "\udfff" for letter in note):
        raise Refused("not-a-note", "It holds a control character.")
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise Refused("not-a-note", "Text, an empty line and signatures are expected.")
    found = [_read_line(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise Refused("too-large", f"A note has at most {MOST_SIGNATURES} signatures.")
    return Note(text + "\n", tuple(found))


def check_signed(note: Note, signers: Sequence[NoteKey]) -> list[NoteKey]:
    """Who of the known plain signers has signed.

    Raises:
        Refused: bad-signature when one of them is named and did not; unsigned-note when none is named.
    """
    signed = []
    for known in signers:
        signatures = note.by(known)
        for signature in signatures:
            known.key.verify(signature, note.text.encode())
        if signatures:
            signed.append(known)
    if not signed:
        raise Refused("unsigned-note")
    return signed


def _read_line(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name or "+" in name or not encoded:
        raise Refused("not-a-note", "A signature line is a dash, a name and base64.")
    data = from_base64(encoded, "not-a-note")
    if len(data) < 5:
        raise Refused("not-a-note", "A signature is too short.")
    return name, data[:4], data[4:]

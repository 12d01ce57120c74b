"""Checkpoints of a log (C2SP tlog-checkpoint) and the cosignatures of witnesses (C2SP tlog-cosignature)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from countermark.proof.encoding import from_base64, to_base64
from countermark.proof.keys import Signer
from countermark.proof.merkle import EMPTY_ROOT, HASH_BYTES
from countermark.proof.notes import Note, NoteKey, SignatureKind, check_signed, read_note, signature_line
from countermark.proof.refusals import Refused

_LARGEST = 2**63 - 1
_STAMP_BYTES = 8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was at one moment.

    Attributes:
        origin: the log's name.
        size: leaves.
        root: 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if (
            len(self.root) != HASH_BYTES
            or not 0 <= self.size <= _LARGEST
            or (self.size == 0) != (self.root == EMPTY_ROOT)
        ):
            raise Refused("not-a-checkpoint", "Size and root do not fit one another.")
        if not self.origin or "\n" in self.origin:
            raise Refused("not-a-checkpoint", "The origin is one line.")

    @property
    def text(self) -> str:
        """Three lines."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose log has signed it.

    Attributes:
        checkpoint: what it says.
        note: the text with all signatures, as it was received.
        witnessed: by witness name, when it saw this; only cosignatures that were checked.
    """

    checkpoint: Checkpoint
    note: str
    witnessed: dict[str, datetime]


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The note that a log publishes; the log's name is its origin."""
    return f"{checkpoint.text}\n" + signature_line(
        NoteKey(checkpoint.origin, signer.public), signer.sign(checkpoint.text.encode())
    )


def cosign(checkpoint: Checkpoint, name: str, signer: Signer, moment: datetime) -> str:
    """The line by which a witness says: at this second this was the largest consistent tree that I had seen.

    Raises:
        ValueError: a time without zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A time needs a zone.")
    stamp = int(moment.timestamp())
    known = NoteKey(name, signer.public, SignatureKind.COSIGNATURE)
    signature = signer.sign(_cosigned(stamp, checkpoint.text))
    return signature_line(known, stamp.to_bytes(_STAMP_BYTES, "big") + signature)


def open_checkpoint(note: str, logs: Sequence[NoteKey], witnesses: Sequence[NoteKey] = ()) -> SignedCheckpoint:
    """Read a checkpoint and check every signature of a known key.

    Args:
        note: text with signatures.
        logs: keys of the log, of kind ED25519; at least one must have signed, and its name must be the origin.
        witnesses: keys of kind COSIGNATURE. A missing cosignature is no error here, a wrong one is.

    Raises:
        Refused: not-a-note, not-a-checkpoint, unsigned-note, bad-signature or too-large.
    """
    taken = read_note(note)
    checkpoint = _read(taken.text)
    check_signed(taken, [key for key in logs if key.name == checkpoint.origin])
    return SignedCheckpoint(checkpoint, note, _witnessed(taken, witnesses))


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says without believing it: to find out whose it is.

    Raises:
        Refused: not-a-note, not-a-checkpoint or too-large.
    """
    return _read(read_note(note).text)


def _read(text: str) -> Checkpoint:
    lines = text.split("\n")
    # Three lines and the end of the last: lines beyond are allowed by C2SP, but nobody can audit them.
    if len(lines) != 4 or lines[3]:
        raise Refused("not-a-checkpoint", "Exactly three lines are expected.")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or len(size) > 19 or str(int(size)) != size:
        raise Refused("not-a-checkpoint", "The size is not a number in its only spelling.")
    return Checkpoint(origin, int(size), from_base64(root, "not-a-checkpoint"))


def _witnessed(note: Note, witnesses: Sequence[NoteKey]) -> dict[str, datetime]:
    seen: dict[str, datetime] = {}
    for known in witnesses:
        for signature in note.by(known):
            stamp = int.from_bytes(signature[:_STAMP_BYTES], "big")
            known.key.verify(signature[_STAMP_BYTES:], _cosigned(stamp, note.text))
            moment = _moment(stamp)
            # Of several, the first moment: later ones say no more about when it stood.
            seen[known.name] = min(moment, seen.get(known.name, moment))
    return seen


def _moment(stamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Refused("not-a-checkpoint", "A witness names a time beyond the calendar.") from error


def _cosigned(stamp: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()

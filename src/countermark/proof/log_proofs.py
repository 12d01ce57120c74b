"""One text that proves offline that something stands in a log (C2SP tlog-proof)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from countermark.proof.checkpoints import SignedCheckpoint, open_checkpoint
from countermark.proof.encoding import from_base64, to_base64
from countermark.proof.merkle import LONGEST_PROOF, check_inclusion, leaf_hash
from countermark.proof.notes import MOST_BYTES, NoteKey
from countermark.proof.refusals import Refused

FIRST_LINE = "c2sp.org/tlog-proof@v1"
SALT_BYTES = 32


def new_leaf_salt() -> bytes:
    """A salt for one leaf: only who has it can tell which entry the leaf stands for."""
    return secrets.token_bytes(SALT_BYTES)


def leaf_of(salt: bytes, entry_id: str) -> bytes:
    """The leaf of an entry in a node's log: SHA-256(salt || entry id), 32 bytes.

    All entries of all feeds of a node stand in one log; the salt goes to the partner of that feed alone, so others
    learn nothing but how many there are.
    """
    return hashlib.sha256(salt + bytes.fromhex(entry_id)).digest()


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof of inclusion, taken apart.

    Attributes:
        index: place of the leaf, from 0.
        path: hashes from the leaf's sibling up.
        note: the checkpoint with its signatures.
    """

    index: int
    path: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        """The file, as `.tlog-proof` files are written."""
        hashes = "".join(f"{to_base64(one)}\n" for one in self.path)
        return f"{FIRST_LINE}\nindex {self.index}\n{hashes}\n{self.note}"


def read_log_proof(text: str) -> LogProof:
    """Take a proof apart; opaque extra data are passed over, as they are not signed.

    Raises:
        Refused: proof-form or too-large.
    """
    if len(text) > MOST_BYTES:
        raise Refused("too-large", f"A proof has at most {MOST_BYTES} characters.")
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines[0] != FIRST_LINE:
        raise Refused("proof-form", f"It does not begin with {FIRST_LINE}.")
    if len(lines) > 1 and lines[1].startswith("extra "):
        from_base64(lines.pop(1)[len("extra ") :], "proof-form")
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise Refused("proof-form", "It names no index.")
    written = lines[1][len("index ") :]
    if not (written.isascii() and written.isdigit()) or len(written) > 19 or str(int(written)) != written:
        raise Refused("proof-form", "The index is not a number in its only spelling.")
    if len(lines) - 2 > LONGEST_PROOF:
        raise Refused("proof-form", "It has too many hashes.")
    return LogProof(int(written), tuple(from_base64(line, "proof-form") for line in lines[2:]), note)


def check_log_proof(
    proof: LogProof, leaf: bytes, logs: Sequence[NoteKey], witnesses: Sequence[NoteKey]
) -> SignedCheckpoint:
    """Make sure that a leaf stands in a log, under a checkpoint that the log and a witness have signed.

    Returns:
        The checkpoint; its `witnessed` says by which time.

    Raises:
        Refused: what `open_checkpoint` and `check_inclusion` raise; not-witnessed when no witness has signed.
    """
    signed = open_checkpoint(proof.note, logs, witnesses)
    check_inclusion(leaf_hash(leaf), proof.index, signed.checkpoint.size, proof.path, signed.checkpoint.root)
    if not signed.witnessed:
        raise Refused("not-witnessed")
    return signed

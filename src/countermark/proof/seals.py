"""What a piece of evidence was when it was sealed, and who had it since: canonical lines that hang together by hash."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from countermark.proof.canonical import canonical
from countermark.proof.entries import read_moment
from countermark.proof.ijson import Plain, read_object
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

FORMAT = "countermark-seal/1"
NOTHING_BEFORE = "0" * 64
SEALED = "sealed"
#: Type of the entry by which a partner, and the log, learn of a seal; its data name it as `seal`.
ENTRY_TYPE = "evidence.sealed"
MOST_BYTES = 8 * 1024 * 1024


class SealedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: name in the bag, SHA-256 in hexadecimal, bytes."""

    name: str
    sha256: str
    size: int


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of files that is never changed again.

    Attributes:
        evidence: its id, `evd_…`.
        sealed: when, by the clock of the node that sealed it; the timestamps say it by others' clocks.
        sealer: name of the organisation.
        files: in the order of their names.
        format: of this text.
    """

    evidence: str
    sealed: str
    sealer: str
    files: tuple[SealedFile, ...]
    format: str = FORMAT

    def to_bytes(self) -> bytes:
        """The text that is stamped: one spelling (RFC 8785)."""
        plain: Plain = msgspec.to_builtins(self)
        return canonical(plain)


def digest(data: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def seal_in(content: Mapping[str, Plain]) -> Plain:
    """The hash of a seal that an entry of ENTRY_TYPE names: as it is, or among the fields of an item."""
    fields = content.get("fields")
    return content.get("seal") or (fields.get("seal") if isinstance(fields, dict) else None)


def read_seal(data: bytes) -> Seal:
    """Read a seal.

    Raises:
        Refused: not-a-seal, too-large, not-json.
    """
    if len(data) > MOST_BYTES:
        raise Refused("too-large", "The seal is larger than any honest one.")
    seal = as_record(read_object(data), Seal, "not-a-seal")
    names = [one.name for one in seal.files]
    if seal.format != FORMAT or names != sorted(set(names)) or seal.to_bytes() != data:
        raise Refused("not-a-seal", "It is not in its one spelling.")
    read_moment(seal.sealed)
    return seal


def check_seal(seal: Seal, hashes: Mapping[str, str], sizes: Mapping[str, int]) -> None:
    """Make sure that a seal is for these files and no others.

    Args:
        seal: what was sealed.
        hashes: SHA-256 of each file that is there.
        sizes: bytes of each.

    Raises:
        Refused: not-sealed.
    """
    sealed = {one.name: one for one in seal.files}
    for name in sorted(sealed.keys() | hashes.keys()):
        one = sealed.get(name)
        if one is None:
            raise Refused("not-sealed", f"{name} came later: the seal does not know it.")
        if name not in hashes:
            raise Refused("not-sealed", f"{name} was sealed and is not there.")
        if (one.sha256, one.size) != (hashes[name], sizes[name]):
            raise Refused("not-sealed", f"{name} is not the file that was sealed.")


class CustodyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happened to a piece of evidence.

    Attributes:
        seq: place, from 1.
        prev: digest of the line before, zeros for the first.
        at: when, by the node's clock.
        actor: `usr_…`, `worker` or `system`; the node knows who that is.
        action: such as `sealed`, `viewed`, `exported`, `held`.
        detail: facts, all text.
    """

    seq: int
    prev: str
    at: str
    actor: str
    action: str
    detail: dict[str, str]

    def to_bytes(self) -> bytes:
        """The line in its one spelling, without its end."""
        plain: Plain = msgspec.to_builtins(self)
        return canonical(plain)

    @property
    def digest(self) -> str:
        """What the next line names as `prev`."""
        return digest(self.to_bytes())


def check_custody(lines: Sequence[CustodyLine]) -> None:
    """Make sure that lines follow one another.

    Raises:
        Refused: broken-custody, with the first line that does not follow.
    """
    before, at = NOTHING_BEFORE, ""
    for place, line in enumerate(lines, start=1):
        if (line.seq, line.prev) != (place, before):
            raise Refused("broken-custody", f"Line {place} does not follow the one before it.")
        if line.at < at:
            raise Refused("broken-custody", f"Line {place} says an earlier time than the one before it.")
        before, at = line.digest, line.at


def write_custody(lines: Sequence[CustodyLine]) -> bytes:
    """The file: a line of JSON each."""
    return b"".join(line.to_bytes() + b"\n" for line in lines)


def read_custody(data: bytes) -> list[CustodyLine]:
    """Read the file and make sure that it hangs together.

    Raises:
        Refused: broken-custody, too-large, not-json.
    """
    if len(data) > MOST_BYTES:
        raise Refused("too-large", "The record of custody is larger than any honest one.")
    lines = [as_record(read_object(line), CustodyLine, "broken-custody") for line in data.split(b"\n")[:-1]]
    if not lines or write_custody(lines) != data:
        raise Refused("broken-custody", "It is empty, or a line is not in its one spelling.")
    check_custody(lines)
    return lines

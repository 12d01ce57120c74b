"""The words of an act as a file: what retention deletes, while the line that names its hash stays."""

import secrets

import msgspec

from countermark.proof.canonical import canonical
from countermark.proof.encoding import to_base64url
from countermark.proof.ijson import Plain, read_object
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

FORMAT = "countermark-act/1"


class Brought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that came with an act.

    Attributes:
        name: below `data/`.
        sha256, size, media_type: of its bytes.
        brought_as: what the person called it.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    brought_as: str


class ActWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act as it was recorded: `data/acts/….json` in a bag.

    Attributes:
        purchase: its id, `prc_…`.
        act: what was done.
        recorded: when it was written down, by the node's clock; `words.at` says when it happened.
        actor: who wrote it down, `usr_…`.
        words: the fields of the act.
        files: what came with it.
        corrects: place of the act whose words these replace, 0 when none.
        salt: random, so that nobody can guess deleted words by their hash.
    """

    purchase: str
    act: str
    recorded: str
    actor: str
    words: dict[str, str]
    files: tuple[Brought, ...]
    corrects: int
    salt: str
    format: str = FORMAT

    def to_bytes(self) -> bytes:
        """The file: one spelling (RFC 8785)."""
        plain: Plain = msgspec.to_builtins(self)
        return canonical(plain)


def fresh_salt() -> str:
    """256 random bits, base64url."""
    return to_base64url(secrets.token_bytes(32))


def read_words(data: bytes) -> ActWords:
    """Read the file of an act. Raises Refused: broken-custody, not-json."""
    said = as_record(read_object(data), ActWords, "broken-custody")
    if said.format != FORMAT or said.to_bytes() != data:
        raise Refused("broken-custody", "The words of an act are not in their one spelling.")
    return said

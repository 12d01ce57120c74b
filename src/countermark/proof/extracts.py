"""The file that leaves the node for a stranger: entries, and all that is needed to check them without us."""

import msgspec

from countermark.proof.agreements import SignedAgreement
from countermark.proof.commitments import Carried
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import Entry
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

FORMAT = "countermark-extract/1"
MOST_BYTES, MOST_ENTRIES = 64 * 1024 * 1024, 100_000
RECEIPT = "receipt"


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes that an entry commits to, and their salt, both base64url."""

    data: str
    salt: str
    media_type: str

    def carried(self) -> Carried:
        """The bytes themselves.

        Raises:
            Refused: not-an-extract.
        """
        data, salt = (from_base64url(text, "not-an-extract") for text in (self.data, self.salt))
        return Carried(data, salt, self.media_type)

    @classmethod
    def of(cls, carried: Carried) -> "Beside":
        """As it stands in a file."""
        return cls(to_base64url(carried.data), to_base64url(carried.salt), carried.media_type)


class Logged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That an entry stands in its publisher's log: salt of its leaf (base64url) and the text of a `.tlog-proof`."""

    salt: str
    proof: str


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The other side's signature for an entry.

    Attributes:
        token: the entry of type `receipt` in the other side's feed.
        index: place of the receipted entry under the root that the receipt names, from 0.
        path: audit path to that root, base64url.
        logged: that the receipt stands in the other side's log.
    """

    token: str
    index: int
    path: tuple[str, ...]
    logged: Logged | None = None


class ExtractEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry with its proofs; what is None is not shown by this file."""

    token: str
    beside: Beside | None = None
    logged: Logged | None = None
    receipt: Receipt | None = None


class Contradiction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two signed statements for one place: `what` is `entry` or `checkpoint`."""

    what: str
    first: str
    second: str


class Extract(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of one feed or several.

    Attributes:
        format: of this file.
        agreements: every version that an entry names, with both signatures.
        key_changes: tokens that rotated or revoked keys, in order.
        entries: in order of feed and place.
        contradictions: proofs that somebody signed two things for one place.
    """

    format: str = FORMAT
    agreements: tuple[SignedAgreement, ...]
    key_changes: tuple[str, ...] = ()
    entries: tuple[ExtractEntry, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


def write_extract(extract: Extract) -> bytes:
    """The file's bytes: the same extract gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(extract, order="deterministic"), indent=1) + b"\n"


def read_extract(data: bytes) -> Extract:
    """Read a file from anybody; nothing in it is checked yet but its form.

    Raises:
        Refused: too-large, not-json or not-an-extract.
    """
    if len(data) > MOST_BYTES:
        raise Refused("too-large", f"An extract has at most {MOST_BYTES >> 20} MiB.")
    said = read_object(data)
    if said.get("format") != FORMAT:
        raise Refused("not-an-extract", f"It does not say that it is {FORMAT}.")
    extract = as_record(said, Extract, "not-an-extract")
    if len(extract.entries) > MOST_ENTRIES:
        raise Refused("too-large", f"An extract has at most {MOST_ENTRIES} entries.")
    return extract


def receipt_data(feed: str, seq: int, root: bytes) -> dict[str, str | int]:
    """What an entry of type `receipt` carries: everything of `feed` up to place `seq` came, under this root.

    The root is that of the RFC 6962 tree whose leaves are the entry ids (32 bytes each) of places 1 to `seq`.
    """
    return {"feed": feed, "seq": seq, "root": root.hex()}


def receipted(entry: Entry) -> tuple[str, int, bytes]:
    """Feed, place and root that a receipt names.

    Raises:
        Refused: wrong-receipt.
    """
    data = entry.data or {}
    feed, seq, root = data.get("feed"), data.get("seq"), data.get("root")
    if entry.type != RECEIPT or not isinstance(feed, str) or not isinstance(root, str) or len(data) != 3:
        raise Refused("wrong-receipt", "A receipt names a feed, a place and a root.")
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise Refused("wrong-receipt", "The place is not a number.")
    try:
        return feed, seq, bytes.fromhex(root)
    except ValueError as error:
        raise Refused("wrong-receipt", "The root is not hexadecimal.") from error

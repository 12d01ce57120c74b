"""Two signed statements for one place: a proof of fault that anybody can check with the signer's key alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from countermark.proof.checkpoints import open_checkpoint
from countermark.proof.entries import KeyFinder, open_entry
from countermark.proof.ijson import Plain
from countermark.proof.notes import NoteKey
from countermark.proof.refusals import Refused


@dataclass(frozen=True, slots=True)
class Equivocation:
    """What was signed twice.

    Attributes:
        what: `entry` or `checkpoint`.
        where: feed and place, or log and size.
        first: one of the two signed texts, as it was received.
        second: the other.
    """

    what: str
    where: str
    first: str
    second: str

    def as_plain(self) -> Plain:
        """As it stands in a file of kind `equivocation`."""
        return {"what": self.what, "where": self.where, "first": self.first, "second": self.second}


def entries_contradict(first: str, second: str, find_key: KeyFinder) -> Equivocation:
    """Two tokens with other bytes for one place of one feed, each signed by a key that could.

    Raises:
        Refused: not-equivocation, or what `open_entry` raises.
    """
    one, other = open_entry(first, find_key), open_entry(second, find_key)
    same_place = (one.entry.feed, one.entry.seq) == (other.entry.feed, other.entry.seq)
    if not same_place or one.entry_id == other.entry_id:
        raise Refused("not-equivocation")
    return Equivocation("entry", f"{one.entry.feed} at {one.entry.seq}", first, second)


def checkpoints_contradict(first: str, second: str, logs: Sequence[NoteKey]) -> Equivocation:
    """Two checkpoints of one log with one size and two roots, both signed by the log.

    Raises:
        Refused: not-equivocation, or what `open_checkpoint` raises.
    """
    one, other = (open_checkpoint(note, logs).checkpoint for note in (first, second))
    if (one.origin, one.size) != (other.origin, other.size) or one.root == other.root:
        raise Refused("not-equivocation")
    return Equivocation("checkpoint", f"{one.origin} at {one.size}", first, second)

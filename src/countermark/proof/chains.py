"""The order of a feed: each entry follows the one before it, none is missing, none was changed."""

from dataclasses import dataclass

from countermark.proof.entries import NOTHING_BEFORE, SignedEntry
from countermark.proof.refusals import Refused


@dataclass(frozen=True, slots=True)
class Head:
    """How far a feed is known.

    Attributes:
        feed: its id.
        agreement: hash of the agreement that its next entry must name; None takes any.
        seq: place of the last entry, 0 before the first.
        digest: digest of that entry, zeros before the first.
    """

    feed: str
    agreement: str | None = None
    seq: int = 0
    digest: str = NOTHING_BEFORE

    def follow(self, signed: SignedEntry) -> "Head":
        """The head after one more entry.

        Raises:
            Refused: wrong-feed, wrong-agreement, gap, equivocation (this place is taken, by other bytes) or
                broken-chain. The same entry once more is refused as equivocation only when its bytes differ; use
                `is_known` first.
        """
        entry = signed.entry
        if entry.feed != self.feed:
            raise Refused("wrong-feed", f"It belongs to {entry.feed}.")
        if self.agreement is not None and entry.agreement != self.agreement:
            raise Refused("wrong-agreement")
        if entry.seq <= self.seq:
            raise Refused("equivocation", f"Place {entry.seq} of {self.feed} is taken.")
        if entry.seq != self.seq + 1:
            raise Refused("gap", f"Expected {self.seq + 1}, found {entry.seq}.")
        if entry.prev != self.digest:
            raise Refused("broken-chain", f"At {entry.seq} of {self.feed}.")
        return Head(self.feed, self.agreement, entry.seq, signed.digest)

    def is_known(self, signed: SignedEntry) -> bool:
        """Whether this very entry is the head: a page that was delivered twice."""
        return signed.entry.feed == self.feed and signed.entry.seq == self.seq and signed.digest == self.digest

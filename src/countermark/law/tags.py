"""How well a rule is known, and who has put a name under it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from countermark.model import InvalidRecord


class Tag(StrEnum):
    """How a source was read. Only the first two let a rule act by itself."""

    PRIMARY = "P"
    QUOTED = "Q"
    WEAK = "q"
    MEMORY = "M"
    OWN = "O"

    @property
    def words(self) -> str:
        """The tag as a person reads it."""
        return _WORDS[self]

    @property
    def is_confirmed(self) -> bool:
        """Whether the text of the norm was read, itself or word for word in a good quotation."""
        return self in (Tag.PRIMARY, Tag.QUOTED)


_WORDS = {
    Tag.PRIMARY: "the text of the norm was read",
    Tag.QUOTED: "read in a verbatim quotation, on a page of the authority or of the platform",
    Tag.WEAK: "read in a weak or undated source",
    Tag.MEMORY: "from memory, not verified",
    Tag.OWN: "our own policy, no norm",
}

#: From best to worst; a rule is as good as its worst source.
_ORDER = (Tag.PRIMARY, Tag.QUOTED, Tag.WEAK, Tag.OWN, Tag.MEMORY)


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a rule stands.

    Attributes:
        norm: statute and article, or the page of a platform, as a lawyer cites it.
        tag: how it was read.
    """

    norm: str
    tag: Tag

    def __post_init__(self) -> None:
        if not self.norm.strip():
            raise InvalidRecord("sources", "a source names no norm.", "Write statute and article.")

    def __str__(self) -> str:
        return f"{self.norm} [{self.tag.value}]"


def weakest(sources: Iterable[Source]) -> Tag:
    """The tag that a rule with these sources deserves: that of its worst one.

    Raises:
        ValueError: no source at all.
    """
    return max((source.tag for source in sources), key=_ORDER.index)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A named person has read a rule and stands for it; kept by the caller, handed in when something is to act.

    Attributes:
        rule: `regime/rule`, or the id of a counting rule.
        version: hash of the rule as it was read; a changed rule needs a new review.
        reviewer: who signs; a name or an id that the caller can resolve.
        day: when.
    """

    rule: str
    version: str
    reviewer: str
    day: date

    def __post_init__(self) -> None:
        if not (self.rule and self.version and self.reviewer.strip()):
            raise InvalidRecord("review", "rule, version or reviewer is empty.", "Name what was reviewed, and by whom.")


def is_signed(rule: str, version: str, reviews: Iterable[Review]) -> bool:
    """Whether someone has signed this very version of a rule."""
    return any(one.rule == rule and one.version == version for one in reviews)

"""What a regime asks to be written: fields, declarations, and proof for each reason of a notice."""

from enum import StrEnum

import msgspec

from countermark.law.tags import Source
from countermark.law.versions import version_of
from countermark.model import RightKind


class Paper(StrEnum):
    """What is written."""

    NOTICE = "notice"
    COUNTER = "counter-notice"
    STATEMENT = "statement of reasons"


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing to be written.

    Attributes:
        id: key in the draft.
        title, mend: its name, and what to do when it is missing.
        of: papers it belongs to.
        sources: never empty.
        needed: False = allowed, not a condition.
        longest: characters; 0 = no limit known.
        shortest: characters below which nothing can have been said.
        kinds: only for rights of these kinds; empty = all.
        reasons: only for these reasons; empty = all.
        one_of: the only texts that are taken; empty = any.
    """

    id: str
    title: str
    mend: str
    of: tuple[Paper, ...]
    sources: tuple[Source, ...]
    needed: bool = True
    longest: int = 0
    shortest: int = 1
    kinds: tuple[RightKind, ...] = ()
    reasons: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A sentence that somebody signs.

    Attributes:
        id: `good-faith`.
        text: the very words; what is signed is their hash.
        of: papers it belongs to.
        sources: never empty.
    """

    id: str
    text: str
    of: tuple[Paper, ...]
    sources: tuple[Source, ...]

    @property
    def version(self) -> str:
        """Hash of the words."""
        return version_of(self.text)


class Ground(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A reason that a notice can give, and what must lie beside it.

    Attributes:
        id: `counterfeit`.
        title: for people.
        kinds: rights that it can rest on.
        evidence: each inner list is one demand: at least one piece of one of these kinds.
        sources: never empty.
        code: what the platform calls it; empty where it has no codes.
    """

    id: str
    title: str
    kinds: tuple[RightKind, ...]
    sources: tuple[Source, ...]
    evidence: tuple[tuple[str, ...], ...] = ()
    code: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that a regime asks to be written.

    Attributes:
        evidence: glossary: kind of evidence to its words.
        most_items: listings in one notice; 0 = no limit known.
        needs_mandate: somebody who is not the owner must show an authorisation.
        class_matters: the goods must lie in a class of the mark, or the notice explains why they need not.
    """

    fields: tuple[Field, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    grounds: tuple[Ground, ...] = ()
    evidence: dict[str, str] = {}
    most_items: int = 0
    needs_mandate: bool = True
    class_matters: bool = True

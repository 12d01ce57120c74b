"""Terms as sentences to read, and what differs between two documents; for terms of any age and any hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from countermark.node.exchange.rules.comparing import Section, changes, in_words
from countermark.node.exchange.rules.terms import Terms, read_terms
from countermark.node.exchange.shown import AgreementShown, VersionShown
from countermark.node.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a person reads it.

    Attributes:
        sections: groups of sentences; empty when it cannot be read.
        problem: why it cannot be read, in words.
    """

    sections: tuple[Section, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a document changes against another one.

    Attributes:
        against: the other one.
        sentences: one for each change; empty when nothing differs.
        unreadable: one of the two cannot be read, so nothing can be said.
    """

    against: VersionShown
    sentences: tuple[str, ...]
    unreadable: bool = False


def understood(plain: Mapping[str, object]) -> Terms | None:
    """Terms, or None when this node cannot read them."""
    try:
        return read_terms(plain)
    except Invalid:
        return None


def reading_of(version: VersionShown) -> Reading:
    """A document in words."""
    try:
        return Reading(in_words(read_terms(version.terms)))
    except Invalid as problem:
        return Reading((), problem.detail[:600])


def difference(version: VersionShown, against: VersionShown) -> Difference:
    """What one document changes against another."""
    old, new = understood(against.terms), understood(version.terms)
    if old is None or new is None:
        return Difference(against, (), unreadable=True)
    return Difference(against, tuple(changes(old, new)))


def to_compare_with(shown: AgreementShown, version: VersionShown) -> VersionShown | None:
    """With what a person compares a document: the version in force, else the document before it."""
    in_force = shown.in_force
    if in_force is not None and in_force.digest != version.digest:
        return in_force
    place = shown.versions.index(version)
    return shown.versions[place + 1] if place + 1 < len(shown.versions) else None

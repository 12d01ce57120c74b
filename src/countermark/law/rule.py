"""One rule of a regime: what somebody must, may or must not, by when, and where that stands."""

from datetime import date
from enum import StrEnum

import msgspec

from countermark.law.tags import Source, Tag, weakest
from countermark.law.versions import version_of


class Basis(StrEnum):
    """What makes a rule bind."""

    STATUTE = "statute"
    CONTRACT = "contract"
    POLICY = "policy"


class Role(StrEnum):
    """What a rule is to the one it addresses."""

    DUTY = "duty"  # must be done
    CHANCE = "chance"  # may be done, while the time runs
    WAIT = "wait"  # nothing may be undone before the time is over
    WINDOW = "window"  # may and must be done inside the time
    FACT = "fact"  # no time: a limit, a consequence, a definition


class Time(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long, and counted how.

    Attributes:
        period: `15 days`; or, with the counting rule QUAL, the words of the norm (`without undue delay`).
        count: id of a counting rule.
        earliest: for a window: the period after which it opens.
        runs_from: empty = the day of the event that starts it; `start of X` or `end of X` = a clock already started;
            `X or Y` = whichever started last.
        place: whose calendar, where the counting rule says `place`; empty = that of the case.
        reading: when a norm can be read in two ways, which one this is.
    """

    period: str
    count: str
    earliest: str = ""
    runs_from: str = ""
    place: str = ""
    reading: str = ""

    @property
    def is_qualitative(self) -> bool:
        """Whether the norm gives no number."""
        return self.count == "QUAL"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule.

    Attributes:
        id: stable, never an article number: articles are renumbered, rules are not.
        title: a few words.
        says: the rule in plain sentences.
        sources: never empty; the worst of their tags is the tag of the rule.
        basis: statute, contract (terms of a platform, rules of a provider) or our own policy.
        who: the actor it addresses; empty when it addresses nobody.
        role: see `Role`.
        time: how long; None when the rule has no time.
        other_reading: id of the rule that counts the second reading of the same norm.
        holds_if, unless: facts of the case that must, or must not, be true for the rule to start.
        valid_from, valid_to: first and last day in force; None = as long as the regime.
    """

    id: str
    title: str
    says: str
    sources: tuple[Source, ...]
    basis: Basis = Basis.STATUTE
    who: str = ""
    role: Role = Role.FACT
    time: Time | None = None
    other_reading: str = ""
    holds_if: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def tag(self) -> Tag:
        """That of its weakest source."""
        return weakest(self.sources)

    @property
    def version(self) -> str:
        """Hash of its content; a review names it."""
        return version_of(self)

    def is_in_force(self, day: date) -> bool:
        """Whether the rule itself is in force on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

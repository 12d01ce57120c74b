"""The five things that are asked for a permit, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from countermark.node.exchange.rules.actions import AgreementState
from countermark.node.exchange.rules.reasons import ALLOWED, sentence
from countermark.node.exchange.rules.term_parts import Terms


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act.

    Attributes:
        party: id of the party in the agreement.
        kind: an `OrganisationKind`.
        role: a `Role`, or `node` for what a node does by itself.
    """

    party: str
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Item:
    """What an act is about. Any text is accepted here; what is not known is denied.

    Attributes:
        kind: an `ItemKind`.
        owner: id of the party that stated it.
        fields: the fields that would be sent, shown or taken out, each with the class that its owner stated, or
            with an empty text when the owner stated none; the stricter of stated and agreed class counts.
        territories: every country it concerns, ISO 3166-1 alpha-2 in capitals.
        purpose: id of a purpose of the agreement.
        retain_until: last day on which it may be read; None when nothing has to be deleted.
        withdrawn: its owner has withdrawn it.
        may_be_passed_on: it came from a third party, and a permit of that agreement for `pass_on` was given.
        recipient: for `pass_on`: the `OrganisationKind` of the third organisation.
    """

    kind: str
    owner: str
    fields: Mapping[str, str] = field(default_factory=dict)
    territories: tuple[str, ...] = ()
    purpose: str = ""
    retain_until: date | None = None
    withdrawn: bool = False
    may_be_passed_on: bool = False
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One party of an agreement, and which kind of organisation it is."""

    party: str
    kind: str


_IN_FORCE = frozenset({AgreementState.AGREED, AgreementState.SUSPENDED})
_BOUND = _IN_FORCE | {AgreementState.ENDED}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement stands.

    Attributes:
        terms: of the version that is asked about.
        sides: its two parties.
        state: an `AgreementState`.
        since: when this state began, aware.
        valid_from: before it, agreed terms allow nothing yet; None when from the signature.
        valid_until: from it on, the agreement has ended, whatever `state` says; None when open.
    """

    terms: Terms
    sides: tuple[Side, Side]
    state: str
    since: datetime
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def at(self, now: datetime) -> tuple[str, datetime]:
        """State at a moment, and since when; all times aware."""
        if self.over(now) and self.valid_until is not None and self.state in _IN_FORCE:
            return AgreementState.ENDED, self.valid_until
        return self.state, self.since

    def when_said(self, moment: datetime) -> "Standing":
        """As it stood when a partner spoke: what was said before a suspension or an end still counts.

        The partner could not know of it; without this the two histories would differ by how fast entries travel.
        """
        return replace(self, state=AgreementState.AGREED) if moment < self.since and self.state in _BOUND else self

    def over(self, now: datetime) -> bool:
        """Whether its last day is past; an offer that nobody signed until then has lapsed, it has not ended."""
        return self.valid_until is not None and now >= self.valid_until

    def side(self, party: str) -> Side | None:
        """The side of a party, None for anybody else."""
        return next((side for side in self.sides if side.party == party), None)


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer.

    Attributes:
        allow: whether it may be done.
        reason: `allowed`, or a key of `reasons.DENIALS`.
        sentence: the reason for a person, who can act on it.
    """

    allow: bool
    reason: str
    sentence: str

    @classmethod
    def given(cls) -> "Permit":
        """It may be done."""
        return cls(allow=True, reason=ALLOWED, sentence=sentence(ALLOWED, {}))

    @classmethod
    def denied(cls, code: str, **words: str) -> "Permit":
        """It may not be done, and why."""
        return cls(allow=False, reason=code, sentence=sentence(code, words))

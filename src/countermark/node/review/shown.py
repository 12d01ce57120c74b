"""What the review screen is given: frozen records, complete, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countermark.model import Level
from countermark.node.findings.explaining import Explanation
from countermark.node.findings.shown import Capped, FindingDetail
from countermark.node.review.verdicts import ReasonCode, Verdict


class Comparison(StrEnum):
    """Third column of the facts table."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FactLine:
    """One row of the facts table: what is offered beside what is protected.

    Attributes:
        code: stable name of the row (`mark`, `price`, `seller`, `ships_from`, `territory`, `condition`).
        label: English label.
        offered, protected: as text; empty when not known.
        comparison: how the two agree.
    """

    code: str
    label: str
    offered: str
    protected: str
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseShown:
    """Who holds an item.

    Attributes:
        mine: the member who looks holds it and may decide.
        token: to be sent back with the decision; empty unless `mine`.
        holder: name of the person who holds it; empty when nobody does.
        until: when the hold ends, None when nobody holds it.
    """

    mine: bool
    token: str
    holder: str
    until: datetime | None

    def sentence(self) -> str:
        """Who has the item, in words."""
        if self.until is None:
            return "Nobody holds this item."
        return f"{self.holder} has this item until {self.until:%H:%M} UTC."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """A decision as it was taken, with what the person saw.

    Attributes:
        id: `dcs_…`.
        finding_id: `fnd_…` that was judged.
        by_id, by: who; the name as it is today.
        undone: a later decision of the same person took it back.
        undo_until: until when its author may undo it; None when it cannot be undone any more, or by this member.
    """

    id: str
    finding_id: str
    verdict: Verdict
    reason: ReasonCode
    note: str
    by_id: int
    by: str
    at: datetime
    seconds: int
    undone: bool
    undo_until: datetime | None
    policy_hash: str
    engine_version: str
    reference_hash: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands in its queue: `position` of `length`, both counted up to a cap."""

    position: Capped
    length: Capped


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonChoices:
    """The reasons one verdict offers and the one to preselect."""

    verdict: Verdict
    reasons: tuple[ReasonCode, ...]
    suggested: str
    note_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """Everything the review screen shows about one item.

    Attributes:
        finding: the finding with its listing, seller, right and pictures.
        explanation: the reasons in words; hide the figures while `blind`.
        facts: rows of the facts table.
        lease: who holds it; `lease.mine` and `may_decide` together open the decision bar.
        may_decide: the member's role and the queue allow a decision; else `why_not` says why, in a sentence.
        choices: the verdicts offered here, each with its reasons.
        blind: a second look: the first verdict and the score stay hidden until this one is given.
        decisions: earlier decisions on this listing and house, newest first; empty while `blind`.
        place: position and length of the queue under the filters.
        next_ids: up to two `fnd_…` that come after this one, for the page to prefetch.
        undoable: the member's latest decision that can still be undone, on whatever item.
    """

    finding: FindingDetail
    explanation: Explanation
    facts: tuple[FactLine, ...]
    lease: LeaseShown
    may_decide: bool
    why_not: str
    choices: tuple[ReasonChoices, ...]
    blind: bool
    decisions: tuple[DecisionShown, ...]
    place: Place
    next_ids: tuple[str, ...]
    undoable: DecisionShown | None

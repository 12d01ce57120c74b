"""What became of one notice, read from its deeds up to a moment. Pure: all counting stands on it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from countermark.node.notices.states import BACK, Deed


class Fate(StrEnum):
    """Where the accusation stands. Never more than “upheld by the platform”: only a court finds."""

    WAITING = "waiting"
    UPHELD = "upheld"
    CONTESTED = "contested"
    REFUSED = "refused"
    REVERSED = "reversed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """One deed: what, when (as its signed entry says), with which reason."""

    deed: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One notice.

    Attributes:
        notice, seller, house, ground: id of the notice, of the shop (empty when unknown), brand, code of the ground.
        fate: where it stands.
        decided_at: when the platform first removed, refused or accepted the answer; None before.
        refusal: reason of a refusal.
        answered, kept: the seller answered; the platform kept the offer down after it.
        back_at, back_reason: when and why the offer came back.
        error: it was withdrawn as a mistake.
    """

    notice: str
    seller: str = ""
    house: str = ""
    ground: str = ""
    fate: Fate = Fate.WAITING
    decided_at: datetime | None = None
    refusal: str = ""
    answered: bool = False
    kept: bool = False
    back_at: datetime | None = None
    back_reason: str = ""
    error: bool = False

    @property
    def is_against_filer(self) -> bool:
        """Whether it tells against whoever filed: refused, back on sale, or withdrawn as a mistake."""
        return self.fate in {Fate.REFUSED, Fate.REVERSED} or self.error

    @property
    def came_back_after_answer(self) -> bool:
        """Whether the seller answered and the offer came back for it."""
        return self.fate is Fate.REVERSED and self.answered


def case_of(empty: Case, deeds: Iterable[Told]) -> Case:
    """The case after its deeds.

    Args:
        empty: with what does not change: notice, seller, house, ground.
        deeds: in order.
    """
    case = empty
    for told in deeds:
        case = _after(case, told)
    return case


def _after(case: Case, told: Told) -> Case:
    decided = case.decided_at or told.at
    match told.deed:
        case Deed.REMOVE | Deed.PARTLY:
            return replace(case, fate=Fate.UPHELD, decided_at=decided)
        case Deed.REFUSE:
            return replace(case, fate=Fate.REFUSED, decided_at=decided, refusal=told.reason)
        case Deed.COUNTER:
            return replace(case, fate=Fate.CONTESTED, answered=True)
        case Deed.KEEP | Deed.REPLY:
            # A reply of the rights holder decides nothing: what the platform decided before stands as it did.
            return replace(case, fate=Fate.UPHELD, kept=case.kept or told.deed == Deed.KEEP)
        case Deed.SUIT:
            # A suit keeps the offer down; a refused notice stays refused until a court has spoken.
            return case if case.fate is Fate.REFUSED else replace(case, fate=Fate.UPHELD)
        case Deed.WITHDRAW:
            return replace(case, fate=Fate.WITHDRAWN, error=told.reason == "error")
        case deed if deed in BACK:
            return _back(case, told)
    return case


def _back(case: Case, told: Told) -> Case:
    # What comes back because its notice was withdrawn was already said by the withdrawal.
    fate = Fate.WITHDRAWN if case.fate is Fate.WITHDRAWN else Fate.REVERSED
    # Where the seller is heard first, the acceptance of its answer may be the first decision.
    decided = case.decided_at or told.at
    return replace(case, fate=fate, decided_at=decided, back_at=told.at, back_reason=told.reason)

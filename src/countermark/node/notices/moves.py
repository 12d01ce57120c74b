"""Whose move it is in a notice, and by when: one answer from the stage and the clocks of the law."""

from dataclasses import dataclass
from datetime import date

from countermark.law.deadlines import Clock
from countermark.law.matter import Matter
from countermark.law.rule import Role
from countermark.node.notices import lawyer
from countermark.node.notices.states import Stage
from countermark.node.notices.steps import ANSWERS, SELLERS_TURN

HOLDER, PLATFORM, SELLER, AUTHORITY = "rights_holder", "platform", "seller", "authority"
#: States in which a certified body has the decision, or had it: its decision does not bind, so nobody owes anything.
_BEFORE_A_BODY, _AFTER_A_BODY = "settlement_open", "settlement_decided"

#: Where no clock says it, the stage does. Stages that are not here wait for nobody.
_BY_STAGE = {
    Stage.HELD: HOLDER,
    Stage.OPEN: PLATFORM,
    Stage.ASKED: HOLDER,
    Stage.DOWN: SELLER,
    Stage.COUNTERED: PLATFORM,
    Stage.IN_COURT: AUTHORITY,
}


@dataclass(frozen=True, slots=True)
class Move:
    """Whose move it is; both empty when nobody has to do anything.

    Attributes:
        who: the actor, as the regimes call it.
        clock: the clock that gives the day; None when no day is counted.
    """

    who: str = ""
    clock: Clock | None = None

    @property
    def by(self) -> date | None:
        """Last day for it."""
        return self.clock.due.last if self.clock and self.clock.due else None


def next_move(stage: Stage, matter: Matter, today: date) -> Move:
    """Whose move it is on a day.

    While the seller's answer waits, a waiting time is the rights holder's move (it may complain or sue) until it is
    over; then the platform's. A chance to answer is no duty: its day is shown, and being late with it is nobody's
    fault.
    """
    if matter.state == _BEFORE_A_BODY:
        return Move(AUTHORITY, _first(matter, "dispute_body"))
    if matter.state == _AFTER_A_BODY:
        return Move()
    if stage is Stage.WITHDRAWN:
        back = matter.clock("put-back")
        return Move(PLATFORM, back) if back else Move()
    if stage is Stage.COUNTERED:
        return _after_an_answer(matter, today)
    if stage is Stage.AT_SELLER:
        return _while_the_seller_is_asked(matter, today)
    if stage is Stage.KEPT and matter.regime in ANSWERS:
        chance = _first(matter, SELLER)
        return Move(SELLER, chance) if chance else Move()
    who = _BY_STAGE.get(stage, "")
    return Move(who, _first(matter, who)) if who else Move()


def _after_an_answer(matter: Matter, today: date) -> Move:
    waits = next((one for one in _in_order(matter) if one.role is Role.WAIT and one.who == HOLDER), None)
    if waits is not None and not waits.is_over(today):
        return Move(HOLDER, waits)
    if (matter.regime, matter.state) in SELLERS_TURN:
        return Move(SELLER, _first(matter, SELLER))
    return Move(PLATFORM, _first(matter, PLATFORM))


def _while_the_seller_is_asked(matter: Matter, today: date) -> Move:
    """The seller's, until its chance is over; then the platform's, which may remove."""
    chance = _first(matter, SELLER)
    return Move(PLATFORM) if chance is None or chance.is_over(today) else Move(SELLER, chance)


def _first(matter: Matter, who: str) -> Clock | None:
    """The clock of an actor that has a day and binds first; a chance only where the actor has nothing else."""
    return next((one for one in _in_order(matter) if one.who == who and one.due and one.due.last), None)


def _in_order(matter: Matter) -> list[Clock]:
    return lawyer.in_order(matter.running)

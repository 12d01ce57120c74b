"""The door to the law of measures: `eu-misuse`, or `eu-payments` at a payment platform, whoever it is about."""

from collections.abc import Mapping
from datetime import date, datetime

from countermark.law.advancing import advance
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Event, Matter, open_matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.node.kernel.errors import Conflict
from countermark.node.notices import lawyer

REGIME, PAYMENTS = "eu-misuse", "eu-payments"
#: Ways of redress, as a reference in the law's record.
REDRESS = "complaint on the page of the person, court"
_LONGEST = 2_000


class LawRefusesMeasure(Conflict):
    """The law of measures does not allow this now; `code` is `law-` and a code of `law.refusals`."""


def _regime(regime_id: str) -> Regime:
    return shipped_lawbook().regime(regime_id)


def opened(at: datetime, regime_id: str = REGIME) -> Matter:
    """A new matter: conduct has been counted or a payment is in question, nothing was said."""
    return open_matter(_regime(regime_id), at)


def after(matter: Matter, event: str, at: datetime, by: str, facts: Mapping[str, str]) -> Matter:
    """The matter after an event; facts that the event does not need are left out.

    Raises:
        LawRefusesMeasure: with the law's own reason.
    """
    regime = _regime(matter.regime)
    procedure = regime.file.procedure
    moves = procedure.moves if procedure else ()
    needs = {fact for one in moves if one.event == event for fact in one.needs}
    given = {name: facts[name][:_LONGEST] for name in sorted(needs) if facts.get(name)}
    try:
        return advance(regime, matter, Event(name=event, at=max(at, matter.latest), by=by, facts=given)).matter
    except MoveRefused as refused:
        raise LawRefusesMeasure(f"{refused.message} {refused.mend}", code=f"law-{refused.code}") from refused


def answer_by(matter: Matter) -> date | None:
    """Last day on which the person may complain, as the law counts it; None when no such time runs."""
    clock = matter.clock("complaint-window")
    return clock.due.last if clock and clock.due else None


read, write = lawyer.read, lawyer.write

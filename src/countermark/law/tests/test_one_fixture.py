"""One offer, one answer of a seller on one day: which law it falls under decides what happens, and when."""

from collections.abc import Callable
from datetime import date

import pytest

from countermark.law.deadlines import Deadline, ServiceTarget
from countermark.law.matter import Matter
from countermark.law.regime_file import Subject
from countermark.law.tests.stories import BOOK, Story, china_copyright, china_goods, dmca, dsa
from countermark.model import RightKind

DAY = date(2026, 11, 16)
#: Where the same offer stands, the right that is relied on, what is notified, and the story of its answer.
PLACES: dict[str, tuple[str, RightKind, Subject, Callable[[], Story]]] = {
    "eu-dsa": ("FR", RightKind.TRADEMARK, Subject.GOODS, dsa),
    "cn-goods": ("CN", RightKind.TRADEMARK, Subject.GOODS, china_goods),
    "cn-copyright": ("CN", RightKind.COPYRIGHT, Subject.CONTENT, china_copyright),
    "us-dmca": ("US", RightKind.COPYRIGHT, Subject.CONTENT, dmca),
}


def answered(regime: str) -> Matter:
    country, kind, subject, tell = PLACES[regime]
    assert BOOK.resolve(country=country, kind=kind, subject=subject, day=DAY).id == regime
    story: Story = tell()
    return story.matter


def what_comes_next(matter: Matter) -> set[tuple[str, str]]:
    """The clocks that run after the answer: rule, and what a report calls it."""
    return {(clock.rule, clock.due.called if clock.due else "") for clock in matter.running}


def test_four_regimes_give_four_different_right_answers_on_one_fixture() -> None:
    found = {regime: what_comes_next(answered(regime)) for regime in PLACES}
    assert len({frozenset(one) for one in found.values()}) == 4
    assert ("complaint-window", "legal deadline") in found["eu-dsa"]
    assert ("wait", "legal deadline") in found["cn-goods"]
    assert ("restore", "service target") in found["cn-copyright"]
    assert ("restore-window", "legal deadline") in found["us-dmca"]


@pytest.mark.parametrize("regime", PLACES)
def test_no_report_calls_a_service_target_a_legal_deadline(regime: str) -> None:
    for clock in answered(regime).clocks:
        if isinstance(clock.due, ServiceTarget):
            assert "legal" not in clock.due.called
        elif isinstance(clock.due, Deadline):
            assert clock.due.basis.value in {"statute", "contract"}

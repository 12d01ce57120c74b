"""A brand and a marketplace that have agreed on notices."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys
from countermark.node.kernel import time as clock
from countermark.node.notices.factories import make_agreed_team


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_agreed_team("CN", "US")
    set_keys(None)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let days pass for everybody."""
    start, days = clock.now(), [0]

    def passed(more: int) -> None:
        days[0] += more
        moment = start + timedelta(days=days[0])
        monkeypatch.setattr(clock, "_clock", lambda: moment)

    return passed

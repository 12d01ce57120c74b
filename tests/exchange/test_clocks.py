"""A clock is wrong by a day: requests are refused with the reason, and once it is right nothing was lost."""

import pytest

from tests.exchange.nodes import Pair, wait_until

pytestmark = pytest.mark.exchange
_DAY = 86_400


@pytest.mark.parametrize(("off", "code"), [(-_DAY, "too-old"), (_DAY, "from-the-future")])
def test_a_node_whose_clock_is_wrong_is_told_so_and_goes_on_when_it_is_right(pair: Pair, off: int, code: str):
    pair.brand.kill("exchange")
    pair.brand.exchange(clock=str(off))
    pair.market.ask("say", name=pair.agreement, count=2)
    wait_until(lambda: pair.brand.ask("standing")["problem"] == code, "the brand is told that its clock is wrong")
    pair.brand.kill("exchange")
    pair.brand.exchange()
    pair.nothing_lost_nothing_twice()


def test_what_was_said_a_day_ahead_is_kept_back_and_not_lost(pair: Pair):
    """The market's clock is a day behind; for it, what the brand says now lies a day ahead."""
    for name, start in (("serve", pair.market.serve), ("exchange", pair.market.exchange)):
        pair.market.kill(name)
        start(clock=str(-_DAY))
    known = len(pair.market.ask("entries", ours=False))
    pair.brand.ask("say", name=pair.agreement, count=2)
    page = pair.brand.ask("page", name=pair.agreement, after=known)
    late = pair.market.ask("receive_page", "late", twists={"clock": str(-_DAY)}, name=pair.agreement, page=page)
    assert late == [0, 0, "later-than-seen"]
    for name in ("serve", "exchange", "late"):
        pair.market.kill(name)
    pair.market.serve()
    pair.market.exchange()
    pair.nothing_lost_nothing_twice()

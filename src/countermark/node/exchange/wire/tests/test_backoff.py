"""When to ask again."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.exchange.wire.backoff import LONGEST, LONGEST_ASKED, SHORTEST, is_due, next_try, read_retry_after
from countermark.node.exchange.wire.tests.wire_cases import NOW


@given(failures=st.integers(1, 10**9), seed=st.integers())
def test_it_is_never_sooner_than_a_second_nor_later_than_five_minutes(failures, seed):
    assert SHORTEST <= next_try(failures, NOW, Random(seed)) - NOW <= LONGEST


def test_it_waits_longer_the_more_often_it_failed():
    def average(failures: int) -> float:
        rng = Random(7)
        return sum((next_try(failures, NOW, rng) - NOW).total_seconds() for _ in range(2000)) / 2000

    waits = [average(failures) for failures in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(1.5, rel=0.05)
    assert waits[-1] == pytest.approx(150.5, rel=0.05)


def test_two_nodes_do_not_ask_at_the_same_moment():
    rng = Random(7)
    assert len({next_try(5, NOW, rng) for _ in range(100)}) == 100


@pytest.mark.parametrize("seconds", [0, 30, 299, 600, 3600])
def test_what_the_partner_asks_for_is_never_undercut(seconds):
    asked = timedelta(seconds=seconds)
    assert all(next_try(1, NOW, Random(seed), asked) - NOW >= asked for seed in range(20))


def test_a_partner_cannot_silence_us_for_a_year():
    assert next_try(1, NOW, Random(7), timedelta(days=365)) - NOW == LONGEST_ASKED


def test_there_is_no_wait_without_a_failure():
    with pytest.raises(ValueError, match="nothing to wait"):
        next_try(0, NOW, Random(7))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("99999999999999999999", 999999999),
        ("Mon, 02 Mar 2026 09:00:30 GMT", 30),
        ("Mon, 02 Mar 2026 08:59:30 GMT", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("１", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(written, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert read_retry_after(written, NOW) == expected


@given(st.text(max_size=40))
def test_no_retry_after_is_an_error(written):
    assert read_retry_after(written, NOW) is None or written


def test_a_wait_that_a_wrong_clock_set_holds_nobody_up():
    moment = NOW
    assert is_due(None, moment)
    assert is_due(moment, moment)
    assert not is_due(moment + timedelta(minutes=5), moment)
    assert is_due(moment + timedelta(days=1), moment)

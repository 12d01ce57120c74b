import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import Level
from countermark.node.findings.entering import Standing, entry_state
from countermark.node.findings.states import WAITING, FindingState

HASH, OTHER = "a" * 64, "b" * 64


def test_a_first_finding_waits_for_a_decision():
    assert entry_state(Level.LOW, HASH, None) is FindingState.OPEN


def test_a_lapsed_finding_leaves_no_trace_on_the_next():
    assert entry_state(Level.LOW, HASH, Standing(FindingState.LAPSED, Level.HIGH, HASH)) is FindingState.OPEN


@pytest.mark.parametrize("queue", sorted(WAITING))
def test_a_finding_that_waits_gives_its_queue_to_the_one_that_takes_its_place(queue):
    for level, content in itertools.product(Level, (HASH, OTHER)):
        assert entry_state(level, content, Standing(queue, Level.LOW, HASH)) is queue


def test_a_decision_stands_while_the_listing_is_the_same_and_the_risk_no_higher():
    decided = Standing(FindingState.DECIDED, Level.MEDIUM, HASH)
    assert entry_state(Level.LOW, HASH, decided) is FindingState.DECIDED
    assert entry_state(Level.MEDIUM, HASH, decided) is FindingState.DECIDED


def test_a_higher_risk_than_the_person_saw_asks_again():
    assert entry_state(Level.HIGH, HASH, Standing(FindingState.DECIDED, Level.MEDIUM, HASH)) is FindingState.OPEN


def test_a_changed_listing_asks_again():
    assert entry_state(Level.LOW, OTHER, Standing(FindingState.DECIDED, Level.HIGH, HASH)) is FindingState.OPEN


@given(st.sampled_from(Level), st.sampled_from([HASH, OTHER]), st.sampled_from(FindingState), st.sampled_from(Level))
def test_a_new_finding_never_enters_as_something_already_overtaken(level, content, state, earlier):
    entered = entry_state(level, content, Standing(state, earlier, HASH))
    assert entered in {*WAITING, FindingState.DECIDED}

import pytest

from countermark.model import Level
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.review.verdicts import (
    ALLOWED,
    NEEDS_NOTE,
    REASONS,
    RETIRED_REASONS,
    Verdict,
    is_reason_of,
    needs_note,
    reason_label,
    state_after,
)

CODES = [reason.code for reasons in (*REASONS.values(), RETIRED_REASONS) for reason in reasons]


def test_every_verdict_a_person_may_choose_has_reasons_on_the_keys_one_to_nine():
    assert set(REASONS) == set(Verdict) - {Verdict.WITHDRAWN}
    assert all(1 <= len(reasons) <= 9 for reasons in REASONS.values())


def test_a_reason_code_means_one_thing():
    assert len(CODES) == len(set(CODES))
    assert set(CODES) >= NEEDS_NOTE
    assert all(len(code) <= 40 for code in CODES)


def test_a_reason_belongs_to_its_verdict_only():
    assert is_reason_of(Verdict.INFRINGING, "counterfeit")
    assert not is_reason_of(Verdict.NOT_INFRINGING, "counterfeit")
    assert not is_reason_of(Verdict.WITHDRAWN, "counterfeit")


def test_an_unknown_reason_shows_its_code():
    assert reason_label("counterfeit") == "Counterfeit goods under the mark"
    assert reason_label("of_long_ago") == "of_long_ago"


@pytest.mark.parametrize("level", Level)
def test_escalating_needs_a_note_at_any_level(level):
    assert needs_note(Verdict.ESCALATE, level, "legal_question")


def test_clearing_a_high_risk_needs_a_note_and_a_lower_one_does_not():
    assert needs_note(Verdict.NOT_INFRINGING, Level.HIGH, "genuine_resale")
    assert not needs_note(Verdict.NOT_INFRINGING, Level.MEDIUM, "genuine_resale")
    assert not needs_note(Verdict.INFRINGING, Level.HIGH, "counterfeit")


def test_a_reason_that_says_nothing_by_itself_needs_a_note():
    assert needs_note(Verdict.INFRINGING, Level.LOW, "infringing_other")


def test_unsure_goes_to_a_second_look_and_a_second_unsure_to_counsel():
    assert state_after(Verdict.UNSURE, FindingState.OPEN) is FindingState.SECOND_LOOK
    assert state_after(Verdict.UNSURE, FindingState.SECOND_LOOK) is FindingState.ESCALATED


@pytest.mark.parametrize("queue", sorted(WAITING))
def test_a_clear_verdict_decides_in_every_queue(queue):
    for verdict in (Verdict.INFRINGING, Verdict.NOT_INFRINGING):
        assert verdict in ALLOWED[queue]
        assert state_after(verdict, queue) is FindingState.DECIDED


def test_counsel_is_the_last_instance():
    assert Verdict.ESCALATE not in ALLOWED[FindingState.ESCALATED]
    assert Verdict.UNSURE not in ALLOWED[FindingState.ESCALATED]

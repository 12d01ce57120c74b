"""Corners that a lawyer would ask about: rules that ended, clocks that never began, policies that look like law."""

import pickle
from datetime import date

import msgspec
import pytest

from countermark.law import (
    Basis,
    Channel,
    Deadline,
    Event,
    Lawbook,
    MoveRefused,
    ServiceTarget,
    Subject,
    advance,
    count_period,
    count_rule,
    open_matter,
    read_regime,
    read_targets,
    unconfirmed,
)
from countermark.law.tests.stories import BOOK, dmca, noon
from countermark.law.tests.test_regimes import SMALL
from countermark.model import InvalidRecord, RightKind


def go(source: bytes, day: str = "2026-11-20", targets: dict[str, str] | None = None):
    """Open a matter of the small regime and take its one step."""
    regime = read_regime(source)
    event = Event(name="go", at=noon(day), by="platform", facts={"reason": "because"})
    return advance(regime, open_matter(regime, noon(day)), event, targets=targets)


def test_a_rule_that_has_ended_starts_nothing() -> None:
    other = (
        b"rules:\n  - {id: old, title: Old, says: Old., valid_to: 2025-12-31, sources: [{norm: Act art. 4, tag: P}]}\n"
    )
    source = SMALL.replace(b"rules:\n", other).replace(b"starts: [wait]", b"starts: [old]")
    assert go(source).started == ()
    assert [clock.rule for clock in go(source, "2025-11-20").started] == ["old"]


def test_a_step_that_rests_on_a_rule_not_in_force_is_refused() -> None:
    source = SMALL.replace(b"role: wait,", b"role: wait, valid_from: 2026-12-01,")
    with pytest.raises(MoveRefused) as refused:
        go(source)
    assert refused.value.code == "rule-not-in-force"


def test_a_clock_that_runs_from_one_that_never_began_is_refused() -> None:
    source = SMALL.replace(b"count: CAL}", b"count: CAL, runs_from: end of wait}")
    with pytest.raises(MoveRefused) as refused:
        go(source)
    assert (refused.value.code, refused.value.rule) == ("clock-not-running", "xx/wait")


def test_a_number_of_our_own_policy_is_a_service_target_however_exact_it_is() -> None:
    source = SMALL.replace(b"role: wait,", b"role: wait, basis: policy,").replace(
        b"Act art. 1, tag: P", b"Ours, tag: O"
    )
    (clock,) = go(source).started
    assert isinstance(clock.due, ServiceTarget)
    assert clock.due.last == date(2026, 11, 25)
    (own,) = go(source, targets={"xx/wait": "BD: 2 working days"}).started
    assert isinstance(own.due, ServiceTarget)
    assert own.due.last == date(2026, 11, 24)


def test_nobody_can_make_a_deadline_out_of_a_policy() -> None:
    clock = dmca().matter.clock("restore-window")
    assert clock is not None
    assert isinstance(clock.due, Deadline)
    with pytest.raises(ValueError, match="ServiceTarget"):
        Deadline(rule="a/b", rule_version="", basis=Basis.POLICY, counted=clock.due.counted, zone="UTC")


ANOTHER_FAKE = b"    - {id: fake, title: F, kinds: [design], sources: [{norm: A, tag: P}]}\n"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"role: wait,", b"role: wait, valid_from: 2026-02-01, valid_to: 2026-01-01,", "ends before it begins"),
        (b"role: wait,", b"role: wait, holds_if: [moon],", "glossary lacks"),
        (b"role: wait,", b"role: wait, other_reading: never,", "does not exist"),
        (b"    - {id: fake,", ANOTHER_FAKE + b"    - {id: fake,", "fake stands twice"),
    ],
)
def test_more_ways_of_not_holding_together_are_refused(old: bytes, new: bytes, reason: str) -> None:
    assert old in SMALL
    with pytest.raises(InvalidRecord, match=reason):
        read_regime(SMALL.replace(old, new))


def test_two_laws_for_one_matter_must_be_told_apart_by_a_person() -> None:
    twin = read_regime(SMALL.replace(b"id: xx", b"id: yy"))
    book = Lawbook(regimes={"xx": read_regime(SMALL), "yy": twin}, counting=BOOK.counting)
    with pytest.raises(InvalidRecord, match="xx, yy"):
        book.resolve(country="FR", kind=RightKind.DESIGN, subject=Subject.GOODS, day=date(2026, 1, 1))
    with pytest.raises(InvalidRecord, match="unknown"):
        book.regime("zz")
    with pytest.raises(InvalidRecord):
        book.resolve(
            country="FR", kind=RightKind.DESIGN, subject=Subject.GOODS, day=date(2026, 1, 1), channel=Channel.PLATFORM
        )


def test_a_refusal_survives_the_way_between_processes() -> None:
    refused = MoveRefused("barred", "No.", "Wait.", "a/b")
    again = pickle.loads(pickle.dumps(refused))
    assert (again.code, again.message, again.mend, again.rule) == ("barred", "No.", "Wait.", "a/b")


def test_an_event_brings_references_not_papers() -> None:
    with pytest.raises(InvalidRecord, match="too much"):
        Event(name="go", at=noon("2026-01-01"), by="platform", facts={"reason": "x" * 2001})
    with pytest.raises(InvalidRecord, match="offset"):
        Event(name="go", at=noon("2026-01-01").replace(tzinfo=None), by="platform")


def test_a_file_of_targets_says_what_it_is() -> None:
    with pytest.raises(InvalidRecord, match="not a file of targets"):
        read_targets(b"format: something/1\ntargets: {}")


def test_a_rule_counted_by_hand_says_what_nobody_has_confirmed() -> None:
    found = count_rule(BOOK, "us-dmca/restore-window", date(2026, 11, 16))
    assert found.unconfirmed == ("US-BD",)
    assert count_rule(BOOK, "eu-customs/conviction", date(2026, 4, 1), place="DE").unconfirmed == ()
    both = count_rule(BOOK, "udrp/notify", date(2026, 4, 1), place="FR")
    assert both.unconfirmed == ("udrp/notify", "BD")
    assert count_rule(BOOK, "cn-goods/lift", date(2026, 4, 1)).note.startswith("It runs from the end of wait")
    assert count_period(BOOK, "CAL", "same day", date(2026, 4, 1)).last == date(2026, 4, 1)
    assert msgspec.json.decode(msgspec.json.encode(found))["due"]["type"] == "deadline"


def test_a_rule_without_a_time_rests_on_its_own_sources_alone() -> None:
    regime = BOOK.regime("cn-goods")
    day = date(2026, 11, 20)
    assert list(unconfirmed(regime, ["notice", "measures"], (), day)) == []
    assert list(unconfirmed(regime, ["withdrawal", "wait", "wait"], (), day)) == ["cn-goods/withdrawal", "CN-CIV"]

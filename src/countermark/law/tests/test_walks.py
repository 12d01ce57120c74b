"""Whatever is tried in whatever order: no illegal step, and every deadline can be computed again."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.law.advancing import advance
from countermark.law.counting import count
from countermark.law.deadlines import Deadline, day_in
from countermark.law.history import migrate, replay
from countermark.law.keeping import keep, read_kept
from countermark.law.matter import Event, Matter, open_matter
from countermark.law.periods import read_period
from countermark.law.procedure import Procedure
from countermark.law.refusals import CODES, MoveRefused
from countermark.law.regime import Regime, read_regime
from countermark.law.tests.stories import BOOK, china_goods, dmca, noon
from countermark.model import InvalidRecord

WITH_PROCEDURE = sorted(one.id for one in BOOK.regimes.values() if one.file.procedure)


def procedure_of(regime: Regime) -> Procedure:
    assert regime.file.procedure is not None
    return regime.file.procedure


@st.composite
def walks(draw: Callable[..., object]) -> tuple[str, list[tuple[int, int, int, bool, bool]]]:
    """A regime, and steps: which move, which actor, days later, with all facts, by a machine."""
    regime = draw(st.sampled_from(WITH_PROCEDURE))
    step = st.tuples(
        st.integers(0, 99), st.integers(0, 9), st.sampled_from([0, 0, 1, 9, 14, 21, 200]), st.booleans(), st.booleans()
    )
    return regime, draw(st.lists(step, min_size=5, max_size=25))  # type: ignore[return-value]


def walk(regime: Regime, steps: list[tuple[int, int, int, bool, bool]]) -> Matter:
    """Half the steps aim at what the state allows, the others at anything."""
    procedure, at = procedure_of(regime), noon("2025-03-03")
    matter = open_matter(regime, at, place="FR", zone=regime.file.zone or "Europe/Paris")
    actors = sorted(regime.file.actors)
    for number, actor, days, whole, automatic in steps:
        at += timedelta(days=days)
        here = [one for one in procedure.moves if matter.state in one.leaving or "*" in one.leaving]
        pool = here if here and number % 4 else list(procedure.moves)
        move = pool[number % len(pool)]
        by = move.by[0] if actor < 8 else actors[number % len(actors)]
        facts = dict.fromkeys((*move.needs, *move.if_automatic), "ref") if whole or number % 3 else {}
        matter = try_step(regime, matter, Event(name=move.event, at=at, by=by, facts=facts, automatic=automatic))
    return matter


def try_step(regime: Regime, matter: Matter, event: Event) -> Matter:
    try:
        after = advance(regime, matter, event).matter
    except MoveRefused as refused:
        assert refused.code in CODES
        assert refused.message.strip()
        assert refused.mend.strip()
        return matter
    assert_legal(regime, matter, event, after)
    return after


def assert_legal(regime: Regime, before: Matter, event: Event, after: Matter) -> None:
    procedure = procedure_of(regime)
    moves = [m for m in procedure.moves if m.event == event.name and (before.state in m.leaving or "*" in m.leaving)]
    assert len(moves) == 1
    (move,) = moves
    assert after.state == (before.state if move.to == "=" else move.to)
    assert event.by in move.by
    assert not (event.automatic and move.person)
    assert set(move.needs) <= {fact for fact, value in event.facts.items() if value}
    day = day_in(event.at, before.zone)
    for rule in move.within:
        clock = before.clock(rule)
        assert clock is not None
        assert not clock.is_over(day)
    for rule in move.after:
        clock = before.clock(rule)
        assert clock is not None
        assert clock.is_over(day)
    state = procedure.state(before.state)
    assert state is not None
    assert not state.closed


@settings(max_examples=100, deadline=None)
@given(walks())
def test_no_order_of_events_makes_an_illegal_step_and_every_deadline_comes_out_again(
    told: tuple[str, list[tuple[int, int, int, bool, bool]]],
) -> None:
    regime = BOOK.regime(told[0])
    matter = walk(regime, told[1])
    assert replay({regime.version: regime}, matter) == matter
    for clock in matter.clocks:
        if isinstance(clock.due, Deadline):
            kept = clock.due.counted
            again = count(BOOK.counting[kept.rule], read_period(kept.period), kept.start, place=kept.place)
            assert again == kept
    assert msgspec.json.decode(msgspec.json.encode(matter), type=Matter) == matter


@settings(max_examples=60, deadline=None)
@given(walks())
def test_the_hard_rules_of_each_law_hold_on_every_walk(
    told: tuple[str, list[tuple[int, int, int, bool, bool]]],
) -> None:
    matter = walk(BOOK.regime(told[0]), told[1])
    names = [step.event.name for step in matter.log]
    if matter.regime == "cn-copyright" and "restore" in names:
        assert "notice" not in names[names.index("restore") :]
    if matter.regime == "cn-goods" and "lift" in names:
        assert "statement_arrived" in names
        arrived = matter.log[names.index("statement_arrived")].event
        assert arrived.facts["arrival_proof"]
        assert matter.log[names.index("lift")].event.at - arrived.at > timedelta(days=15)
    if matter.state == "restored" and matter.regime == "us-dmca":
        window = next(clock.due for clock in matter.clocks if clock.rule == "restore-window")
        assert isinstance(window, Deadline)
        assert window.first is not None
        assert window.first <= day_in(matter.log[-1].event.at, matter.zone) <= window.last


def test_a_changed_history_does_not_come_out_the_same() -> None:
    story = china_goods()
    versions = {story.regime.version: story.regime}
    assert replay(versions, story.matter) == story.matter
    forged = msgspec.structs.replace(story.matter, state="measures_lifted")
    assert replay(versions, forged) != forged
    with pytest.raises(InvalidRecord, match="missing"):
        replay({}, story.matter)


def newer(regime: Regime, old: bytes, new: bytes) -> Regime:
    return read_regime(regime.source.replace(old, new))


def test_a_change_of_law_reaches_a_matter_only_by_migration_and_running_times_keep_their_dates() -> None:
    story = dmca()
    changed = newer(story.regime, b"period: 14 working days", b"period: 12 working days")
    assert changed.version != story.regime.version
    event = story.event("restore", "2026-12-07")
    with pytest.raises(MoveRefused) as refused:
        advance(changed, story.matter, event)
    assert refused.value.code == "other-version"
    moved = migrate(story.matter, changed, at=noon("2026-11-20"), by="counsel", reason="The statute was changed.")
    assert advance(changed, moved, event).matter.state == "restored"
    assert replay({one.version: one for one in (story.regime, changed)}, moved) == moved
    for by, reason, at in (("", "x", "2026-11-20"), ("c", " ", "2026-11-20"), ("c", "x", "2026-11-01")):
        with pytest.raises(InvalidRecord):
            migrate(story.matter, changed, at=noon(at), by=by, reason=reason)
    with pytest.raises(InvalidRecord):
        migrate(story.matter, story.regime, at=noon("2026-11-20"), by="c", reason="x")


def test_a_version_names_what_the_file_says_not_how_it_is_laid_out() -> None:
    regime = BOOK.regime("us-dmca")
    assert read_regime(b"# a comment\n" + regime.source).version == regime.version
    reworded = newer(regime, b"title: Withdrawal", b"title: Taking back")
    assert reworded.version != regime.version
    day = noon("2026-01-01").date()
    assert reworded.rule("remove", day).version == regime.rule("remove", day).version
    assert reworded.rule("withdrawal", day).version != regime.rule("withdrawal", day).version


@pytest.mark.parametrize("regime_id", sorted(BOOK.regimes))
def test_a_version_that_is_kept_comes_back_the_same_and_a_changed_one_does_not(regime_id: str) -> None:
    regime = BOOK.regime(regime_id)
    data = keep(regime)
    again = read_kept(data, regime.version)
    assert (again.version, again.counting, again.file) == (regime.version, regime.counting, regime.file)
    for changed in (data.replace(b"summary: ", b"summary: X", 1), data[:-1], b"{}", data.replace(b"art.", b"ART.")):
        if changed != data:
            with pytest.raises(InvalidRecord):
                read_kept(changed, regime.version)
    with pytest.raises(InvalidRecord, match="ask why"):
        read_kept(data, "0" * 64)


def test_a_changed_way_of_counting_is_another_version() -> None:
    regime = BOOK.regime("us-dmca")
    loose = msgspec.structs.replace(regime.counting["US-BD"], calendar="place")
    other = read_regime(regime.source, counting={**BOOK.counting, "US-BD": loose})
    assert other.version != regime.version
    assert read_kept(keep(other), other.version).counting["US-BD"].calendar == "place"

"""Counters: after any sequence of uphold, reverse and expire they are what a recount from the log says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.model import InvalidRecord
from countermark.node.conduct import misuse, quality, strikes
from countermark.node.conduct.cases import Case, Fate, Told, case_of
from countermark.node.conduct.misuse import Period, Track
from countermark.node.conduct.policy import SHIPPED, read_policy
from countermark.node.conduct.quality import Tier
from countermark.node.notices.states import Deed

POLICY = read_policy(SHIPPED.read_bytes())
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
WINDOW = timedelta(days=POLICY.strikes.window_days)

steps = st.lists(
    st.tuples(
        st.sampled_from(["uphold", "answer", "keep", "reverse", "late", "error", "settled", "refuse", "wait"]),
        st.integers(0, 9),
        st.integers(0, 90),
    ),
    max_size=60,
)
_DEEDS = {
    "uphold": (Deed.REMOVE, "infringes"),
    "answer": (Deed.COUNTER, ""),
    "keep": (Deed.KEEP, "proof_missing"),
    "reverse": (Deed.RESTORE, "answer_convinces"),
    "late": (Deed.LATE, "window_missed"),
    "error": (Deed.WITHDRAW, "error"),
    "settled": (Deed.WITHDRAW, "settled"),
    "refuse": (Deed.REFUSE, "authorised"),
}
#: What the trade knows of a notice, without the code under test: state -> what is possible -> state.
_WAY = {
    "open": {"uphold": "down", "refuse": "refused", "error": "gone", "settled": "gone"},
    "down": {"answer": "answered", "error": "gone", "settled": "gone", "reverse": "back"},
    "answered": {"keep": "down", "reverse": "back", "late": "back", "error": "gone"},
    "refused": {},
    "back": {},
    "gone": {"reverse": "gone"},
}


def told(sequence):
    """Deeds by notice, and a second account of the same things that knows nothing of cases."""
    log: dict[int, list[Told]] = {}
    state: dict[int, str] = {}
    upheld: dict[int, datetime] = {}
    moment = START
    for what, number, days in sequence:
        moment += timedelta(days=days, seconds=1)
        following = _WAY[state.get(number, "open")].get(what)
        if following is None:
            continue
        state[number] = following
        if what == "uphold":
            upheld[number] = moment
        deed, reason = _DEEDS[what]
        log.setdefault(number, []).append(Told(deed, moment, reason))
    standing = {number for number, one in state.items() if one == "down" and upheld[number] + WINDOW > moment}
    return log, standing, moment


@given(steps)
@settings(max_examples=150, deadline=None)
def test_strikes_equal_a_recount_after_any_sequence(sequence):
    log, standing, moment = told(sequence)
    # Each notice is of a house of its own, so that each strike is one notice.
    cases = [case_of(Case(notice=str(n), house=str(n), ground="look-alike"), deeds) for n, deeds in log.items()]
    count = strikes.count(cases, POLICY.strikes, moment)
    assert {int(case.notice) for one in count.strikes for case in one.cases} == standing
    assert count.points == len(standing)
    assert strikes.count(reversed(cases), POLICY.strikes, moment) == count


@given(steps)
@settings(max_examples=80, deadline=None)
def test_nothing_that_was_reversed_or_is_over_counts_anywhere(sequence):
    log, standing, moment = told(sequence)
    cases = [case_of(Case(notice=str(n), house=str(n), ground="counterfeit"), deeds) for n, deeds in log.items()]
    found = misuse.factors(Track.OFFERS, cases, POLICY, Period(at=moment))
    assert {int(name) for name in found.notices} <= standing
    reversed_ = {case.notice for case in cases if case.fate is Fate.REVERSED}
    assert not reversed_ & set(found.notices)
    assert strikes.count(cases, POLICY.strikes, moment + WINDOW + timedelta(days=1)).points == 0


def upheld(number, days=0, house="Corvane", ground="look-alike"):
    return case_of(Case(notice=str(number), house=house, ground=ground), [Told(Deed.REMOVE, day(days))])


def day(number):
    return START + timedelta(days=number)


def test_notices_of_one_house_within_three_days_are_one_strike_with_the_points_of_the_gravest():
    cases = [upheld(1), upheld(2, 2, ground="counterfeit"), upheld(3, 3), upheld(4, 2, house="Maison Aurelle")]
    count = strikes.count(cases, POLICY.strikes, day(10))
    assert [sorted(case.notice for case in one.cases) for one in count.strikes] == [["3"], ["4"], ["1", "2"]]
    assert [one.points for one in count.strikes] == [1, 1, 2]
    assert count.next_end == START + WINDOW


def test_grey_goods_are_upheld_and_are_no_strike():
    count = strikes.count([upheld(1, ground="grey-market")], POLICY.strikes, day(1))
    assert (count.points, [one.why for one in count.left]) == (0, ["no_points"])


def many(stand, fall, answered=0, ground="counterfeit"):
    """Cases decided on one day: `fall` of them came back, `answered` of those after the seller's answer."""
    remove, counter = Told(Deed.REMOVE, day(0)), Told(Deed.COUNTER, day(1))
    back = Told(Deed.RESTORE, day(2), "answer_convinces")
    for number in range(stand + fall):
        deeds = [remove]
        if number < fall:
            deeds += [counter, back] if number < answered else [back]
        yield case_of(Case(notice=str(number), ground=ground), deeds)


@pytest.mark.parametrize(
    ("stand", "fall", "answered", "tier"),
    [
        (19, 0, 0, Tier.FEW),
        (97, 3, 0, Tier.GOOD),
        (92, 8, 0, Tier.NEAR),
        (89, 11, 0, Tier.BEYOND),
        (70, 30, 0, Tier.SURELY_BEYOND),
        (955, 45, 45, Tier.NEAR),
        (940, 60, 60, Tier.BEYOND),
        (930, 70, 70, Tier.SURELY_BEYOND),
    ],
)
def test_the_alarm_goes_before_the_limit_and_chance_is_told_apart(stand, fall, answered, tier):
    found = quality.rates(many(stand, fall, answered), POLICY.quality, day(20)).rates[0]
    assert found.tier is tier
    assert (found.success.n, found.success.hits, found.countered.hits) == (stand + fall, stand, answered)


def test_the_reserve_says_how_many_more_may_fall():
    found = quality.rates(many(97, 3), POLICY.quality, day(20)).rates[0]
    assert found.reserve == 7
    assert quality.rates(many(90, 10), POLICY.quality, day(20)).rates[0].reserve == 0


def test_rates_are_told_per_ground_and_today_is_not_counted_yet():
    cases = [*many(30, 0), *many(10, 10, ground="look-alike")]
    found = quality.rates(cases, POLICY.quality, day(20))
    assert [(one.ground, one.tier) for one in found.rates] == [
        ("all", Tier.SURELY_BEYOND),
        ("counterfeit", Tier.GOOD),
        ("look-alike", Tier.SURELY_BEYOND),
    ]
    assert quality.rates(cases, POLICY.quality, day(0)).rates[0].success.n == 0
    assert quality.rates(cases, POLICY.quality, day(100)).rates[0].success.n == 0
    assert len(found.code) == 19


def test_a_mistake_that_is_taken_back_tells_in_the_rate_and_not_as_misuse():
    deeds = [Told(Deed.REMOVE, day(0)), Told(Deed.WITHDRAW, day(1), "error"), Told(Deed.PUT_BACK, day(2), "x")]
    case = case_of(Case(notice="1", ground="design"), deeds)
    assert quality.rates([case], POLICY.quality, day(5)).rates[0].errors == 1
    assert misuse.factors(Track.NOTICES, [case], POLICY, Period(at=day(5))).number == 0
    settled = case_of(Case(notice="1"), [Told(Deed.REMOVE, day(0)), Told(Deed.WITHDRAW, day(1), "settled")])
    assert quality.rates([settled], POLICY.quality, day(5)).rates[0].success.n == 0


def test_the_four_factors_are_the_same_test_for_a_seller_and_for_a_filer():
    offers = misuse.factors(
        Track.OFFERS, many(4, 0), POLICY, Period(at=day(5), total=40, warned_at=day(0) - timedelta(hours=1))
    )
    assert (offers.number, offers.total, offers.share, offers.is_frequent) == (4, 40, 0.1, True)
    assert (offers.gravest, offers.consequences, offers.after_warning) == (2, 4, 4)
    filed = misuse.factors(Track.NOTICES, many(6, 4, 4), POLICY, Period(at=day(5), warned_at=day(1)))
    assert (filed.number, filed.total, filed.share, filed.is_frequent) == (4, 10, 0.4, True)
    assert (filed.gravest, filed.consequences, filed.after_warning) == (2, 4, 0)
    kept = case_of(Case(notice="1"), [Told(Deed.REMOVE, day(0)), Told(Deed.COUNTER, day(1)), Told(Deed.KEEP, day(2))])
    answers = misuse.factors(Track.ANSWERS, [kept, *many(1, 1, 1)], POLICY, Period(at=day(5)))
    assert (answers.number, answers.total, answers.is_frequent) == (1, 2, False)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("window_days: 365", "window_days: 0", "window_days"),
        ("from_points: 1,", "from_point: 1,", "from_point"),
        ("alarm: 0.93", "alarm: 0.80", "before"),
        ("countermark-conduct/1", "countermark-conduct/2", "no policy"),
    ],
)
def test_a_policy_that_does_not_hold_together_is_refused(old, new, says):
    with pytest.raises(InvalidRecord, match=says):
        read_policy(SHIPPED.read_text().replace(old, new, 1).encode())


def test_a_section_without_a_source_does_not_load():
    text = SHIPPED.read_text()
    start = text.index("misuse:\n  sources:\n")
    end = text.index("  window_days: 180")
    with pytest.raises(InvalidRecord, match="misuse"):
        read_policy((text[:start] + "misuse:\n  sources: []\n" + text[end:]).encode())


def test_a_seller_heard_first_and_one_answered_by_the_owner_are_counted_as_they_stand():
    def told(*deeds):
        return case_of(Case(notice="ntc_1"), [Told(one, START + timedelta(days=day)) for day, one in enumerate(deeds)])

    heard = told(Deed.COUNTER, Deed.RESTORE)
    assert (heard.fate, heard.came_back_after_answer) == (Fate.REVERSED, True)
    assert heard.decided_at == START + timedelta(days=1)
    assert told(Deed.REMOVE, Deed.COUNTER).fate is Fate.CONTESTED
    assert told(Deed.REMOVE, Deed.COUNTER, Deed.REPLY).fate is Fate.UPHELD
    assert told(Deed.REMOVE, Deed.COUNTER, Deed.REPLY, Deed.COUNTER, Deed.RESTORE).fate is Fate.REVERSED
    # A refusal that is contested stands against the filer until the platform has decided again.
    assert told(Deed.REFUSE, Deed.COMPLAIN).fate is Fate.REFUSED
    assert told(Deed.REFUSE, Deed.COMPLAIN, Deed.REMOVE).fate is Fate.UPHELD

"""The programmes of eBay and Alibaba, step by step; and one notice that leads elsewhere on each of three platforms."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.law.advancing import advance
from countermark.law.deadlines import Deadline, ServiceTarget
from countermark.law.history import replay
from countermark.law.lawbook import Lawbook
from countermark.law.matter import Matter
from countermark.law.recourse import shipped_recourse
from countermark.law.refusals import MoveRefused
from countermark.law.regime_file import Channel, Subject
from countermark.law.tags import Review
from countermark.law.tests.stories import BOOK, Story, noon
from countermark.law.tests.test_other_regimes import Elsewhere
from countermark.law.tests.test_walks import walk
from countermark.model import RightKind

EBAY, ALIBABA, GENERIC = "platform-ebay", "platform-alibaba", "platform-generic"
COPYRIGHT = frozenset({"copyright"})


def last(story: Story, rule: str) -> date:
    clock = story.matter.clock(rule)
    assert clock is not None
    assert clock.due is not None
    assert clock.due.last is not None
    return clock.due.last


def refused(story: Story, name: str, day: str, **more: object) -> str:
    with pytest.raises(MoveRefused) as caught:
        story.tell(name, day, **more)  # type: ignore[arg-type]
    return caught.value.code


def on_ebay(facts: frozenset[str] = frozenset()) -> Story:
    story = Story(EBAY, "2026-11-20", facts=facts)
    for name in ("report", "receive", "process", "remove"):
        story.tell(name, "2026-11-20")
    return story


def on_alibaba(day: str = "2026-09-24") -> Story:
    story = Story(ALIBABA, day)
    story.tell("submit", day)
    story.tell("ask_seller", day)
    return story


def test_a_seller_on_ebay_turns_to_ebay_when_the_owner_is_silent() -> None:
    story = on_ebay()
    story.tell("contact_owner", "2026-11-20")
    assert last(story, "owner-answers") == date(2026, 11, 30)
    assert refused(story, "turn_to_ebay", "2026-11-30") == "too-early"
    assert story.tell("turn_to_ebay", "2026-12-01").state == "seller_to_ebay"
    assert isinstance(story.matter.running[0].due, ServiceTarget)
    assert refused(story, "reinstate", "2026-12-02", automatic=True) == "needs-person"
    assert story.tell("reinstate", "2026-12-02").state == "reinstated"


def test_an_owner_who_answers_in_time_keeps_the_seller_from_turning_to_ebay() -> None:
    story = on_ebay()
    story.tell("contact_owner", "2026-11-20")
    assert story.tell("answer_seller", "2026-11-24").state == "taken_down"
    assert refused(story, "turn_to_ebay", "2026-12-08") == "not-now"
    assert not story.matter.running


def test_only_copyright_has_a_counter_notice_on_ebay_and_it_brings_the_listing_back_after_ten_days() -> None:
    assert refused(on_ebay(), "counter", "2026-11-23") == "holds"
    story = on_ebay(COPYRIGHT)
    story.tell("counter", "2026-11-23")
    # Thanksgiving does not count.
    assert last(story, "counter-notice") == date(2026, 12, 8)
    assert refused(story, "reinstate_after_counter", "2026-12-08") == "too-early"
    assert refused(story, "reinstate_after_counter", "2026-12-09", automatic=True) == "unconfirmed"
    assert story.tell("reinstate_after_counter", "2026-12-09").state == "reinstated"


def test_a_machine_brings_a_listing_back_only_when_a_named_reviewer_has_signed_the_rule() -> None:
    story = on_ebay(COPYRIGHT)
    story.tell("counter", "2026-11-23")
    event = story.event("reinstate_after_counter", "2026-12-09", automatic=True)
    rule = story.regime.rule("counter-notice", date(2026, 12, 9))
    signed = Review(rule=f"{EBAY}/counter-notice", version=rule.version, reviewer="Ada Quill", day=date(2026, 11, 1))
    other = Review(rule=f"{EBAY}/counter-notice", version="0" * 64, reviewer="Ada Quill", day=date(2026, 11, 1))
    counting = BOOK.counting["BD"]
    how = [Review(rule="BD", version=counting.version, reviewer="Ada Quill", day=date(2026, 11, 1))]
    with pytest.raises(MoveRefused):
        advance(story.regime, story.matter, event, reviews=[other, *how])
    assert advance(story.regime, story.matter, event, reviews=[signed, *how]).matter.state == "reinstated"


def test_a_court_stops_the_ten_days_on_ebay() -> None:
    story = on_ebay(COPYRIGHT)
    story.tell("counter", "2026-11-23")
    story.tell("escalate", "2026-11-30", by="rights_holder")
    assert refused(story, "reinstate_after_counter", "2026-12-20") == "barred"
    assert story.tell("keep_down", "2026-12-21").state == "taken_down"


def test_ebay_may_fail_to_take_an_item_and_it_is_reported_again() -> None:
    story = Story(EBAY, "2026-11-20")
    story.tell("report", "2026-11-20")
    story.tell("fail", "2026-11-20")
    assert not story.matter.running
    assert story.tell("report", "2026-11-21").state == "sent"


def test_a_seller_on_alibaba_has_three_chances_and_two_readings_of_the_last_two() -> None:
    story = on_alibaba()
    # 25 September is a holiday.
    assert last(story, "first-answer") == date(2026, 9, 30)
    clock = story.matter.clock("later-answers")
    assert clock is not None
    assert clock.other_reading is not None
    assert (last(story, "later-answers"), clock.other_reading.last > date(2026, 10, 21)) == (date(2026, 10, 21), True)
    assert story.tell("counter", "2026-09-30").state == "countered_1"
    assert story.tell("remove", "2026-10-09").state == "refused_1"
    assert story.tell("counter", "2026-10-12").state == "countered_2"
    assert story.tell("refuse_answer", "2026-10-13").state == "refused_2"
    assert story.tell("counter", "2026-10-21").state == "countered_3"
    assert story.tell("refuse_answer", "2026-10-22").state == "taken_down"
    assert refused(story, "counter", "2026-10-23") == "barred"


def test_a_missed_chance_is_lost_and_the_later_ones_are_not() -> None:
    story = on_alibaba()
    assert refused(story, "remove", "2026-09-30") == "too-early"
    assert refused(story, "counter", "2026-10-01") == "too-late"
    assert story.tell("remove", "2026-10-01").state == "unanswered"
    assert story.tell("counter", "2026-10-20").state == "countered_2"
    assert story.tell("accept_answer", "2026-10-21").state == "link_back"


def test_nothing_goes_down_on_alibaba_before_the_seller_was_asked_and_no_chance_comes_after_its_time() -> None:
    story = Story(ALIBABA, "2026-09-24")
    story.tell("submit", "2026-09-24")
    assert refused(story, "remove", "2026-09-25") == "barred"
    story = on_alibaba()
    story.tell("remove", "2026-10-01")
    assert refused(story, "counter", "2026-10-22") == "too-late"


def test_what_a_platform_says_of_itself_is_written_down_without_its_clocks() -> None:
    story = Story(ALIBABA, "2026-09-24")
    story.tell("submit", "2026-09-24")
    assert story.tell("remove_told", "2026-09-25").state == "told_down"
    assert story.tell("counter_told", "2026-12-01").state == "told_countered"
    assert story.tell("accept_told", "2026-12-02").state == "link_back"
    assert all(one.rule == "told" for one in story.matter.log[1:])


#: The same offer of the same day, notified and removed; then the seller answers.
STORIES = {
    EBAY: ("report", "remove", "contact_owner"),
    ALIBABA: ("submit", "ask_seller", "counter"),
    GENERIC: ("submit", "take_down", "counter"),
}
PLATFORM = {EBAY: "ebay", ALIBABA: "aliexpress", GENERIC: ""}


def answered(regime: str) -> Matter:
    day = date(2026, 11, 16)
    found = BOOK.resolve(
        country="US",
        kind=RightKind.TRADEMARK,
        subject=Subject.GOODS,
        day=day,
        channel=Channel.PLATFORM,
        platform=PLATFORM[regime],
    )
    assert found.id == regime
    place = "" if found.file.place else "US"
    story = Story(regime, day.isoformat(), place=place) if found.file.zone else _elsewhere(regime, day)
    for name in STORIES[regime]:
        story.tell(name, day.isoformat())
    return story.matter


def _elsewhere(regime: str, day: date) -> Story:
    return Elsewhere(regime, day.isoformat(), "US")


def test_one_notice_has_three_different_right_answers_on_ebay_alibaba_and_a_platform_without_rules() -> None:
    running = {
        regime: {(one.rule, one.who, one.due.called if one.due else "") for one in answered(regime).running}
        for regime in STORIES
    }
    assert running[EBAY] == {("owner-answers", "rights_holder", "deadline of the terms")}
    assert running[ALIBABA] == {
        ("later-answers", "seller", "deadline of the terms"),
        ("decide-answer", "platform", "service target"),
    }
    assert {one[2] for one in running[GENERIC]} == {"service target"}
    assert {answered(regime).state for regime in STORIES} == {"seller_contacts", "countered_1", "countered"}


def test_each_platform_that_is_named_resolves_to_one_programme_in_every_country_and_for_every_right() -> None:
    assert {"ebay": "eBay", "taobao": "Taobao", "1688": "1688"}.items() <= BOOK.platforms.items()
    for platform in BOOK.platforms:
        found = {
            BOOK.resolve(
                country=country,
                kind=kind,
                subject=subject,
                day=date(2026, 11, 27),
                channel=Channel.PLATFORM,
                platform=platform,
            ).id
            for country in ("FR", "CN", "US", "JP")
            for kind in RightKind
            for subject in (Subject.GOODS, Subject.CONTENT)
        }
        assert found == {EBAY if platform == "ebay" else ALIBABA}


def test_names_and_platforms_of_a_programme_are_the_same_list() -> None:
    assert isinstance(BOOK, Lawbook)
    for regime in BOOK.regimes.values():
        applies = regime.file.applies
        assert set(applies.names) == set(applies.platforms) - {"*"}


@pytest.mark.parametrize("regime", [EBAY, ALIBABA])
def test_each_programme_says_what_an_answer_is_and_who_else_can_be_asked(regime: str) -> None:
    found = shipped_recourse()[regime]
    assert found.answer["en"] != shipped_recourse()[GENERIC].answer["en"]
    assert found.bodies


_STEP = st.tuples(
    st.integers(0, 99), st.integers(0, 9), st.sampled_from([0, 0, 1, 2, 5, 9, 14, 30]), st.booleans(), st.booleans()
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([EBAY, ALIBABA]), st.lists(_STEP, min_size=8, max_size=40))
def test_the_hard_rules_of_each_programme_hold_on_every_walk(
    regime_id: str, steps: list[tuple[int, int, int, bool, bool]]
) -> None:
    regime = BOOK.regime(regime_id)
    matter = walk(regime, steps)
    assert replay({regime.version: regime}, matter) == matter
    names = [one.event.name for one in matter.log]
    if regime_id == ALIBABA:
        assert names.count("counter") <= 3 * max(1, names.count("ask_seller"))
        for place, one in enumerate(names):
            if one == "remove":
                assert "ask_seller" in names[:place]
    else:
        # No walk is about copyright, so that none may have a counter notice.
        assert "counter" not in names
        for place, one in enumerate(names):
            if one == "turn_to_ebay":
                assert names[:place].count("contact_owner") > names[:place].count("answer_seller")
    for happened in matter.log:
        if happened.event.automatic:
            assert regime.rule(happened.rule, happened.event.at.date()).tag.is_confirmed
    for clock in matter.clocks:
        if isinstance(clock.due, Deadline):
            assert clock.due.basis.value == "contract"
    assert matter.opened >= noon("2025-03-03")

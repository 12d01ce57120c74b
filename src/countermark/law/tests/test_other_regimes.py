"""Customs, domains, traders and platform programmes keep their own times."""

from datetime import date

import pytest

from countermark.law.advancing import advance
from countermark.law.deadlines import Deadline, ServiceTarget
from countermark.law.matter import open_matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime_file import Channel, Subject
from countermark.law.tests.stories import BOOK, Story, noon
from countermark.model import InvalidRecord, RightKind


class Elsewhere(Story):
    """A story of a regime that leaves zone and calendar to the case."""

    def __init__(self, regime_id: str, day: str, place: str, facts: frozenset[str] = frozenset()) -> None:
        self.regime = BOOK.regime(regime_id)
        zone = self.regime.file.zone or "Europe/Paris"
        self.matter = open_matter(self.regime, noon(day), place=place, zone=zone, facts=facts)


def last(story: Story, rule: str) -> date:
    clock = story.matter.clock(rule)
    assert clock is not None
    assert isinstance(clock.due, Deadline)
    return clock.due.last


@pytest.mark.parametrize(
    ("place", "first", "second"), [("DE", "2026-04-17", "2026-05-04"), ("FR", "2026-04-16", "2026-04-30")]
)
def test_customs_days_are_those_of_the_member_state_that_holds_the_goods(place: str, first: str, second: str) -> None:
    story = Elsewhere("eu-customs", "2026-04-01", place)
    story.tell("detain", "2026-04-01")
    assert last(story, "conviction").isoformat() == first
    story.tell("extend", "2026-04-10")
    assert last(story, "conviction-extended").isoformat() == second
    with pytest.raises(MoveRefused, match="not running"):
        story.tell("confirm", "2026-04-20")
    story.tell("confirm_in_extension", "2026-04-20")
    assert story.tell("take_silence_as_consent", "2026-04-21").state == "to_destroy"


def test_perishable_goods_have_three_days_and_no_extension() -> None:
    story = Elsewhere("eu-customs", "2026-04-01", "FR")
    story.tell("detain_perishable", "2026-04-01")
    assert last(story, "conviction-perishable") == date(2026, 4, 7)
    with pytest.raises(MoveRefused) as refused:
        story.tell("extend", "2026-04-02")
    assert refused.value.code == "not-now"


def test_after_an_objection_the_suit_is_started_in_the_same_ten_days_or_the_ten_more() -> None:
    story = Elsewhere("eu-customs", "2026-04-01", "DE")
    story.tell("detain", "2026-04-01")
    story.tell("confirm", "2026-04-02")
    story.tell("object", "2026-04-08")
    assert last(story, "proceedings") == date(2026, 4, 17)
    story.tell("extend", "2026-04-17")
    assert last(story, "proceedings-extended") == date(2026, 5, 4)
    assert story.matter.clock("proceedings") is None
    longer = Elsewhere("eu-customs", "2026-04-01", "DE")
    for event, day in (("detain", "2026-04-01"), ("extend", "2026-04-10"), ("object", "2026-04-13")):
        longer.tell(event, day)
    assert last(longer, "proceedings-extended") == date(2026, 5, 4)
    assert longer.matter.clock("proceedings") is None


def test_nobody_is_in_default_before_the_time_for_the_response_is_over() -> None:
    for longer, over in ((False, "2026-05-27"), (True, "2026-05-31")):
        story = Elsewhere("udrp", "2026-04-30", "FR")
        steps = [
            ("file", "2026-04-30"),
            ("lock", "2026-05-04"),
            ("find_compliant", "2026-05-05"),
            ("commence", "2026-05-06"),
        ]
        for event, day in steps + [("ask_four_days", "2026-05-20")] * longer:
            story.tell(event, day)
        with pytest.raises(MoveRefused, match="still runs"):
            story.tell("find_default", "2026-05-26" if not longer else "2026-05-30")
        assert story.tell("find_default", over).state == "default"


def test_an_application_is_extended_in_time_year_after_year_or_lapses() -> None:
    story = Elsewhere("eu-customs-application", "2026-03-02", "FR")
    story.tell("file", "2026-03-02")
    assert last(story, "application-decision") == date(2026, 4, 14)  # Easter Monday rests
    story.tell("grant", "2026-03-31")
    assert last(story, "term") == date(2027, 3, 31)
    story.tell("ask_extension", "2027-03-01")
    with pytest.raises(MoveRefused, match="still runs"):
        story.tell("lapse", "2027-03-31")
    story.tell("extend", "2027-03-20")
    assert last(story, "extension") == date(2028, 3, 31)
    story.tell("ask_extension", "2028-03-01")
    story.tell("extend", "2028-03-30")
    assert last(story, "extension") == date(2029, 3, 31)
    with pytest.raises(MoveRefused, match="was the last day"):
        story.tell("ask_extension", "2029-04-01")
    assert story.tell("lapse", "2029-04-01").state == "lapsed"


def test_a_chinese_recordal_is_renewed_in_its_last_six_months_and_not_before() -> None:
    story = Story("cn-customs-recordal", "2026-09-22")
    story.tell("file", "2026-09-22")
    assert last(story, "recordal") == date(2026, 11, 10)
    story.tell("record", "2026-10-20")
    clock = story.matter.clock("recordal-term")
    assert clock is not None
    assert isinstance(clock.due, Deadline)
    assert (clock.due.first, clock.due.last) == (date(2036, 4, 20), date(2036, 10, 20))
    story.tell("change", "2026-10-20")
    with pytest.raises(MoveRefused, match="the window opens on 2036-04-20"):
        story.tell("ask_renewal", "2036-04-19")
    story.tell("ask_renewal", "2036-04-20")
    story.tell("renew", "2036-05-02")
    assert last(story, "recordal-renewed") == date(2046, 10, 20)


def test_silence_is_taken_as_consent_by_a_person_only() -> None:
    story = Elsewhere("eu-customs", "2026-04-01", "FR")
    story.tell("detain", "2026-04-01")
    with pytest.raises(MoveRefused) as refused:
        story.tell("take_silence_as_consent", "2026-04-17", automatic=True)
    assert refused.value.code == "needs-person"


def test_chinese_customs_release_goods_when_no_court_speaks() -> None:
    story = Story("cn-customs", "2026-09-22")
    story.tell("notify", "2026-09-22")
    assert last(story, "own-motion") == date(2026, 9, 28)
    story.tell("apply", "2026-09-28")
    assert last(story, "investigate") == date(2026, 11, 13)
    with pytest.raises(MoveRefused) as refused:
        story.tell("release", "2026-12-01")
    assert refused.value.code == "too-early"
    assert story.tell("release", "2027-01-31").state == "released"


def test_the_times_of_a_domain_complaint_follow_one_another() -> None:
    story = Elsewhere("udrp", "2026-04-30", "FR", frozenset({"three_members"}))
    story.tell("file", "2026-04-30")
    assert last(story, "lock") == date(2026, 5, 5)  # the first of May rests
    story.tell("lock", "2026-05-05")
    story.tell("find_compliant", "2026-05-06")
    story.tell("commence", "2026-05-08")
    assert last(story, "response") == date(2026, 5, 28)
    story.tell("ask_four_days", "2026-05-20")
    assert last(story, "response-extended") == date(2026, 6, 1)
    story.tell("respond", "2026-06-01")
    assert {clock.rule for clock in story.matter.running} == {"appoint-three"}
    for name, day in (("appoint", "2026-06-10"), ("decide", "2026-06-20"), ("notify", "2026-06-22")):
        story.tell(name, day)
    assert last(story, "carry-out") == date(2026, 7, 6)
    with pytest.raises(MoveRefused) as refused:
        story.tell("carry_out", "2026-07-06")
    assert refused.value.code == "too-early"
    assert story.tell("carry_out", "2026-07-07").state == "carried_out"


def test_a_silent_seller_is_suspended_after_ten_days_by_a_person() -> None:
    story = Story("us-inform", "2026-05-04")
    story.tell("qualify", "2026-05-04")
    story.tell("ask_seller", "2026-05-05")
    assert last(story, "seller-silent") == date(2026, 5, 15)
    with pytest.raises(MoveRefused):
        story.tell("suspend", "2026-05-15")
    story.tell("suspend", "2026-05-16")
    story.tell("collect", "2026-05-20")
    story.tell("verify", "2026-05-21")
    assert last(story, "certify") == date(2027, 5, 21)
    with pytest.raises(MoveRefused) as refused:
        story.tell("disclose", "2026-05-22")
    assert refused.value.code == "holds"


def test_a_rule_of_a_platform_holds_from_its_day_on() -> None:
    regime = BOOK.regime("platform-alibaba")
    before, after = (regime.rule("later-answers", day).time for day in (date(2022, 1, 19), date(2022, 1, 20)))
    assert before is not None
    assert after is not None
    assert (before.period, after.period) == ("30 days", "27 days")
    with pytest.raises(InvalidRecord, match="not in force"):
        BOOK.regime("platform-ebay").rule("api-v1", date(2026, 10, 1))


def test_a_programme_without_numbers_runs_on_service_targets_alone() -> None:
    story = Elsewhere("platform-generic", "2026-11-20", "FR")
    event = story.event("submit", "2026-11-20")
    (duty,) = advance(story.regime, story.matter, event).duties
    assert isinstance(duty.due, ServiceTarget)
    assert duty.due.last == date(2026, 11, 23)


def test_nobody_is_suspended_without_a_warning_or_by_a_machine() -> None:
    story = Elsewhere("eu-misuse", "2026-08-31", "FR")
    with pytest.raises(MoveRefused) as refused:
        story.tell("suspend", "2026-08-31")
    assert (refused.value.code, refused.value.rule) == ("barred", "eu-misuse/warning")
    with pytest.raises(MoveRefused, match="absolute number"):
        story.tell("warn", "2026-08-31", without="number")
    story.tell("warn", "2026-08-31")
    with pytest.raises(MoveRefused) as refused:
        story.tell("suspend", "2026-09-15", automatic=True)
    assert refused.value.code == "needs-person"
    story.tell("suspend", "2026-09-15")
    assert last(story, "complaint-window") == date(2027, 3, 15)
    story.tell("complain", "2026-09-20")
    assert story.tell("reverse", "2026-09-25").state == "counted"


def test_pay_outs_are_held_by_a_person_and_a_service_is_ended_by_two() -> None:
    story = Elsewhere("eu-payments", "2026-08-31", "FR")
    with pytest.raises(MoveRefused, match="another person"):
        story.tell("end", "2026-08-31", without="second_person")
    for event in ("hold", "end"):
        with pytest.raises(MoveRefused) as refused:
            story.tell(event, "2026-08-31", automatic=True)
        assert refused.value.code == "needs-person"
    story.tell("hold", "2026-08-31")
    assert last(story, "complaint-window") == date(2027, 3, 1)  # six months end on Sunday 28 February
    story.tell("complain", "2026-09-01")
    assert last(story, "decide-complaint") == date(2026, 9, 22)  # fifteen working days from Wednesday 2 September
    with pytest.raises(MoveRefused):
        story.tell("lift", "2026-09-02")
    assert story.tell("reverse", "2026-09-02").state == "reversed"
    with pytest.raises(MoveRefused):
        story.tell("complain", "2026-09-03")


@pytest.mark.parametrize(
    ("country", "platform", "expected"),
    [("US", "ebay", "platform-ebay"), ("CN", "taobao", "platform-alibaba"), ("JP", "bazaar", "platform-generic")],
)
def test_a_platform_finds_its_own_programme_or_the_general_one(country: str, platform: str, expected: str) -> None:
    found = BOOK.resolve(
        country=country,
        kind=RightKind.TRADEMARK,
        subject=Subject.GOODS,
        day=date(2026, 11, 27),
        channel=Channel.PLATFORM,
        platform=platform,
    )
    assert found.id == expected


@pytest.mark.parametrize(
    ("country", "subject", "expected"),
    [
        ("IT", Subject.BORDER, "eu-customs"),
        ("CN", Subject.BORDER, "cn-customs"),
        ("IT", Subject.RECORDAL, "eu-customs-application"),
        ("CN", Subject.RECORDAL, "cn-customs-recordal"),
        ("BR", Subject.DOMAIN, "udrp"),
        ("US", Subject.TRADER, "us-inform"),
        ("FR", Subject.TRADER, "eu-misuse"),
        ("FR", Subject.PAYEE, "eu-payments"),
        ("US", Subject.COURT, "us-court"),
        ("CN", Subject.COURT, "cn-court"),
        ("FR", Subject.COURT, "eu-court"),
    ],
)
def test_border_domain_trader_and_court_have_regimes_of_their_own(
    country: str, subject: Subject, expected: str
) -> None:
    kind = RightKind.TRADEMARK
    assert BOOK.resolve(country=country, kind=kind, subject=subject, day=date(2026, 11, 27)).id == expected


def test_a_regime_of_rules_alone_opens_no_matter_and_a_missing_zone_is_asked_for() -> None:
    with pytest.raises(InvalidRecord, match="no procedure"):
        open_matter(BOOK.regime("cn-court"), noon("2026-01-01"))
    with pytest.raises(InvalidRecord, match="time zone"):
        open_matter(BOOK.regime("udrp"), noon("2026-01-01"))

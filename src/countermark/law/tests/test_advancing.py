"""The same facts lead to four different right answers, and nothing illegal happens."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from countermark.law.advancing import advance
from countermark.law.choices import choices, late
from countermark.law.deadlines import Deadline, ServiceTarget
from countermark.law.matter import Event, open_matter
from countermark.law.refusals import MoveRefused
from countermark.law.tags import Review
from countermark.law.tests.stories import BOOK, Story, china_copyright, china_goods, dmca, dsa, noon
from countermark.model import InvalidRecord


def refused(
    story: Story, name: str, day: str, by: str = "", *, without: str = "", automatic: bool = False
) -> MoveRefused:
    with pytest.raises(MoveRefused) as caught:
        story.tell(name, day, by, without=without, automatic=automatic)
    assert caught.value.mend
    return caught.value


def due(story: Story, rule: str) -> Deadline:
    clock = story.matter.clock(rule)
    assert clock is not None
    assert isinstance(clock.due, Deadline)
    return clock.due


def test_one_story_has_four_different_right_answers() -> None:
    europe, goods, copies, america = dsa(), china_goods("2026-09-17"), china_copyright(), dmca("2026-11-16")
    # Europe: nothing comes back by time; the seller has six months to complain.
    assert due(europe, "complaint-window").last == date(2027, 3, 1)
    assert refused(europe, "restore", "2026-09-20", "platform").code == "unknown-event"
    # China, goods: fifteen days from arrival, moved by the National Day holiday.
    assert due(goods, "wait").last == date(2026, 10, 8)
    assert refused(goods, "lift", "2026-10-08").code == "too-early"
    assert goods.tell("lift", "2026-10-09").state == "measures_lifted"
    # China, works on a network: back at once, for good.
    restore = copies.matter.clock("restore")
    assert restore is not None
    assert isinstance(restore.due, ServiceTarget)
    assert restore.due.promise == "immediately"
    assert copies.tell("restore", "2026-09-10").state == "restored_final"
    # United States: between the tenth and the fourteenth business day.
    assert (due(america, "restore-window").first, due(america, "restore-window").last) == (
        date(2026, 12, 1),
        date(2026, 12, 7),
    )


@pytest.mark.parametrize(
    ("received", "ninth", "tenth", "fourteenth", "fifteenth"),
    [
        ("2026-11-16", "2026-11-30", "2026-12-01", "2026-12-07", "2026-12-08"),
        ("2026-06-26", "2026-07-10", "2026-07-13", "2026-07-17", "2026-07-20"),
    ],
)
def test_a_dmca_item_comes_back_on_business_days_ten_to_fourteen_only(
    received: str, ninth: str, tenth: str, fourteenth: str, fifteenth: str
) -> None:
    assert refused(dmca(received), "restore", ninth).code == "too-early"
    assert dmca(received).tell("restore", tenth).state == "restored"
    assert dmca(received).tell("restore", fourteenth).state == "restored"
    late_one = dmca(received)
    assert refused(late_one, "restore", fifteenth).code == "too-late"
    assert late_one.tell("restore_late", fifteenth).state == "restored_late"


def test_a_suit_notified_before_restoration_keeps_a_dmca_item_down() -> None:
    story = dmca()
    assert story.tell("suit_notice", "2026-11-20").state == "kept_down"
    answer = refused(story, "restore", "2026-12-02")
    assert (answer.code, answer.rule) == ("barred", "us-dmca/suit")


def test_a_restored_work_in_china_cannot_be_noticed_again() -> None:
    story = china_copyright()
    story.tell("restore", "2026-09-10")
    answer = refused(story, "notice", "2026-09-12", "rights_holder")
    assert (answer.code, answer.rule) == ("barred", "cn-copyright/no-second-notice")
    assert story.tell("sue", "2026-09-20").state == "in_court"


def test_the_fifteen_days_start_only_with_proof_of_arrival() -> None:
    story = Story("cn-goods", "2026-09-01")
    for name, day in (("notice", "2026-09-01"), ("take_measures", "2026-09-02"), ("statement", "2026-09-10")):
        story.tell(name, day)
    assert refused(story, "lift", "2026-12-01", "platform").code == "barred"
    story.tell("forward_statement", "2026-09-11")
    assert story.matter.clock("wait") is None
    assert refused(story, "statement_arrived", "2026-09-17", without="arrival_proof").code == "fact-missing"
    story.tell("statement_arrived", "2026-09-17")
    assert due(story, "wait").counted.start == date(2026, 9, 17)


def test_a_moment_becomes_the_day_of_the_place_whose_law_asks() -> None:
    story = china_goods("2026-09-12")
    again = Story("cn-goods", "2026-09-01")
    for step in story.matter.log[:-1]:
        again.matter = advance(again.regime, again.matter, step.event).matter
    evening = Event(
        name="statement_arrived",
        at=datetime.fromisoformat("2026-09-16T17:00:00+00:00"),  # one o'clock in the morning in Shanghai
        by="platform",
        facts={"arrival_proof": "receipt-1"},
    )
    again.matter = advance(again.regime, again.matter, evening).matter
    assert due(again, "wait").counted.start == date(2026, 9, 17)
    assert due(again, "wait").ends_at == datetime.fromisoformat("2026-10-08T16:00:00+00:00")


def test_a_complaint_filed_in_time_keeps_the_goods_down_and_one_day_later_it_does_not() -> None:
    assert china_goods().tell("filed", "2026-10-08").state == "measures_kept"
    assert refused(china_goods(), "filed", "2026-10-09").code == "too-late"


def test_delayed_papers_show_both_readings_and_act_on_the_first() -> None:
    story = china_goods("2026-09-22")
    story.tell("show_delay", "2026-09-28")
    clock = story.matter.clock("wait-extended")
    assert clock is not None
    assert isinstance(clock.due, Deadline)
    assert clock.due.last == date(2026, 10, 27)
    assert "whole time" in clock.due.reading
    assert clock.other_reading is not None
    assert clock.other_reading.last > clock.due.last
    assert story.matter.clock("wait") is None
    assert refused(story, "lift", "2026-10-27").code == "too-early"
    assert story.tell("lift", "2026-10-28").state == "measures_lifted"


def test_an_order_of_a_court_stops_a_lift() -> None:
    story = china_goods()
    story.tell("order_before_suit", "2026-09-20")
    assert due(story, "preservation-suit").last == date(2026, 10, 20)
    assert refused(story, "lift", "2026-10-12").code == "holds"
    story.tell("sue_after_order", "2026-10-12")
    story.tell("order_ends", "2026-10-13")
    assert story.tell("lift", "2026-10-14").state == "measures_lifted"
    other = china_goods()
    assert other.tell("order_to_restore", "2026-09-20").state == "measures_lifted"


@pytest.mark.parametrize(
    ("tell", "back"),
    [(china_goods, "measures_lifted"), (china_copyright, "put_back"), (dmca, "put_back"), (dsa, "put_back")],
)
def test_what_a_withdrawn_notice_took_down_comes_back(tell: Callable[[], Story], back: str) -> None:
    story = tell()
    story.tell("withdraw", "2026-11-20")
    duty = story.matter.clock("put-back")
    assert duty is not None
    assert duty.who == "platform"
    assert story.tell("put_back", "2026-11-20").state == back
    assert story.matter.clock("put-back") is None


def test_what_is_owed_to_seller_and_database_stays_owed_after_a_withdrawal() -> None:
    story = dsa()
    story.tell("withdraw", "2026-09-20")
    story.tell("put_back", "2026-09-20")
    assert story.matter.clock("publish-statement") is not None
    story.tell("publish_statement", "2026-09-21")
    story.tell("send_statement", "2026-09-21")
    assert {clock.rule for clock in story.matter.running} == {"tell-notifier", "confirm-receipt", "complaint-window"}


def test_a_rejection_that_is_reversed_leads_to_a_restriction_with_reasons_of_its_own() -> None:
    story = Story("eu-dsa", "2026-08-31", place="FR")
    story.tell("notice", "2026-08-31")
    story.tell("reject", "2026-09-01")
    story.tell("complain", "2026-09-10", "rights_holder")
    story.tell("reverse", "2026-09-20")
    story.tell("restrict", "2026-09-21")
    assert due(story, "statement-of-reasons").last == date(2026, 9, 21)
    assert due(story, "complaint-window").counted.start == date(2026, 9, 21)


def test_a_seller_in_europe_complains_within_six_months_and_people_decide() -> None:
    assert refused(dsa(), "complain", "2027-03-02", "seller").code == "too-late"
    story = dsa()
    story.tell("complain", "2027-03-01", "seller")
    assert refused(story, "uphold", "2027-03-03", automatic=True).code == "needs-person"
    story.tell("reverse", "2027-03-03")
    assert {clock.rule for clock in story.matter.running} >= {"tell-complainant", "reverse"}
    story.tell("go_to_body", "2027-04-01", "rights_holder")
    assert due(story, "settlement-decision").last == date(2027, 6, 30)
    story.tell("extend_settlement", "2027-06-01")
    assert due(story, "settlement-extended").last == date(2027, 9, 28)


def test_duties_of_large_platforms_do_not_bind_small_ones() -> None:
    large, small = dsa(), dsa(frozenset({"small"}))
    assert {clock.rule for clock in large.matter.running} > {clock.rule for clock in small.matter.running}
    assert small.matter.clock("publish-statement") is None
    assert small.matter.clock("statement-of-reasons") is not None
    assert refused(small, "complain", "2026-09-05", "seller").code == "holds"
    assert refused(large, "give_priority", "2026-09-05").code == "not-now"


def test_priority_is_for_trusted_flaggers_only() -> None:
    story = Story("eu-dsa", "2026-08-31", place="FR")
    story.tell("notice", "2026-08-31")
    assert refused(story, "give_priority", "2026-08-31").code == "holds"
    trusted = Story("eu-dsa", "2026-08-31", place="FR", facts=frozenset({"trusted"}))
    trusted.tell("notice", "2026-08-31")
    assert trusted.tell("give_priority", "2026-08-31").state == "priority_review"


def test_a_norm_without_a_number_gives_a_service_target_never_a_deadline() -> None:
    clock = dsa().matter.clock("tell-notifier")
    assert clock is not None
    assert isinstance(clock.due, ServiceTarget)
    assert clock.due.called == "service target"
    assert clock.due.promise == "without undue delay"
    statement = dsa().matter.clock("statement-of-reasons")
    assert statement is not None
    assert isinstance(statement.due, Deadline)
    assert (statement.due.called, statement.due.last) == ("legal deadline", date(2026, 8, 31))


def test_without_own_targets_a_duty_still_stands_in_the_words_of_the_norm() -> None:
    story = Story("eu-dsa", "2026-08-31", place="FR")
    answer = advance(story.regime, story.matter, story.event("notice", "2026-08-31"), targets={})
    decide = next(clock for clock in answer.duties if clock.rule == "decide")
    assert isinstance(decide.due, ServiceTarget)
    assert (decide.due.promise, decide.due.last) == ("timely", None)


def test_a_machine_acts_on_signed_rules_only_and_only_in_the_version_that_was_signed() -> None:
    story = china_goods()
    assert refused(story, "lift", "2026-10-09", automatic=True, without="second_look").code == "fact-missing"
    answer = refused(story, "lift", "2026-10-09", automatic=True)
    assert (answer.code, answer.rule) == ("unconfirmed", "CN-CIV")
    counting = BOOK.counting["CN-CIV"]
    event = story.event("lift", "2026-10-09", automatic=True)
    stale = Review(rule="CN-CIV", version="0" * 64, reviewer="C. Vidal", day=date(2026, 9, 1))
    with pytest.raises(MoveRefused):
        advance(story.regime, story.matter, event, reviews=[stale])
    signed = Review(rule="CN-CIV", version=counting.version, reviewer="C. Vidal", day=date(2026, 9, 1))
    assert advance(story.regime, story.matter, event, reviews=[signed]).matter.state == "measures_lifted"


def test_a_machine_never_acts_on_a_provisional_date() -> None:
    story = Story("cn-goods", "2031-01-05")
    for name in ("notice", "take_measures", "statement", "forward_statement", "statement_arrived"):
        story.tell(name, "2031-01-05")
    assert not due(story, "wait").is_firm
    assert refused(story, "lift", "2031-03-01", automatic=True).code == "provisional"
    assert story.tell("lift", "2031-03-01").state == "measures_lifted"


@pytest.mark.parametrize(
    ("name", "by", "code"),
    [
        ("lift", "seller", "wrong-actor"),
        ("take_measures", "platform", "not-now"),
        ("dance", "platform", "unknown-event"),
    ],
)
def test_what_is_not_possible_says_what_is(name: str, by: str, code: str) -> None:
    story = china_goods()
    answer = refused(story, name, "2026-10-09", by) if name != "dance" else None
    if answer is None:
        with pytest.raises(MoveRefused) as caught:
            advance(story.regime, story.matter, Event(name=name, at=noon("2026-10-09"), by=by))
        answer = caught.value
    assert answer.code == code


def test_the_past_cannot_be_told_later_and_unknown_facts_are_refused() -> None:
    story = china_goods()
    assert refused(story, "filed", "2026-09-16").code == "earlier"
    odd = Event(name="filed", at=noon("2026-09-20"), by="rights_holder", facts={"filing_proof": "x", "colour": "red"})
    with pytest.raises(MoveRefused, match="colour"):
        advance(story.regime, story.matter, odd)


def test_a_closed_matter_stays_closed() -> None:
    story = china_goods()
    story.tell("withdraw", "2026-09-20")
    story.tell("put_back", "2026-09-20")
    assert not story.matter.running
    assert refused(story, "order_to_keep", "2026-09-21").code == "closed"
    assert not choices(story.regime, story.matter, noon("2026-09-21"))


def test_choices_say_what_is_possible_what_it_needs_and_what_stands_against_it() -> None:
    story = china_goods()
    found = {one.event: one for one in choices(story.regime, story.matter, noon("2026-09-20"))}
    assert found["lift"].refusal_code == "too-early"
    assert "2026-10-08" in found["lift"].refusal
    assert not found["filed"].refusal
    assert list(found["filed"].needs) == ["filing_proof"]


def test_what_is_late_is_named_and_targets_are_told_from_deadlines() -> None:
    story = dsa()
    names = [(clock.rule, clock.due.called) for clock in late(story.matter, noon("2026-09-05")) if clock.due]
    assert ("statement-of-reasons", "legal deadline") in names
    assert ("tell-notifier", "service target") in names


@pytest.mark.parametrize(
    ("opened", "facts", "reason"),
    [
        ("2018-01-01T00:00:00+00:00", frozenset(), "not in force"),
        ("2026-01-01T00:00:00", frozenset(), "offset"),
        ("2026-01-01T00:00:00+00:00", frozenset({"colour"}), "colour"),
    ],
)
def test_a_matter_that_cannot_be_is_not_opened(opened: str, facts: frozenset[str], reason: str) -> None:
    with pytest.raises(InvalidRecord, match=reason):
        open_matter(BOOK.regime("cn-goods"), datetime.fromisoformat(opened), facts=facts)

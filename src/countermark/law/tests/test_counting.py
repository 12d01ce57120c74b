"""Days are counted as the norms say, and every date explains itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.law.calendars import calendar_of
from countermark.law.counting import Counted, Status, count
from countermark.law.counting_rules import read_counting_rules, shipped_counting_rules
from countermark.law.periods import read_period
from countermark.law.territories import MEMBER_STATES
from countermark.model import InvalidRecord

RULES = shipped_counting_rules()


def counted(rule: str, period: str, start: str, place: str = "") -> Counted:
    return count(RULES[rule], read_period(period), date.fromisoformat(start), place=place)


VECTORS = [
    ("CN-CIV", "15 days", "2026-09-17", "", "2026-10-08", "National Day"),
    ("CN-CIV", "15 days", "2026-02-03", "", "2026-02-24", "Spring Festival"),
    ("CN-WD", "20 working days", "2026-09-22", "", "2026-10-27", "Mid-autumn Festival"),
    ("CN-WD", "3 working days", "2026-09-22", "", "2026-09-28", "Mid-autumn Festival"),
    ("CN-WD", "30 working days", "2026-09-22", "", "2026-11-10", "National Day"),
    ("US-BD", "10 working days", "2026-11-16", "", "2026-12-01", "Thanksgiving Day"),
    ("US-BD", "14 working days", "2026-11-16", "", "2026-12-07", "Thanksgiving Day"),
    ("US-BD", "10 working days", "2026-06-26", "", "2026-07-13", "Independence Day (observed)"),
    ("US-BD", "14 working days", "2026-06-26", "", "2026-07-17", "Independence Day (observed)"),
    ("EU-WD", "10 working days", "2026-04-01", "DE", "2026-04-17", "Good Friday"),
    ("EU-WD", "10 working days", "2026-04-01", "FR", "2026-04-16", "Easter Monday"),
    ("EU-1182", "6 months", "2026-08-31", "DE", "2027-03-01", "Sunday"),
]


@pytest.mark.parametrize(("rule", "period", "start", "place", "last", "name"), VECTORS)
def test_the_vectors_of_the_catalogue_hold(
    rule: str, period: str, start: str, place: str, last: str, name: str
) -> None:
    found = counted(rule, period, start, place)
    assert found.last.isoformat() == last
    assert found.status is Status.FIRM
    assert not found.alerts
    assert name in {day.why for day in found.skipped}


OTHERS = [
    ("CN-PROC", "15 days", "2026-09-17", "", "2026-10-08"),
    ("CN-PROC", "48 hours", "2026-09-30", "", "2026-10-02"),  # hours do not wait for the holiday to end
    ("CN-CIV", "1 month", "2026-01-31", "", "2026-02-28"),  # a Saturday, but a worked one
    ("CN-CIV", "3 years", "2023-10-09", "", "2026-10-09"),
    ("EU-1182", "6 months", "2026-05-15", "FR", "2026-11-16"),
    ("EU-1182", "2 days", "2026-04-02", "DE", "2026-04-08"),  # Easter: two working days must lie inside
    ("EU-1182", "1 year", "2028-02-29", "FR", "2029-02-28"),
    ("US-FRCP6", "21 days", "2026-11-05", "", "2026-11-27"),  # Thanksgiving
    ("CAL", "20 days", "2026-12-06", "", "2026-12-26"),
    ("BD", "2 working days", "2026-10-02", "DE-BY", "2026-10-06"),
]


@pytest.mark.parametrize(("rule", "period", "start", "place", "last"), OTHERS)
def test_the_corners_of_each_way_of_counting_hold(rule: str, period: str, start: str, place: str, last: str) -> None:
    assert counted(rule, period, start, place).last.isoformat() == last


def test_a_date_explains_itself_with_the_names_of_the_days_it_skipped() -> None:
    found = counted("CN-WD", "20 working days", "2026-09-22")
    said = found.in_words()
    assert "2026-09-22  The event. Its own day is not counted." in said
    assert "2026-09-25  Mid-autumn Festival: not a working day." in said
    assert "(Saturday, worked in exchange for National Day)" in said
    assert "Working day 20 of 20" in said
    assert found.calendar.startswith("CN (chinesecalendar ")


def test_a_year_without_a_published_calendar_gives_a_provisional_date_and_an_alert() -> None:
    found = counted("CN-CIV", "15 days", "2031-01-20")
    assert found.status is Status.PROVISIONAL
    assert "2031" in found.alerts[0]
    assert found.last.isoformat() == "2031-02-04"


def test_the_fixed_holidays_of_a_year_without_notice_are_still_looked_at() -> None:
    found = counted("CN-CIV", "15 days", "2031-09-16")
    assert found.last > date(2031, 10, 1)
    assert found.status is Status.PROVISIONAL


def test_without_a_place_only_weekends_rest_and_the_date_is_provisional() -> None:
    found = counted("EU-WD", "10 working days", "2026-04-01")
    assert found.last.isoformat() == "2026-04-15"
    assert found.status is Status.PROVISIONAL
    assert "no place was named" in found.alerts[0]


@pytest.mark.parametrize(
    ("rule", "period", "start", "place", "field"),
    [
        ("QUAL", "5 days", "2026-04-01", "", "count"),
        ("CN-WD", "5 days", "2026-04-01", "", "period"),
        ("CN-CIV", "5 working days", "2026-04-01", "", "period"),
        ("CN-CIV", "15 days", "1999-04-01", "", "from"),
        ("CN-CIV", "15 days", "2099-04-01", "", "from"),
        ("EU-WD", "10 working days", "2026-04-01", "ZZ", "place"),
        ("EU-WD", "10 working days", "2026-04-01", "DE-XX", "place"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_mend(
    rule: str, period: str, start: str, place: str, field: str
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        counted(rule, period, start, place)
    assert refused.value.field == field
    assert refused.value.mend


@pytest.mark.parametrize("text", ["", "15", "0 days", "-3 days", "15 fortnights", "99999 days", "1.5 days", "36 hours"])
def test_a_length_of_time_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecord):
        read_period(text)


RULE = b"""format: countermark-counting/1
rules:
  - {id: X, title: t, says: s, days: calendar, calendar: CN, sources: [{norm: Code art. 1, tag: P}]}
"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (RULE.replace(b"sources: [{norm: Code art. 1, tag: P}]", b"sources: []"), "no source"),
        (RULE.replace(b", sources: [{norm: Code art. 1, tag: P}]", b""), "sources"),
        (RULE.replace(b"norm: Code art. 1", b"norm: ' '"), "no norm"),
        (RULE.replace(b"tag: P", b"tag: X"), "tag"),
        (RULE.replace(b"title: t", b"title: t, colour: red"), "colour"),
        (RULE + RULE.splitlines()[2], "twice"),
        (RULE.replace(b"counting/1", b"counting/9"), "format"),
        (b"- a list", "no keys"),
    ],
)
def test_a_counting_rule_that_is_not_whole_does_not_load(data: bytes, reason: str) -> None:
    assert read_counting_rules(RULE)["X"].title == "t"
    with pytest.raises(InvalidRecord, match=reason):
        read_counting_rules(data)


@settings(deadline=None)
@given(
    rule=st.sampled_from(["CN-CIV", "EU-1182", "US-FRCP6"]),
    days=st.integers(1, 200),
    start=st.dates(date(2010, 1, 1), date(2025, 1, 1)),
)
def test_a_period_never_ends_early_and_never_on_a_day_that_rests(rule: str, days: int, start: date) -> None:
    found = count(RULES[rule], read_period(f"{days} days"), start, place="FR")
    assert (found.last - start).days >= days
    place = {"CN-CIV": "CN", "US-FRCP6": "US"}.get(rule, "FR")
    assert not calendar_of(place).look(found.last).rests


@settings(deadline=None)
@given(
    place=st.sampled_from(["CN", "US", "DE", "FR"]),
    days=st.integers(1, 60),
    start=st.dates(date(2010, 1, 1), date(2025, 1, 1)),
)
def test_working_days_between_start_and_end_are_exactly_as_many_as_asked(place: str, days: int, start: date) -> None:
    rule = {"CN": "CN-WD", "US": "US-BD"}.get(place, "EU-WD")
    found = count(RULES[rule], read_period(f"{days} working days"), start, place=place)
    span = [date.fromordinal(n) for n in range(start.toordinal() + 1, found.last.toordinal() + 1)]
    assert sum(not calendar_of(place).look(day).rests for day in span) == days
    assert found == count(RULES[rule], read_period(f"{days} working days"), start, place=place)


@pytest.mark.parametrize("place", sorted(MEMBER_STATES | {"IS", "LI", "NO", "GB", "CH", "JP", "US-IL", "ES-CT"}))
def test_every_country_we_meet_has_a_calendar_with_names(place: str) -> None:
    new_year = calendar_of(place).look(date(2027, 1, 1))
    assert new_year.rests
    assert new_year.why
    assert new_year.published


def test_a_holiday_of_next_year_that_is_kept_this_year_rests() -> None:
    assert calendar_of("US").look(date(2027, 12, 31)).rests  # the first of January 2028 is a Saturday


def test_a_day_that_depends_on_the_moon_is_not_published() -> None:
    found = counted("BD", "5 working days", "2028-02-23", "AE")  # the end of Ramadan
    assert found.status is Status.PROVISIONAL
    assert "2028" in found.alerts[0]
    assert counted("BD", "5 working days", "2028-01-10", "AE").status is Status.FIRM


def test_many_threads_get_one_answer() -> None:
    rule, period, start = RULES["EU-WD"], read_period("120 working days"), date(2041, 10, 1)
    with ThreadPoolExecutor(8) as pool:
        found = {one.last for one in pool.map(lambda _: count(rule, period, start, place="PL"), range(64))}
    assert len(found) == 1

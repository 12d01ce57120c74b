"""A time without a zone is not accepted; an absurd one is told."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.moments import read_day, read_moment
from countermark.formats.problems import Unfit

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T20:00:00+08:00",
        "2026-03-01 12:00Z",
        "20260301T120000Z",
        "Sun, 01 Mar 2026 12:00:00 +0000",
        "  2026-03-01T12:00:00.000000Z ",
    ],
)
def test_a_time_with_a_zone_is_read_as_its_moment(text: str) -> None:
    assert read_moment(text, NOW) == NOON
    assert read_moment(text, NOW).tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00", "2026-03-01", "Sun, 01 Mar 2026 12:00:00 -0000"])
def test_a_time_without_a_zone_is_refused_unless_the_column_says_utc(text: str) -> None:
    with pytest.raises(Unfit, match="time-without-zone"):
        read_moment(text, NOW)
    assert read_moment(text, NOW, utc=True).date() == NOON.date()


@pytest.mark.parametrize(
    "value", ["03/04/2026", "yesterday", "", "1700000000", "2026-13-01T00:00:00Z", 5, None, "9" * 100]
)
def test_what_is_no_time_is_told(value: object) -> None:
    with pytest.raises(Unfit, match="time-not-understood"):
        read_moment(value, NOW)


@pytest.mark.parametrize(
    "text", ["1989-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-06-02T00:00:01Z", "9999-12-31T23:59:59-14:00"]
)
def test_an_absurd_time_is_told(text: str) -> None:
    with pytest.raises(Unfit, match="time-absurd"):
        read_moment(text, NOW)


def test_a_clock_may_be_a_day_ahead() -> None:
    assert read_moment("2026-06-02T00:00:00Z", NOW) == NOW + timedelta(days=1)


def test_a_typed_time_needs_a_zone_as_well() -> None:
    assert read_moment(NOON.astimezone(timezone(timedelta(hours=-5))), NOW) == NOON
    with pytest.raises(Unfit, match="time-without-zone"):
        read_moment(NOON.replace(tzinfo=None), NOW)


@pytest.mark.parametrize(
    "value",
    ["2019-05-14", "2019/05/14", "20190514", "2019-05-14T00:00:00Z", date(2019, 5, 14), datetime(2019, 5, 14, 9)],
)
def test_a_day_is_read(value: object) -> None:
    assert read_day(value, NOW) == date(2019, 5, 14)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("14.05.2019", "date-not-understood"),
        ("2019-02-30", "date-not-understood"),
        ("1890-01-01", "date-absurd"),
        ("2126-01-01", "date-absurd"),
        (12, "date-not-understood"),
    ],
)
def test_a_bad_day_is_told(value: object, code: str) -> None:
    with pytest.raises(Unfit, match=code):
        read_day(value, NOW)


@given(st.text(max_size=70))
def test_any_text_gives_a_moment_or_a_problem(text: str) -> None:
    for reader in (read_moment, read_day):
        try:
            reader(text, NOW)
        except Unfit as unfit:
            assert unfit.code.startswith(("time-", "date-"))

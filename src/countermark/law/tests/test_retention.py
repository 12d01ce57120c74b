"""How long what is kept is data with a source, and the days come out exactly."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.law.retention import SHIPPED, read_retention, shipped_retention
from countermark.model import InvalidRecord

TABLE = shipped_retention()
GOOD = b"""format: countermark-retention/1
classes:
  - {id: x, title: X, least: 3 years, most: 4 years, begins: b, applied: a, sources: [{norm: Act art. 1, tag: P}]}
"""


def test_the_catalogue_of_retention_is_there_with_its_norms():
    wanted = {
        "identity-checks": "6 months",
        "transactions": "3 years",
        "laundering": "10 years",
        "provisions": "3 years",
    }
    assert {name: TABLE[name].least for name in wanted} == wanted
    assert TABLE["unproven-alerts"].most == "90 days"
    assert TABLE["case-data"].most == "3 years"
    assert all(one.sources and one.tag for one in TABLE.values())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"retention/1", b"retention/2", "not a table"),
        (b"sources: [{norm: Act art. 1, tag: P}]", b"sources: []", "no source"),
        (b", tag: P}", b"}", "tag"),
        (b"most: 4 years", b"most: 2 years", "ends before it may"),
        (b"least: 3 years, most: 4 years, ", b"", "no time"),
        (b"most: 4 years", b"most: 4 fortnights", "not a number"),
        (b"most: 4 years", b"most: 4 years, colour: red", "colour"),
    ],
)
def test_a_class_that_does_not_hold_together_does_not_load(old, new, reason):
    assert set(read_retention(GOOD)) == {"x"}
    with pytest.raises(InvalidRecord, match=reason):
        read_retention(GOOD.replace(old, new))
    with pytest.raises(InvalidRecord, match="twice"):
        read_retention(GOOD + GOOD.splitlines()[2])
    assert len(read_retention(SHIPPED.read_bytes())) == len(TABLE)


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from([one.id for one in TABLE.values() if one.most]), today=st.dates(date(2016, 1, 1)))
def test_what_began_before_that_day_is_over_and_what_began_on_it_is_not(name, today):
    if today.year > 2080:
        today = today.replace(year=2080, day=1)
    edge = TABLE[name].begun_before(today)
    assert TABLE[name].last_day(edge) >= today
    assert TABLE[name].last_day(edge - timedelta(days=1)) < today

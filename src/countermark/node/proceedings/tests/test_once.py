"""Proceedings under a second click, two tabs, a reply that never came, and words that are not what they seem."""

from datetime import UTC, date, datetime

import pytest

from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.node.proceedings import happening, opening, selectors
from countermark.node.proceedings.factories import make_proceeding, tell
from countermark.node.proceedings.happening import Said
from countermark.node.proceedings.models import Proceeding, Step
from countermark.node.proceedings.opening import Opening


def parcel(**more: object) -> Opening:
    given = {
        "regime": "eu-customs",
        "about": "Parcel",
        "since": date(2026, 4, 1),
        "place": "FR",
        "key": "form-1",
    } | more
    return Opening(**given)  # type: ignore[arg-type]


def detained(seen: int | None, note: str = "") -> Said:
    facts = {"application": "FR 1", "notice_proof": "letter"}
    return Said(event="detain", day=date(2026, 4, 1), facts=facts, note=note, seen=seen)


def test_one_form_opens_one_proceeding_however_often_it_is_sent(analyst):
    first = opening.open_one(analyst, parcel())
    assert opening.open_one(analyst, parcel()) == first
    assert opening.open_one(analyst, parcel(key="form-2")) != first
    colleague = make_member(Role.ANALYST, Organisation.objects.get(pk=analyst.organisation_id))
    assert opening.open_one(colleague, parcel()) != first
    assert opening.open_one(analyst, parcel(key="")) != opening.open_one(analyst, parcel(key=""))


def test_what_is_sent_twice_is_written_once(analyst):
    name = make_proceeding(analyst)
    for _ in range(2):
        happening.happened(analyst, name, detained(seen=0))
    assert Step.objects.count() == 1
    for _ in range(2):
        happening.take_back(analyst, name, "another parcel", seen=1)
    assert [one.undoes for one in Step.objects.order_by("number")] == [None, 1]


def test_a_second_click_takes_no_second_step_back(analyst):
    name = make_proceeding(analyst, "udrp", date(2026, 10, 1), about="corvane-outlet.example")
    tell(analyst, name, "file", "2026-10-01", complaint="D1")
    tell(analyst, name, "lock", "2026-10-02")
    for _ in range(3):
        happening.take_back(analyst, name, "it was not locked", seen=2)
    assert [one.taken_back for one in selectors.proceeding(analyst, name).steps] == [False, True, False]


def test_of_two_tabs_the_later_one_is_told_that_something_was_written(analyst, counsel):
    name = make_proceeding(analyst)
    happening.happened(analyst, name, detained(seen=0))
    for member, said in ((analyst, detained(seen=0, note="other words")), (counsel, detained(seen=0))):
        with pytest.raises(Conflict, match="since you looked"):
            happening.happened(member, name, said)
    with pytest.raises(Conflict, match="since you looked"):
        happening.take_back(analyst, name, "an old page", seen=0)
    assert Step.objects.count() == 1


@pytest.mark.parametrize(
    "words", ["two\nlines", "a bell\a", "colour\x1b[31m", "corvane\u202egnp.exe", "a\u2066b", "\u200b"]
)
def test_words_that_show_something_else_than_they_are_are_refused(analyst, words):
    with pytest.raises(Invalid, match="not shown"):
        opening.open_one(analyst, parcel(about=words))
    name = make_proceeding(analyst)
    for said in (
        Said(event="detain", day=date(2026, 4, 1), facts={"application": words, "notice_proof": "letter"}),
        detained(seen=0, note=words),
    ):
        with pytest.raises(Invalid, match=r"one line|single line"):
            happening.happened(analyst, name, said)
    with pytest.raises(Invalid, match="single line"):
        happening.take_back(analyst, name, words)


def test_spaces_of_french_and_chinese_are_spaces(analyst):
    opening.open_one(analyst, parcel(about="Colis n°\u00a05\u202f: 袋\u3000子"))
    assert Proceeding.objects.get().about == "Colis n° 5 : 袋 子"


def test_a_megabyte_is_refused_and_the_first_day_of_the_calendar_too(analyst):
    name = make_proceeding(analyst, "udrp", date(2026, 10, 1), zone="Pacific/Kiritimati")
    for said in (
        Said(event="file", day=date(2026, 10, 1), facts={"complaint": "x" * 1_000_000}),
        Said(event="file", day=date(2026, 10, 1), facts={"complaint": "D1"}, note="x" * 1_000_000),
        Said(event="file", day=date(9999, 12, 31), facts={"complaint": "D1"}),
    ):
        with pytest.raises(Invalid):
            happening.happened(analyst, name, said)
    with pytest.raises(Conflict, match="dated before"):
        happening.happened(analyst, name, Said(event="file", day=date(1, 1, 1), facts={"complaint": "D1"}))
    for since in (date(1, 1, 1), date(9999, 12, 31)):
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            with pytest.raises(Invalid):
                opening.open_one(analyst, parcel(regime="udrp", since=since, zone=zone))


@pytest.mark.parametrize("zone", ["localtime", "Europe", "UTC\0", "\ud800", "x" * 5_000])
def test_a_zone_that_is_none_everywhere_is_refused(analyst, zone):
    with pytest.raises(Invalid, match="time zone"):
        opening.open_one(analyst, parcel(regime="udrp", zone=zone))


def test_a_letter_that_becomes_two_is_no_country(analyst):
    with pytest.raises(Invalid, match="No calendar"):
        opening.open_one(analyst, parcel(regime="udrp", place="ß"))


def test_a_window_that_has_opened_is_due_on_its_last_day(analyst, clock):
    clock.moment = datetime(2026, 11, 1, 9, tzinfo=UTC)
    name = make_proceeding(analyst, "cn-customs-recordal", date(2026, 9, 22), about="Recordal of Corvane")
    tell(analyst, name, "file", "2026-09-22", application="A1")
    tell(analyst, name, "record", "2026-10-20", recordal="T2026-1")
    clock.moment = datetime(2036, 4, 19, 9, tzinfo=UTC)
    assert selectors.due(analyst)[0].day == date(2036, 4, 20)
    clock.moment = datetime(2036, 4, 21, 9, tzinfo=UTC)
    row = selectors.due(analyst)[0]
    assert row.clock is not None
    assert (row.day, row.clock.last) == (date(2036, 10, 20), date(2036, 10, 20))

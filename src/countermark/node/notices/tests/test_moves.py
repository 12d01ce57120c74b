"""Whose move it is, by when, and what a calendar program is told of it."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import NotFound
from countermark.node.notices import (
    acting,
    calendar_feed,
    calendar_links,
    countering,
    deciding,
    lawyer,
    queues,
    turning,
)
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import CalendarLink, Notice
from countermark.node.notices.states import Deed
from countermark.node.notices.tests.test_both_sides import answer, removed
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Membership
from countermark.node.parties.permissions import Role

PAGE = "https://node.aurelle.example/notices/{}/".format


def names(member, whose, **more):
    return [one.id for one in queues.by_move(member, whose, **more).rows]


def events(member):
    read = Calendar.from_ical(calendar_feed.calendar_for(member, PAGE))
    return {str(one["UID"]): one for one in read.walk("VEVENT")}


def test_the_move_passes_between_the_parties_and_each_queue_shows_its_own(team):
    brand, market = team.brand.analyst, team.market.administrator
    name = file_one(team)
    pass_on(team, team.market)
    assert names(brand, "mine") == names(market, "theirs") == []
    assert names(brand, "theirs") == names(market, "mine") == [name]
    deciding.decide(market, name, Decision(deed=Deed.ASK, reason="show_right"))
    pass_on(team, team.brand)
    assert names(brand, "mine") == names(market, "theirs") == [name]
    acting.answer(brand, name, "The extract lies beside.")
    pass_on(team, team.market)
    deciding.decide(market, name, Decision(deed=Deed.REFUSE, reason="no_infringement"))
    assert not any(names(market, whose) for whose in queues.WHOSE_WORDS)


def test_while_fifteen_days_run_it_is_the_holders_move_and_then_the_platforms(team, monkeypatch):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name, token = removed(team, finding=finding)
    assert names(team.market.administrator, "seller") == [name]
    countering.counter(token, answer("cn-goods"))
    pass_on(team, team.brand)
    pass_on(team, team.market)
    assert names(team.brand.analyst, "mine") == [name]
    row = queues.by_move(team.brand.analyst, "mine").rows[0]
    assert (row.due_called, row.mine, row.over) == ("legal deadline", True, False)
    assert turning.turn_all_due() == 0
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "_clock", lambda: later)
    assert turning.turn_all_due() == 2
    assert names(team.market.administrator, "mine") == names(team.market.administrator, "overdue") == [name]


def test_what_is_due_first_stands_first_and_pages_neither_skip_nor_repeat(team):
    market = team.market.administrator
    for _ in range(4):
        file_one(team)
    pass_on(team, team.market)
    rows = list(Notice.objects.filter(organisation_id=market.organisation_id).order_by("pk"))
    days = [None, clock.now().date(), None, clock.now().date() - timedelta(days=9)]
    for row, day in zip(rows, days, strict=True):
        Notice.objects.filter(pk=row.pk).update(due=day)
    page = queues.by_move(market, "mine", size=1)
    found = [one.id for one in page.rows]
    while page.next_cursor is not None:
        page = queues.by_move(market, "mine", page.next_cursor, size=1)
        found += [one.id for one in page.rows]
    assert found == [rows[place].public_id for place in (3, 1, 0, 2)]
    assert names(market, "overdue") == [rows[3].public_id]
    assert names(market, "mine", cursor="nonsense_x") == found


def test_a_calendar_has_each_deadline_once_and_a_change_keeps_its_uid_and_raises_its_sequence(team):
    market, name = team.market.administrator, file_one(team)
    pass_on(team, team.market)
    before = events(market)
    (uid,) = (one for one in before if ".decide@" in one)
    assert uid.startswith(name)
    first = before[uid]
    assert str(first["STATUS"]) == "CONFIRMED"
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(days=1)
    assert str(first["URL"]) == PAGE(name)
    assert notice_of(team.market, name).title not in str(first["SUMMARY"]) + str(first["DESCRIPTION"])
    deciding.decide(market, name, Decision(deed=Deed.ASK, reason="show_right"))
    pass_on(team, team.brand)
    acting.answer(team.brand.analyst, name, "The extract lies beside.")
    pass_on(team, team.market)
    assert events(market)[uid]["SEQUENCE"] >= first["SEQUENCE"]
    deciding.decide(market, name, Decision(deed=Deed.REFUSE, reason="no_infringement"))
    assert not events(market)


def test_a_day_that_may_change_is_marked_as_provisional(team, monkeypatch):
    monkeypatch.setattr(lawyer, "_place", lambda _country: "")  # no calendar of the place is known
    file_one(team)
    pass_on(team, team.market)
    found = events(team.market.administrator).values()
    assert found
    assert {str(one["STATUS"]) for one in found} == {"TENTATIVE"}
    assert all(str(one["SUMMARY"]).startswith("Provisional: ") for one in found)


def test_a_link_opens_for_its_owner_alone_until_it_is_revoked_and_only_its_hash_is_kept(team):
    member = team.market.administrator
    old = calendar_links.make(member)
    token = calendar_links.make(member)
    assert calendar_links.follow(token).user_id == member.user_id
    assert token not in {one.token_hash for one in CalendarLink.objects.all()}
    for gone in (old, token[:-1] + "?", "a" * 43):
        with pytest.raises(NotFound):
            calendar_links.follow(gone)
    assert calendar_links.revoke(member)
    with pytest.raises(NotFound):
        calendar_links.follow(token)


def test_a_link_of_one_who_left_opens_nothing(team):
    member = make_member(Role.READER, team.market.feed.organisation)
    token = calendar_links.make(member)
    Membership.objects.filter(user_id=member.user_id).delete()
    with pytest.raises(NotFound):
        calendar_links.follow(token)

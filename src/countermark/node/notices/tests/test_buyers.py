"""Buyers of an illegal product: six months back, no personal data, in public for those who cannot be reached."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.law.looking_back import months_before
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.notices import buyers, deciding, orders
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.notices.models import BuyerRound
from countermark.node.notices.states import Deed
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

HEAD = "order,ordered_on,reachable\n"
SINCE, UNTIL = date(2026, 1, 10), date(2026, 7, 10)


def removed(team, reason="infringes"):
    name = file_one(team)
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason=reason))
    return name


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 28), date(2026, 5, 28)),
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2028, 8, 31), date(2028, 2, 29)),
        (date(2027, 3, 1), date(2026, 9, 1)),
        (date(2027, 6, 30), date(2026, 12, 30)),
    ],
)
def test_six_months_back_end_on_the_same_day_or_the_last_of_the_month(day, first):
    assert months_before(day, 6) == first


def test_good_rows_are_kept_and_each_bad_one_is_named_with_its_mend():
    rows = (
        "A-1,2026-01-10,yes\nA-2,2026-07-10,no\nA-1,2026-02-01,yes\nMira Vale,2026-02-01,yes\n"
        "mira@vale.example,2026-02-01,yes\n=1+1,2026-02-01,yes\nA-3,2026-01-09,yes\nA-4,1.2.2026,yes\nA-5,2026-02-01,maybe\nA-6\n"
    )
    read = orders.read_orders((HEAD + rows).encode("utf-8-sig"), SINCE, UNTIL)
    assert [(one.reference, one.reachable) for one in read.orders] == [("A-1", True), ("A-2", False)]
    assert read.bad == 8
    assert [one.field for one in read.problems][:3] == ["row 4, order", "row 5, order", "row 6, order"]
    assert all("Mira" not in one.sentence() and "mira" not in one.sentence() for one in read.problems)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"order,ordered_on\n",
        b"order,ordered_on,reachable,name\n",
        b"order,order,ordered_on,reachable\n",
        b"\xff\xfe\x00",
        b'order,ordered_on,reachable\n"A-1',
        HEAD.encode() + b"x" * orders.LARGEST,
        HEAD.encode() + b"\n" + b"A,2026-02-01,yes\n" * (orders.MOST_ROWS + 1),
    ],
)
def test_a_file_that_is_no_list_of_orders_is_refused_whole(data):
    with pytest.raises(Invalid):
        orders.read_orders(data, SINCE, UNTIL)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_or_refused(text):
    read = orders.read_orders((HEAD + text).encode("utf-8", "replace"), SINCE, UNTIL) if '"' not in text else None
    assert read is None or all(SINCE <= one.ordered_on <= UNTIL for one in read.orders)


def test_buyers_are_told_and_it_is_recorded_once(team):
    name, member = removed(team), team.market.administrator
    assert buyers.shown(member, name).can_begin
    buyers.begin(member, name, "Mode Express SARL", "Send it back free of charge; we refund the price.")
    found = buyers.shown(member, name)
    assert [one[0] for one in found.texts] == ["en", "fr", "zh-hans"]
    assert all("Mode Express SARL" in text for one in found.texts for text in one[1:])
    assert found.known_on is not None
    day = found.known_on - timedelta(days=3)
    file = f"{HEAD}B-1,{day},yes\nB-2,{day},no\n".encode()
    assert buyers.take_orders(member, name, file)[0] == 2
    assert buyers.take_orders(member, name, file)[0] == 0
    assert buyers.references(member, name) == ("B-1",)
    with pytest.raises(Invalid, match="were not reached"):
        buyers.done(member, name, "1", "")
    with pytest.raises(Invalid, match="no number"):
        buyers.done(member, name, "2", "https://bazaar.example/recall")
    buyers.done(member, name, "1", "https://bazaar.example/recall")
    assert buyers.shown(member, name).sent == 1
    with pytest.raises(Conflict):
        buyers.done(member, name, "1", "https://bazaar.example/recall")
    with pytest.raises(Conflict):
        buyers.begin(member, name, "Mode Express SARL", "Again.")
    with pytest.raises(RewriteForbidden):
        BuyerRound.objects.update(trader="Nobody")


def test_nothing_of_it_goes_to_the_brand_and_only_who_decides_may_do_it(team):
    name, before = removed(team), team.market.feed.seq
    reader = make_member(Role.READER, team.market.feed.organisation)
    with pytest.raises(NotPermitted):
        buyers.begin(reader, name, "Mode Express SARL", "Send it back.")
    buyers.begin(team.market.administrator, name, "Mode Express SARL", "Send it back.")
    assert team.market.feed.seq == before


def test_an_offer_removed_under_the_terms_or_at_the_brand_begins_nothing(team):
    name = removed(team, "terms")
    assert not buyers.must_tell(notice_of(team.market, name))
    assert not buyers.must_tell(notice_of(team.brand, name))
    with pytest.raises(Conflict, match="No product was removed as illegal"):
        buyers.begin(team.market.administrator, name, "Mode Express SARL", "Send it back.")

"""What is said of a shop rests on a decision, ends by a day, and is taken back at everyone when the decision falls."""

from datetime import timedelta
from typing import Any

import pytest

from countermark.node.cases import sharing
from countermark.node.cases.models import SharedItem
from countermark.node.duties import correcting, labels, lists
from countermark.node.duties.factories import bring, make_payment_partner, make_upheld
from countermark.node.duties.labels import Court, Label
from countermark.node.duties.models import ListEntry
from countermark.node.exchange.models import FeedEntry, Inbound
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.notices import acting, countering, deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.notices.states import Deed
from countermark.node.notices.tests.test_both_sides import answer
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


def in_days(number):
    return now().date() + timedelta(days=number)


def label(member, name):
    said = labels.of_notice(member, name)
    assert said is not None
    return said.label


def reverse(team, row, link):
    countering.counter(link, answer())
    deciding.decide(team.market.administrator, row.public_id, Decision(deed=Deed.RESTORE, reason="answer_convinces"))


@pytest.fixture
def decided(team):
    return make_upheld(team)


@pytest.fixture
def upheld(decided):
    return decided[0]


@pytest.fixture
def link(decided):
    return decided[1]


def test_the_label_follows_the_decisions_and_a_court_has_the_last_word(team):
    name = file_one(team)
    officer = team.market.administrator
    pass_on(team, team.market)
    assert label(officer, name) is Label.ALLEGED
    deciding.decide(officer, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    assert labels.WORDS[label(officer, name)] == "upheld by the platform"
    pass_on(team, team.brand)
    assert label(team.brand.analyst, name) is Label.UPHELD
    for infringes, day, wanted in (
        (True, "2026-01-05", Label.COURT),
        (False, "2026-03-01", Label.CLEARED),
        (True, "2026-02-01", Label.CLEARED),
    ):
        labels.record_court(
            officer, name, Court(authority="Court of Paris", docket="1/26", day=day, infringes=infringes)
        )
        assert label(officer, name) is wanted
    for bad in ({"day": "soon"}, {"day": "2099-01-01"}, {"docket": ""}, {"authority": "x" * 101}):
        given: dict[str, Any] = {"authority": "Court", "docket": "1", "day": "2026-01-01", "infringes": True} | bad
        with pytest.raises(Invalid):
            labels.record_court(officer, name, Court(**given))


def test_before_a_decision_nobody_is_told_anything_of_a_shop(team):
    name = file_one(team)
    pass_on(team, team.market)
    with pytest.raises(Conflict, match="upheld or a court"):
        lists.put_on(team.market.administrator, name, team.market.agreement_name, in_days(30))
    assert not ListEntry.objects.exists()


def test_an_entry_needs_a_last_day_a_known_agreement_and_somebody_who_may(team, upheld):
    officer, name = team.market.administrator, upheld.public_id
    for days in (0, -1, 366):
        with pytest.raises(Invalid):
            lists.put_on(officer, name, team.market.agreement_name, in_days(days))
    with pytest.raises(NotFound):
        lists.put_on(officer, name, "never", in_days(30))
    reader = make_member(Role.READER, Organisation.objects.get(pk=team.market.organisation_id))
    with pytest.raises(NotPermitted):
        lists.put_on(reader, name, team.market.agreement_name, in_days(30))
    with pytest.raises(NotFound):
        lists.put_on(make_member(Role.ADMINISTRATOR), name, team.market.agreement_name, in_days(30))


def test_a_correction_reaches_every_partner_who_was_told(team, upheld, link):
    market, payer = make_payment_partner(team)
    officer, name = team.market.administrator, upheld.public_id
    lists.put_on(officer, name, team.market.agreement_name, in_days(90))
    lists.put_on(officer, name, market.agreement_name, in_days(90))
    with pytest.raises(Conflict, match="told already"):
        lists.put_on(officer, name, market.agreement_name, in_days(90))
    assert bring(market, payer)[-1:] == ["done"]
    assert bring(team.market, team.brand)[-1:] == ["done"]
    for told in (payer.administrator, team.brand.administrator):
        (one,) = [entry for entry in lists.entries(told) if not entry.ours]
        assert (one.words, one.source, one.expires_on, one.counts) == (
            "upheld by the platform",
            name,
            in_days(90),
            True,
        )
        assert one.seller.startswith("s-")
    assert correcting.correct_all() == 0
    reverse(team, upheld, link)
    assert correcting.correct_all() == 2
    assert correcting.correct_all() == 0
    bring(market, payer)
    bring(team.market, team.brand)
    for told in (payer.administrator, team.brand.administrator, officer):
        assert [entry.counts for entry in lists.entries(told)] == [False] * len(lists.entries(told))
        assert {entry.why for entry in lists.entries(told)} == {"wrong"}
    assert FeedEntry.objects.filter(type=lists.UNLISTED, feed__ours=True).count() == 2


def test_two_partners_know_one_shop_by_two_names(team, upheld):
    market, payer = make_payment_partner(team)
    for agreement in (team.market.agreement_name, market.agreement_name):
        lists.put_on(team.market.administrator, upheld.public_id, agreement, in_days(9))
    bring(market, payer)
    bring(team.market, team.brand)
    assert len(set(ListEntry.objects.filter(ours=False).values_list("seller", flat=True))) == 2


def test_an_entry_stops_counting_after_its_last_day(team, upheld, monkeypatch):
    lists.put_on(team.market.administrator, upheld.public_id, team.market.agreement_name, in_days(3))
    later = now() + timedelta(days=4)
    monkeypatch.setattr(lists, "now", lambda: later)
    assert [one.counts for one in lists.entries(team.market.administrator)] == [False]


def test_a_partner_without_label_or_last_day_is_not_believed(team, upheld):
    market = team.market.administrator
    made = lists.put_on(market, upheld.public_id, team.market.agreement_name, in_days(400 - 40))
    ListEntry.objects.filter(ours=True).update(public_id="lse_" + "0" * 26)
    bring(team.market, team.brand)
    lists.say_back(ListEntry.objects.get(ours=True).pk, "wrong", "worker")
    bring(team.market, team.brand)
    failed = Inbound.objects.filter(organisation_id=team.brand.organisation_id, state="failed")
    assert [one.code for one in failed] == ["not-listed"]
    assert ListEntry.objects.get(ours=False).public_id == made


def test_a_person_takes_an_entry_back_with_a_reason(team, upheld):
    officer = team.market.administrator
    made = lists.put_on(officer, upheld.public_id, team.market.agreement_name, in_days(30))
    with pytest.raises(Invalid):
        lists.take_back(officer, made, "because")
    lists.take_back(officer, made, "asked")
    with pytest.raises(NotFound):
        lists.take_back(officer, made, "asked")
    lists.put_on(officer, upheld.public_id, team.market.agreement_name, in_days(30))


def test_a_finding_that_was_shared_is_withdrawn_when_its_notice_was_an_error(team):
    name = file_one(team)
    brand, finding = team.brand.administrator, notice_of(team.brand, name).finding
    sharing.share_findings(brand, team.brand.agreement_name, [finding], purpose="counterfeit-removal")
    bring(team.brand, team.market)
    assert correcting.correct_all() == 0
    acting.withdraw(brand, name, "error")
    assert correcting.correct_all() == 1
    assert correcting.correct_all() == 0
    assert SharedItem.objects.get(ours=True).withdrawn_why == "wrong"
    bring(team.brand, team.market)
    assert SharedItem.objects.get(ours=False).withdrawn_at is not None

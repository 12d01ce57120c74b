"""What lies beside entries goes when its time is over; every proof stays, and the partner is told."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from countermark.node.exchange import retention
from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.factories import make_team
from countermark.node.exchange.keeping.problems import NoKey
from countermark.node.exchange.models import Beside, Deletion, Feed, FeedEntry, Standing
from countermark.node.exchange.pages import page_after
from countermark.node.exchange.rules.drafts import standard_terms
from countermark.node.exchange.rules.terms import write_terms
from countermark.node.exchange.signing import set_keys
from countermark.node.parties.kinds import OrganisationKind


@pytest.fixture
def team(clock, db):
    yield make_team(write_terms(standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)))
    set_keys(None)


def said_beside(team, clock, days):
    row = team.brand.say_beside(retain_until=(clock() + timedelta(days=days)).date())
    assert team.pull(team.market).refused is None
    return row


def test_bytes_go_on_both_sides_the_day_after_their_last(team, clock):
    said_beside(team, clock, 3)
    clock.forward(days=3)
    assert retention.delete_all_due() == 0
    clock.forward(days=1)
    assert retention.delete_all_due() == 2
    assert not Beside.objects.exists()
    assert {row.reason for row in Deletion.objects.all()} == {"retention"}


def test_every_proof_stays_and_the_partner_is_told_which(team, clock):
    row = said_beside(team, clock, 1)
    clock.forward(days=2)
    retention.delete_all_due()
    receipt = FeedEntry.objects.get(feed=team.market.feed, type="retention.deleted")
    assert row.entry_id in receipt.token or receipt.seq > 0
    fresh = page_after(team.brand.feed, 0)
    assert next(one for one in fresh.entries if one.token == row.token).beside is None


def test_a_partner_that_comes_late_gets_the_entry_without_its_bytes(team, clock):
    row = team.brand.say_beside(retain_until=(clock() + timedelta(days=1)).date())
    clock.forward(days=2)
    retention.delete_all_due()
    assert team.pull(team.market).refused is None
    there = FeedEntry.objects.get(feed=team.market.partners_feed, entry_id=row.entry_id)
    assert not hasattr(there, "beside")


def test_a_legal_hold_keeps_what_it_names(team, clock):
    row = said_beside(team, clock, 1)
    Beside.objects.filter(entry=row).update(held=True)
    clock.forward(days=9)
    assert retention.delete_all_due() == 1
    assert Beside.objects.get().entry_id == row.pk


def test_the_end_of_an_agreement_takes_personal_data_as_its_terms_say(team, clock):
    said_beside(team, clock, 80)
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "The season is over.")
    clock.forward(days=31)
    lifecycle.end_all_due()
    assert retention.delete_all_due() == 0
    clock.forward(days=30)
    assert retention.delete_all_due() >= 1
    assert not Beside.objects.filter(entry__feed__agreement=team.brand.agreement).exists()


def test_a_deletion_and_its_receipt_are_one(team, clock, monkeypatch):
    said_beside(team, clock, 1)
    clock.forward(days=2)

    class Broken(Exception):
        pass

    def breaks(*_):
        raise Broken

    monkeypatch.setattr(retention, "say_for_exchange", breaks)
    with pytest.raises(Broken), transaction.atomic():
        retention.delete_all_due()
    assert Beside.objects.count() == 2
    assert not Deletion.objects.exists()


def test_data_go_in_time_where_nothing_can_be_said_and_the_partner_is_told_afterwards(team, clock, monkeypatch):
    said_beside(team, clock, 1)
    clock.forward(days=2)
    Feed.objects.filter(pk=team.market.feed.pk).update(state="frozen", reason="rolled-back")

    def no_key(*_):
        raise NoKey("There is none.")

    with monkeypatch.context() as without_keys:
        without_keys.setattr(retention, "say_for_exchange", no_key)
        assert retention.delete_all_due() == 2
    assert not Beside.objects.exists()
    receipts = FeedEntry.objects.filter(type="retention.deleted")
    assert not receipts.exists()
    assert retention.delete_all_due() == 0
    assert receipts.get().feed == team.brand.feed
    Feed.objects.filter(pk=team.market.feed.pk).update(state="open", reason="")
    retention.delete_all_due()
    retention.delete_all_due()
    assert sorted(receipts.values_list("feed", flat=True)) == sorted([team.brand.feed.pk, team.market.feed.pk])


def test_deletions_of_before_are_not_told_again_when_a_node_is_renewed(team, clock):
    said_beside(team, clock, 1)
    clock.forward(days=2)
    retention.delete_all_due()
    Standing.objects.update(deletions_told=0)
    import_module("countermark.node.exchange.migrations.0005_deletions_told").begin_after_what_was_told(apps, None)
    assert retention.delete_all_due() == 0
    assert FeedEntry.objects.filter(type="retention.deleted").count() == 2

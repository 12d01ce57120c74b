"""What one side says reaches the other once, in order and unchanged; what does not hold is refused with its reason."""

import random
from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from countermark.node.exchange import receiving
from countermark.node.exchange.appending import Statement, append
from countermark.node.exchange.factories import Side
from countermark.node.exchange.models import Contradiction, Feed, FeedEntry, Inbound, Refusal
from countermark.node.exchange.pages import PageEntry, page_after, read_page, write_page
from countermark.node.exchange.receiving import receive
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict
from countermark.proof.agreements import Purpose
from countermark.proof.encoding import to_base64url
from countermark.proof.entries import DataClass, sign_entry
from countermark.proof.refusals import Refused


def ids(side: Side, *, ours: bool) -> list[str]:
    rows = FeedEntry.objects.filter(feed__organisation_id=side.organisation_id, feed__ours=ours)
    return list(rows.order_by("seq").values_list("entry_id", flat=True))


def test_what_is_said_arrives_byte_for_byte_and_in_order(team):
    for number in range(5):
        team.brand.say(subject=f"cas_{number}")
    team.brand.say_beside()
    result = team.pull(team.market)
    assert (result.stored, result.refused) == (7, None)
    assert ids(team.market, ours=False) == ids(team.brand, ours=True)
    there = FeedEntry.objects.get(feed=team.market.partners_feed, seq=7)
    assert bytes(there.beside.data) == b'{"phone":"+33 1 99 00 12 34"}'
    assert Inbound.objects.filter(organisation_id=team.market.organisation_id).count() == 7


def test_pages_come_twice_and_in_any_order_and_nothing_is_doubled_or_lost(team):
    for number in range(12):
        team.brand.say(subject=f"cas_{number}")
    pages = [page_after(team.brand.feed, after, most=3) for after in range(0, 12, 2)] * 2
    random.Random(7).shuffle(pages)
    for page in pages:
        receive(team.market.agreement, read_page(write_page(page)))
    team.pull(team.market)
    assert ids(team.market, ours=False) == ids(team.brand, ours=True)
    assert team.market.partners_feed.seq == 13


def test_a_page_with_a_gap_stores_nothing_behind_the_gap(team):
    for _ in range(4):
        team.brand.say()
    result = receive(team.market.agreement, page_after(team.brand.feed, 2))
    assert (result.stored, result.code) == (0, "gap")
    assert team.pull(team.market).stored == 5


@pytest.mark.parametrize("place", range(0, 400, 29))
def test_one_flipped_bit_anywhere_in_a_token_is_refused(team, place):
    team.brand.say()
    page = page_after(team.brand.feed, 1)
    token = page.entries[0].token
    at = place % len(token)
    letter = "A" if token[at] != "A" else "B"
    altered = msgspec.structs.replace(page.entries[0], token=token[:at] + letter + token[at + 1 :])
    receive(team.market.agreement, page_after(team.brand.feed, 0, most=1))
    result = receive(team.market.agreement, msgspec.structs.replace(page, entries=(altered,)))
    assert result.code
    assert result.stored == 0
    assert Refusal.objects.get(agreement=team.market.agreement).code == result.code


def test_altered_data_beside_an_entry_are_refused(team):
    team.brand.say_beside()
    page = page_after(team.brand.feed, 0)
    given = page.entries[1]
    assert given.beside is not None
    other = msgspec.structs.replace(given.beside, data=to_base64url(b'{"phone":"+33 1 99 00 12 35"}'))
    entries = (page.entries[0], msgspec.structs.replace(given, beside=other))
    result = receive(team.market.agreement, msgspec.structs.replace(page, entries=entries))
    assert (result.stored, result.code) == (1, "wrong-data")


def test_two_statements_for_one_place_freeze_the_feed_and_are_kept_as_proof(team):
    team.brand.say()
    team.pull(team.market)
    honest = FeedEntry.objects.get(feed=team.brand.feed, seq=2)
    page = page_after(team.brand.feed, 1)
    forged = forge(team, honest, {"text": "Something else."})
    result = receive(team.market.agreement, msgspec.structs.replace(page, entries=(forged,)))
    assert result.frozen
    assert team.market.partners_feed.reason == "equivocation"
    kept = Contradiction.objects.get(agreement=team.market.agreement)
    assert {kept.first, kept.second} == {honest.token, forged.token}
    team.brand.say()
    assert team.pull(team.market).frozen


def forge(team, row, data):
    """Another statement for the place of an entry, signed by the same key."""
    from countermark.node.exchange.applying import arrived_of

    entry = msgspec.structs.replace(arrived_of(row).entry, data=data)
    signed = sign_entry(entry, team.brand.keys.signer(team.brand.organisation_id, Purpose.ENTRIES))
    return PageEntry(signed.token, to_base64url(bytes(row.leaf_salt)))


def test_a_feed_that_went_back_in_time_is_not_followed(team):
    for _ in range(3):
        team.brand.say()
    team.pull(team.market)
    shorter = msgspec.structs.replace(page_after(team.brand.feed, 4), head=2)
    result = receive(team.market.agreement, shorter, asked_after=4)
    assert result.frozen
    assert team.market.partners_feed.reason == "rolled-back"


def test_an_entry_from_tomorrow_is_kept_back_until_its_time_has_come(clock, team):
    team.pull(team.market)
    team.brand.say(happened=clock() + timedelta(days=1))
    assert team.pull(team.market).code == "later-than-seen"
    assert team.market.partners_feed.seq == 1
    clock.forward(days=1)
    assert team.pull(team.market).stored == 1


def test_the_same_act_sent_twice_is_one_entry(team):
    first = team.brand.say(key="act-1")
    again = team.brand.say(key="act-1")
    assert first.pk == again.pk
    assert team.brand.feed.seq == 2


def test_nothing_is_said_when_the_act_itself_fails(team):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction.atomic():
        team.brand.say()
        raise Broken
    assert team.brand.feed.seq == 1
    assert team.brand.say().seq == 2


def test_entries_are_never_rewritten(team):
    row = team.brand.say()
    with pytest.raises(RewriteForbidden):
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedEntry.objects.filter(pk=row.pk)._raw_delete("default")


def test_a_page_is_bounded_in_entries_and_in_bytes(team):
    for _ in range(4):
        team.brand.say_beside(b"x" * 3_000_000)
    page = page_after(team.brand.feed, 0)
    assert 1 < len(page.entries) < 5
    assert page.head == 5


def test_an_oversize_statement_is_refused_and_leaves_no_place_empty(team):
    from countermark.proof.refusals import Refused

    with pytest.raises(Refused, match="65536"):
        team.brand.say(data={"text": "x" * 70_000})
    assert team.brand.say().seq == 2


def test_nothing_is_said_under_an_agreement_that_is_not_in_force(team):
    statement = Statement(type="comment", subject="cas_1", purpose="p", data_class=DataClass.PUBLIC, data={"text": "x"})
    Feed.objects.filter(pk=team.brand.feed.pk).update(state="frozen", reason="equivocation")
    with pytest.raises(Conflict, match="frozen"):
        append(team.brand.agreement, statement)


def test_an_append_asks_the_database_little_and_commits_once(team, django_assert_num_queries):
    statement = Statement(
        type="comment", subject="cas_1", purpose="counterfeit-removal", data_class=DataClass.PUBLIC, data={}
    )
    append(team.brand.agreement, statement)
    agreement = team.brand.agreement
    with django_assert_num_queries(7) as asked:
        # Savepoint, our feed under its lock, the agreement, what changed keys, the entry, the head, savepoint.
        row = append(agreement, statement)
    assert "FOR UPDATE" in asked[1]["sql"] or connection.vendor == "sqlite"
    with pytest.raises(RewriteForbidden):
        row.add()
    assert FeedEntry.objects.get(pk=row.pk).token == row.token


def test_what_a_partner_sends_in_vain_does_not_fill_the_disk(clock, team, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_REFUSALS", 3)
    for number in range(9):
        refused = Refused("proof-form", f"Nonsense, the {number}th.")
        receiving.note_refusal(team.brand.agreement, "log of node.bazaar.example", 0, refused, f"token {number}")
    assert Refusal.objects.count() == 3
    clock.forward(days=2)
    receiving.note_refusal(team.brand.agreement, "log of node.bazaar.example", 0, Refused("proof-form"), "later")
    assert Refusal.objects.count() == 4


def test_as_many_contradictions_are_kept_as_prove_a_fault(team, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_CONTRADICTIONS", 2)
    for number in range(4):
        receiving.keep_contradiction(team.brand.agreement, "checkpoint", "at 5", "the first", f"another {number}")
    assert Contradiction.objects.count() == 2

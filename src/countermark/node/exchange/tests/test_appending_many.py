"""Many entries in one go: the same feed as one by one, each key once, all of them or none."""

import pytest

from countermark.node.exchange.appending import Statement
from countermark.node.exchange.appending_many import MOST, append_many
from countermark.node.kernel.errors import Conflict
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass


def statements(*keys, **more):
    return [
        Statement(
            type="comment",
            subject=f"cas_{place}",
            purpose="counterfeit-removal",
            data_class=DataClass.TRADER_PUBLIC,
            data={"text": str(place)},
            key=key,
            **more,
        )
        for place, key in enumerate(keys)
    ]


def test_many_entries_follow_one_another_without_a_gap_and_the_partner_takes_them(team):
    team.brand.say()
    rows = append_many(team.brand.agreement, statements("a", "", "b", ""))
    assert [row.seq for row in rows] == list(range(rows[0].seq, rows[0].seq + 4))
    assert team.pull(team.market).refused is None
    assert team.market.partners_feed.seq == team.brand.feed.seq == rows[-1].seq


def test_a_key_that_was_used_gives_its_entry_also_within_one_go(team):
    before = team.brand.feed.seq
    first = append_many(team.brand.agreement, statements("a", "b"))
    again = append_many(team.brand.agreement, statements("b", "c", "c", ""))
    assert again[0] == first[1]
    assert again[1] == again[2]
    assert team.brand.feed.seq == before + 4


def test_what_lies_beside_is_kept_with_its_entry(team):
    beside = Statement(
        type="comment",
        subject="cas_1",
        purpose="counterfeit-removal",
        data_class=DataClass.PERSONAL,
        beside=Carried.with_salt(b'{"phone":"+33 1 99 00 12 34"}'),
    )
    (row,) = append_many(team.brand.agreement, [beside])
    assert bytes(row.beside.data) == b'{"phone":"+33 1 99 00 12 34"}'


def test_under_a_suspended_agreement_nothing_new_is_said_but_old_keys_answer(team):
    (said,) = append_many(team.brand.agreement, statements("a"))
    row = team.brand.agreement
    row.state = "suspended"
    row.save()
    assert append_many(row, statements("a")) == [said]
    with pytest.raises(Conflict, match="suspended"):
        append_many(row, statements("a", "b"))
    assert team.brand.feed.seq == said.seq


def test_too_many_at_once_are_refused_before_anything_is_locked(team):
    with pytest.raises(ValueError, match="more than"):
        append_many(team.brand.agreement, statements(*[""] * (MOST + 1)))

"""A feed can be read entry by entry, and taken out as a file that a stranger verifies without us."""

import msgspec
import pytest

from countermark.node.audit.models import Event
from countermark.node.exchange import extracting, selectors
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.entries_shown import EntryFilters
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Contradiction, FeedEntry
from countermark.node.exchange.pages import page_after
from countermark.node.exchange.receiving import receive
from countermark.node.exchange.tests.test_feeds import forge
from countermark.node.exchange.tests.test_logs import note_of
from countermark.node.exchange.tests.test_watching import ask_to_witness, receipts_go_round
from countermark.node.exchange.witnessing import witness
from countermark.node.kernel.errors import Invalid, NotFound, NotPermitted
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.proof.extracts import write_extract
from countermark.proof.ijson import Plain
from countermark.proof.refusals import Refused
from countermark.proof.verifying import verify_extract


@pytest.fixture
def spoken(team: Team) -> Team:
    """A team that has said, receipted and witnessed something."""
    for number in range(5):
        team.brand.say(subject=f"cas_{number}")
    team.brand.say_beside()
    receipts_go_round(team)
    ask_to_witness(team)
    return team


def reader_of(team: Team):
    return make_member(Role.READER, Organisation.objects.get(pk=team.brand.organisation_id))


def test_a_feed_is_read_newest_first_in_pages(team: Team):
    for _ in range(120):
        team.brand.say()
    first = selectors.entries(team.brand.analyst, team.brand.feed.name)
    assert [row.seq for row in first.rows] == list(range(121, 71, -1))
    second = selectors.entries(team.brand.analyst, team.brand.feed.name, cursor=first.next_cursor or "")
    third = selectors.entries(team.brand.analyst, team.brand.feed.name, cursor=second.next_cursor or "")
    assert [row.seq for row in second.rows + third.rows] == list(range(71, 0, -1))
    assert third.next_cursor is None
    for wrong in ("x", "-1", "9" * 40, "0"):
        assert selectors.entries(team.brand.analyst, team.brand.feed.name, cursor=wrong).rows[0].seq == 121


def test_a_feed_is_narrowed_by_type_and_subject(spoken: Team):
    who, name = spoken.brand.analyst, spoken.brand.feed.name
    assert selectors.feed_types(who, name) == ("agreement.agreed", "comment", "receipt")
    only = selectors.entries(who, name, EntryFilters(type="comment", subject="cas_3"))
    assert [row.seq for row in only.rows] == [5]
    assert selectors.entries(who, name, EntryFilters(subject="\0")).rows == ()


def test_each_line_says_what_became_of_the_entry(spoken: Team):
    row = selectors.entries(spoken.brand.analyst, spoken.brand.feed.name).rows[-2]
    assert (row.receipted, row.logged, row.applied) == (True, True, "")
    there = selectors.entries(spoken.market.analyst, spoken.brand.feed.name).rows[-2]
    assert (there.receipted, there.logged, there.applied) == (True, None, "done")
    fresh = spoken.brand.say()
    assert selectors.entry(spoken.brand.analyst, spoken.brand.feed.name, fresh.seq).row.receipted is False


def test_one_entry_shows_everything_that_was_signed(spoken: Team):
    shown = selectors.entry(spoken.brand.analyst, spoken.brand.feed.name, 3)
    assert shown.entry.data == {"text": "Seen."}
    assert (shown.signer, shown.agreement_version) == ("maison-aurelle", 1)
    assert shown.receipt is not None
    assert shown.log_proof is not None
    assert (shown.receipt.seq, shown.receipt.reaches) == (2, 7)
    assert shown.log_proof.witnesses[0].partner_name == "Bazaar"
    assert shown.log_proof.text.startswith("c2sp.org/tlog-proof@v1")


def test_what_lies_beside_is_shown_to_those_who_may_and_the_trail_says_so(spoken: Team):
    name = spoken.brand.feed.name
    hidden = selectors.entry(reader_of(spoken), name, 7).beside
    assert hidden is not None
    assert (hidden.hidden, hidden.text) == (True, "")
    assert not Event.objects.filter(action="entry.viewed").exists()
    seen = selectors.entry(spoken.brand.analyst, name, 7).beside
    assert seen is not None
    assert "+33 1 99 00 12 34" in seen.text
    event = Event.objects.get(action="entry.viewed")
    assert event.actor == spoken.brand.analyst.actor
    assert "99 00" not in str(event.detail)


def test_bytes_that_are_no_text_are_not_shown_as_text(team: Team):
    team.brand.say_beside(b"\xff\xd8\xff")
    team.brand.say_beside(b"a\x1b[2J")
    for seq in (2, 3):
        beside = selectors.entry(team.brand.analyst, team.brand.feed.name, seq).beside
        assert beside is not None
        assert beside.text == ""


@pytest.mark.parametrize("name", ["nothing", "x:y\0", "a" * 500])
def test_a_feed_that_is_not_there_is_not_found(team: Team, name: str):
    with pytest.raises(NotFound):
        selectors.feed(team.brand.analyst, name)
    with pytest.raises(NotFound):
        selectors.entry(team.brand.analyst, team.brand.feed.name, 10**30)
    stranger = make_member(Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        selectors.feed(stranger, team.brand.feed.name)


def test_a_whole_feed_of_ours_is_verified_by_a_stranger(spoken: Team):
    made = extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, 1, 7, with_beside=True)
    report = verify_extract(write_extract(made))
    assert report.holds, report.failure
    assert set(report.fingerprints.values()) == {
        spoken.brand.card.party.public.spoken,
        spoken.market.card.party.public.spoken,
    }
    # What stays open is named: nobody showed that the partner's receipt stood in the partner's log.
    assert report.not_shown == [
        f"entries[{place}].receipt: nothing shows that it stood in the other side's log." for place in range(7)
    ]


def test_without_what_lies_beside_the_file_says_that_it_is_missing(spoken: Team):
    made = extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, 7, 7)
    assert made.entries[0].beside is None
    report = verify_extract(write_extract(made))
    assert report.holds
    assert "entries[0]: the data are not in the file; the entry only commits to them." in report.not_shown
    assert b"99 00" not in write_extract(made)


def test_a_partners_feed_is_verified_with_our_receipt_in_our_log(spoken: Team):
    made = extracting.extract_of(spoken.brand.analyst, spoken.market.feed.name, 1, 1)
    report = verify_extract(write_extract(made))
    assert report.holds, report.failure
    assert report.not_shown == ["entries[0]: nothing shows that it stood in its publisher's log."]
    receipt = made.entries[0].receipt
    assert receipt is not None
    assert receipt.logged is not None


def test_what_is_not_receipted_or_witnessed_yet_is_left_open(spoken: Team):
    row = spoken.brand.say()
    made = extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, row.seq, row.seq)
    assert (made.entries[0].logged, made.entries[0].receipt) == (None, None)
    report = verify_extract(write_extract(made))
    assert report.holds
    assert len(report.not_shown) == 2


def test_a_receipt_under_a_false_root_does_not_spoil_the_file(team: Team):
    row = team.brand.say()
    team.pull(team.market)
    lie: dict[str, Plain] = {"feed": team.brand.feed.name, "seq": 2, "root": "0" * 64}
    say_for_exchange(team.market.agreement, "receipt", team.brand.feed.name, lie)
    receipts_go_round(team)
    made = extracting.extract_of(team.brand.analyst, team.brand.feed.name, row.seq, row.seq)
    assert verify_extract(write_extract(made)).holds
    assert made.entries[0].receipt is None  # whatever was signed after the lie waits until people have looked


def test_an_altered_file_does_not_hold(spoken: Team):
    made = extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, 2, 3)
    other = msgspec.structs.replace(made.entries[0], token=made.entries[1].token)
    report = verify_extract(write_extract(msgspec.structs.replace(made, entries=(other,))))
    assert report.failure is not None
    assert report.failure.part.startswith("entries[0]")


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 2), (-1, -1), (1, 1001), (900, 901)])
def test_a_range_that_makes_no_sense_is_refused_with_its_mend(spoken: Team, first: int, last: int):
    with pytest.raises(Invalid) as refused:
        extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, first, last)
    assert refused.value.problems[0].mend


def test_who_only_reads_takes_nothing_out(spoken: Team):
    with pytest.raises(NotPermitted):
        extracting.extract_of(reader_of(spoken), spoken.brand.feed.name, 1, 2)
    extracting.extract_of(spoken.brand.analyst, spoken.brand.feed.name, 1, 2)
    assert Event.objects.get(action="feed.exported").detail == {"first": 1, "last": 2, "with_beside": False}


def test_two_statements_for_one_place_are_proved_by_the_file(team: Team):
    team.brand.say()
    team.pull(team.market)
    forged = forge(team, FeedEntry.objects.get(feed=team.brand.feed, seq=2), {"text": "Something else."})
    receive(team.market.agreement, msgspec.structs.replace(page_after(team.brand.feed, 1), entries=(forged,)))
    kept = Contradiction.objects.get(agreement=team.market.agreement)
    report = verify_extract(write_extract(extracting.contradiction_extract(team.market.analyst, kept.pk)))
    assert report.holds, report.failure
    assert report.checks[-1].words.startswith("Two different signed statements")
    for number in (kept.pk + 1, 10**30):
        with pytest.raises(NotFound):
            extracting.contradiction_extract(team.market.analyst, number)
    with pytest.raises(NotFound):
        extracting.contradiction_extract(team.brand.analyst, kept.pk)


def test_two_roots_of_a_log_are_proved_by_the_file(team: Team):
    team.brand.say()
    ask_to_witness(team)
    with pytest.raises(Refused, match="Two roots"):
        witness(team.market.agreement, 2, (), note_of(team, 2, b"\x01" * 32))
    kept = Contradiction.objects.get(agreement=team.market.agreement)
    report = verify_extract(write_extract(extracting.contradiction_extract(team.market.analyst, kept.pk)))
    assert report.holds, report.failure


def test_a_long_range_asks_few_questions(team: Team, django_assert_max_num_queries):
    for _ in range(60):
        team.brand.say()
    receipts_go_round(team)
    ask_to_witness(team)
    with django_assert_max_num_queries(40):
        made = extracting.extract_of(team.brand.analyst, team.brand.feed.name, 1, 60)
    assert verify_extract(write_extract(made)).holds

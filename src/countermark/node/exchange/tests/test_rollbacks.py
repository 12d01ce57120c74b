"""A node whose database went back in time stands still before it contradicts itself; a partner proves it if not."""

from datetime import timedelta

import pytest

from countermark.node.exchange import answering, applying, logs, receipting, talking
from countermark.node.exchange.models import Contradiction, Feed, FeedEntry, Log
from countermark.node.exchange.pages import page_after, write_page
from countermark.node.exchange.rollbacks import shows_rollback, went_back
from countermark.node.exchange.tests.test_feeds import forge
from countermark.node.exchange.wire.client import Reply
from countermark.node.exchange.wire.partner_problems import PartnerRefused
from countermark.node.exchange.witnessing import witness
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.time import now
from countermark.proof.refusals import Refused


def apply_all() -> None:
    while (key := applying.claim_inbound("worker")) is not None:
        applying.apply_one(key, "worker", {"comment": lambda _: None})


def test_a_receipt_for_more_than_we_have_freezes_our_feed(team):
    team.brand.say()
    team.pull(team.market)
    receipting.give_receipt(team.market.agreement)
    Feed.objects.filter(pk=team.brand.feed.pk).update(seq=1)
    team.pull(team.brand)
    apply_all()
    assert (team.brand.feed.state, team.brand.feed.reason) == ("frozen", "rolled-back")
    assert went_back(team.brand.organisation_id)
    assert not went_back(team.market.organisation_id)
    with pytest.raises(Conflict, match="frozen"):
        team.brand.say()


def witnessed_log(team) -> str:
    """The brand's log, cosigned by the market; what the market gives back."""
    team.brand.say()
    logs.publish_checkpoint(team.brand.organisation_id)
    asked = logs.to_witness(team.brand.agreement)
    assert asked is not None
    line = witness(team.market.agreement, asked.old_size, asked.proof, asked.checkpoint.note)
    logs.keep_cosignature(team.brand.agreement, asked.checkpoint, line)
    return answering.witnessed_of(team.market.agreement)


def test_our_own_checkpoint_that_our_log_does_not_hold_freezes_all_our_feeds(team):
    note = witnessed_log(team)
    assert not shows_rollback(team.brand.agreement, note)
    Log.objects.filter(organisation_id=team.brand.organisation_id).update(size=1)
    assert shows_rollback(team.brand.agreement, note)
    assert team.brand.feed.reason == "rolled-back"


def test_a_checkpoint_that_is_not_ours_freezes_nothing(team):
    note = witnessed_log(team)
    with pytest.raises(Refused):
        shows_rollback(team.brand.agreement, note.replace("node.maison", "node.other"))
    assert team.brand.feed.state == "open"


class OldLine:
    """A partner that saw a larger log than ours."""

    def __init__(self, note: str) -> None:
        self.note = note

    def get(self, path, query=None):
        assert path.endswith("/witnessed")
        return Reply(200, "text/plain", self.note.encode())

    def post(self, path, said, *, media_type=""):
        raise PartnerRefused(409, "other-size", "9", None)


def test_a_partner_that_saw_more_lets_us_find_out(team):
    note = witnessed_log(team)
    team.brand.say()
    logs.publish_checkpoint(team.brand.organisation_id)
    assert not talking.have_witnessed(team.brand.agreement.pk, OldLine(note))
    assert team.brand.feed.state == "open", "it says more, and shows nothing that we signed"
    Log.objects.filter(organisation_id=team.brand.organisation_id).update(size=1)
    assert not talking.have_witnessed(team.brand.agreement.pk, OldLine(note))
    assert team.brand.feed.reason == "rolled-back"
    before = logs.publish_checkpoint(team.brand.organisation_id)
    assert before is not None
    assert before.size == 3, "nothing is signed anew"


class ForkedLine:
    """A partner that went on from an old copy: it says something else at place 2 and goes on from there."""

    def __init__(self, team) -> None:
        self.team, self.forged = team, None

    def post(self, path, said, *, media_type=""):
        raise AssertionError(path)

    def get(self, path, query=None):
        page = page_after(self.team.brand.feed, query["after"], query["most"])
        if query["after"] == 1:
            page = page_after(self.team.brand.feed, 1, 1)
            import msgspec

            page = msgspec.structs.replace(page, entries=(self.forged,))
        return Reply(200, "application/json", write_page(page))


def test_a_broken_chain_is_followed_back_to_the_two_statements(team):
    team.brand.say()
    team.pull(team.market)
    second = FeedEntry.objects.get(feed=team.brand.feed, seq=2)
    line = ForkedLine(team)
    line.forged = forge(team, second, {"text": "Something else."})
    Feed.objects.filter(pk=team.brand.feed.pk).update(digest="ab" * 32)
    team.brand.say()
    fetched = talking.fetch(team.market.agreement.pk, line)
    assert fetched is not None
    assert fetched.frozen
    assert Contradiction.objects.get(agreement=team.market.agreement).what == "entry"


class LateLine:
    """A partner whose clock is off: it answers, or refuses because ours differs, and says its date."""

    def __init__(self, team, off: timedelta, *, refuses: bool) -> None:
        self.team, self.off, self.refuses = team, off, refuses

    def get(self, path, query=None):
        date = now() + self.off
        if self.refuses:
            raise PartnerRefused(401, "from-the-future", "", None, date)
        return Reply(200, "application/json", write_page(page_after(self.team.brand.feed, query["after"])), date)

    def post(self, path, said, *, media_type=""):
        raise AssertionError(path)


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize(("off", "kept"), [(-1, 0), (90, 90), (-86_400, -86_400), (10**11, 2**31 - 1)])
def test_a_partners_clock_is_compared_with_each_answer(team, refuses, off, kept):
    talking.fetch(team.market.agreement.pk, LateLine(team, timedelta(seconds=off), refuses=refuses))
    assert team.market.agreement.standing.clock_off_seconds == kept
    talking.fetch(team.market.agreement.pk, LateLine(team, timedelta(seconds=1), refuses=False))
    assert team.market.agreement.standing.clock_off_seconds == 0

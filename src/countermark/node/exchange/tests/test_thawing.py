"""A feed that stood still goes on when two administrators have looked; everybody concerned can read that later."""

import pytest

from countermark.node.audit.models import Event
from countermark.node.exchange import thawing
from countermark.node.exchange.applying import apply_one, claim_inbound
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Feed, FeedEntry
from countermark.node.exchange.receipting import give_receipt
from countermark.node.exchange.receiving import freeze
from countermark.node.exchange.rollbacks import went_back
from countermark.node.exchange.thawing import THAWED
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.proof.entries import said_in


@pytest.fixture
def second(team: Team) -> Member:
    """Another administrator of the marketplace."""
    return make_member(Role.ADMINISTRATOR, Organisation.objects.get(pk=team.market.organisation_id))


def test_two_administrators_let_a_feed_go_on_and_the_partner_is_told(team: Team, second: Member):
    team.brand.say()
    freeze(team.market.partners_feed, "equivocation")
    assert team.pull(team.market).frozen
    name = team.brand.feed.name
    thawing.propose(team.market.administrator, name, "statement-agreed")
    assert team.market.partners_feed.state == "frozen"
    with pytest.raises(Conflict, match="yourself"):
        thawing.confirm(team.market.administrator, name)
    thawing.confirm(second, name)
    assert team.pull(team.market).stored == 2
    assert team.pull(team.brand).refused is None
    told = FeedEntry.objects.get(feed=team.brand.partners_feed, type=THAWED)
    said = said_in(told.token).data
    assert said is not None
    assert (said["feed"], said["seq"], said["was"], said["reason"]) == (name, 0, "equivocation", "statement-agreed")
    while (key := claim_inbound("worker")) is not None:
        apply_one(key, "worker", {"comment": lambda _arrived: None})
    assert FeedEntry.objects.get(pk=told.pk).inbound.state == "done"
    trail = Event.objects.filter(organisation_id=team.market.organisation_id, action__startswith="feed.")
    frozen, proposed, thawed = trail.order_by("pk")
    assert [frozen.action, proposed.action, thawed.action] == ["feed.frozen", "feed.thaw_proposed", "feed.thawed"]
    assert (thawed.actor, thawed.detail["proposed_by"]) == (second.actor, team.market.administrator.actor)


def test_what_contradicts_again_freezes_again_and_nobody_has_proposed_anything_then(team: Team, second: Member):
    feed = team.market.partners_feed
    freeze(feed, "rolled-back")
    thawing.propose(team.market.administrator, feed.name, "data-restored")
    freeze(team.market.partners_feed, "equivocation")
    with pytest.raises(Conflict, match="Nobody has proposed"):
        thawing.confirm(second, feed.name)
    thawing.propose(second, feed.name, "false-alarm")
    thawing.withdraw(team.market.administrator, feed.name)
    with pytest.raises(Conflict, match="Nobody has proposed"):
        thawing.withdraw(second, feed.name)


def test_our_own_feed_goes_on_only_when_we_hold_what_the_partner_signed_for(team: Team, second: Member):
    team.market.say()
    team.pull(team.brand)
    give_receipt(team.brand.agreement)
    team.pull(team.market)
    whole = Feed.objects.get(pk=team.market.feed.pk)
    freeze(team.market.feed, "rolled-back")
    thawing.propose(team.market.administrator, whole.name, "data-restored")
    Feed.objects.filter(pk=whole.pk).update(seq=whole.seq - 1)
    with pytest.raises(Conflict, match="newest backup"):
        thawing.confirm(second, whole.name)
    Feed.objects.filter(pk=whole.pk).update(seq=whole.seq)
    assert went_back(team.market.organisation_id)
    thawing.confirm(second, whole.name)
    assert not went_back(team.market.organisation_id)
    last = FeedEntry.objects.get(feed=team.market.feed, seq=whole.seq + 1)
    assert last.type == THAWED


def test_a_partners_feed_waits_for_ours_since_the_partner_must_be_told(team: Team, second: Member):
    freeze(team.market.feed, "receipt-differs")
    freeze(team.market.partners_feed, "rolled-back")
    thawing.propose(second, team.market.partners_feed.name, "data-restored")
    with pytest.raises(Conflict, match="Our own feed"):
        thawing.confirm(team.market.administrator, team.market.partners_feed.name)
    assert team.market.partners_feed.state == "frozen"


def test_others_let_nothing_go_on(team: Team):
    name = team.market.partners_feed.name
    with pytest.raises(Conflict, match="does not stand still"):
        thawing.propose(team.market.administrator, name, "false-alarm")
    freeze(team.market.partners_feed, "equivocation")
    with pytest.raises(NotPermitted):
        thawing.propose(team.market.analyst, name, "false-alarm")
    with pytest.raises(Invalid):
        thawing.propose(team.market.administrator, name, "because I say so")
    for unknown in ("another:feed", "a\0b"):
        with pytest.raises(NotFound):
            thawing.propose(team.market.administrator, unknown, "false-alarm")

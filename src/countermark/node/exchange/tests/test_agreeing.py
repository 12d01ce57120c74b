"""An agreement comes into force only when both have compared fingerprints and signed the same document."""

from datetime import timedelta

import pytest

from countermark.node.audit.models import Event
from countermark.node.exchange import applying
from countermark.node.exchange.agreeing import arriving, drafting, lifecycle, signing
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.models import Agreement, FeedEntry, Parcel
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.proof.agreements import sign_agreement
from countermark.proof.entries import write_moment
from countermark.proof.refusals import Refused


def test_both_sides_name_the_same_document(team):
    assert team.brand.agreement.state == team.market.agreement.state == "agreed"
    assert team.brand.agreement.digest == team.market.agreement.digest
    first = FeedEntry.objects.get(feed=team.brand.feed, seq=1)
    assert first.type == "agreement.agreed"
    assert {parcel.kind for parcel in Parcel.objects.filter(agreement=team.brand.agreement)} == {"offer", "signature"}


def test_nobody_signs_before_the_fingerprint_was_compared(team):
    row = drafting.draft(team.brand.administrator, team.market.card, {"purposes": []})
    version = latest(row, 1)
    signature = sign_agreement(opened(version), team.brand.keys.organisation(team.brand.organisation_id))
    with pytest.raises(Conflict, match="fingerprint"):
        signing.sign(team.brand.administrator, row.name, version.digest, signature)
    signing.confirm_fingerprint(team.brand.administrator, row.name)
    with pytest.raises(Conflict, match="changed since"):
        signing.sign(team.brand.administrator, row.name, "0" * 64, signature)
    with pytest.raises(Invalid, match="not your organisation's"):
        signing.sign(team.brand.administrator, row.name, version.digest, "A" * 86)
    assert signing.sign(team.brand.administrator, row.name, version.digest, signature).state == "draft"


def test_only_an_administrator_may(team):
    with pytest.raises(NotPermitted):
        drafting.draft(team.brand.analyst, team.market.card, {})
    with pytest.raises(NotPermitted):
        lifecycle.suspend(team.brand.analyst, team.brand.agreement_name, "x")


def test_an_offer_that_is_not_for_us_or_changes_a_key_is_refused(team):
    document = opened(latest(team.brand.agreement, 1))
    stranger = team.market.keys.organisation(999).public.text
    parties = document.parties
    import msgspec

    def with_parties(one, other):
        return msgspec.structs.replace(document, parties=(one, other), version=2)

    other_us = with_parties(parties[0], msgspec.structs.replace(parties[1], key=stranger))
    with pytest.raises(Refused, match="another organisation or another key"):
        arriving.take_offer(team.market.organisation_id, other_us, team.brand.administrator.organisation_kind)
    other_them = with_parties(msgspec.structs.replace(parties[0], key=stranger), parties[1])
    with pytest.raises(Refused, match="another key or node"):
        arriving.take_offer(team.market.organisation_id, other_them, team.brand.administrator.organisation_kind)


def test_offers_of_strangers_are_bounded(team, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_OFFERS", 2)
    for _ in range(2):
        row = drafting.draft(team.brand.administrator, team.market.card, {})
        arriving.take_offer(team.market.organisation_id, opened(latest(row, 1)), team.brand.card.kind)
    row = drafting.draft(team.brand.administrator, team.market.card, {})
    with pytest.raises(Conflict, match="Too many"):
        arriving.take_offer(team.market.organisation_id, opened(latest(row, 1)), team.brand.card.kind)


def amend(team):
    drafting.begin_amendment(team.brand.administrator, team.brand.agreement_name, {"purposes": [], "more": 1})
    document = opened(latest(team.brand.agreement, 2))
    arriving.take_offer(team.market.organisation_id, document, team.brand.card.kind)
    team.market.sign()
    team.carry_signature(team.market)
    team.brand.sign()


def test_an_amendment_counts_from_its_own_entry_on(team):
    team.pull(team.market)
    amend(team)
    assert team.brand.agreement.version == 2
    assert team.market.agreement.version == 1
    team.brand.say()
    # The partner lacks the last signature: it keeps what it can and waits.
    assert team.pull(team.market).code == "wrong-agreement"
    team.carry_signature(team.brand)
    assert team.pull(team.market).stored == 1
    kinds = list(
        FeedEntry.objects.filter(feed=team.market.partners_feed).order_by("seq").values_list("type", flat=True)
    )
    assert kinds == ["agreement.agreed", "agreement.amended", "comment"]
    assert team.market.say().seq == 3


def test_nothing_is_said_under_a_version_that_was_replaced(team, monkeypatch):
    amend(team)
    team.carry_signature(team.brand)
    team.pull(team.market)
    team.pull(team.brand)
    Agreement.objects.filter(pk=team.brand.agreement.pk).update(
        version=1, digest=opened(latest(team.brand.agreement, 1)).digest
    )
    team.brand.say(data={"text": "under the new one, then the old one"})
    assert team.pull(team.market).refused is None
    from countermark.node.exchange.models import Feed

    Feed.objects.filter(pk=team.market.partners_feed.pk).update(version=2)
    team.brand.say()
    assert team.pull(team.market).code == "wrong-agreement"


def apply_all(team):
    team.pull(team.market)
    team.pull(team.brand)
    while (key := applying.claim_inbound("worker")) is not None:
        applying.apply_one(key, "worker", {"comment": lambda _: None})


def test_a_suspension_holds_both_sides_until_the_one_who_made_it_resumes(team):
    lifecycle.suspend(team.brand.administrator, team.brand.agreement_name, "We must look into something.")
    apply_all(team)
    for side in (team.brand, team.market):
        assert side.agreement.state == "suspended"
        with pytest.raises(Conflict, match="suspended"):
            side.say()
    with pytest.raises(Conflict, match="not suspended"):
        lifecycle.resume(team.market.administrator, team.market.agreement_name)
    lifecycle.resume(team.brand.administrator, team.brand.agreement_name)
    apply_all(team)
    assert team.brand.agreement.state == team.market.agreement.state == "agreed"


def test_the_end_is_known_to_both_and_nothing_new_is_said_after_it(team):
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "The season is over.")
    apply_all(team)
    assert team.brand.agreement.state == team.market.agreement.state == "ended"
    with pytest.raises(Conflict, match="ended"):
        team.market.say()
    with pytest.raises(Conflict):
        lifecycle.suspend(team.brand.administrator, team.brand.agreement_name, "x")


def test_notice_takes_the_days_that_were_agreed(clock, db):
    from countermark.node.exchange.factories import make_team
    from countermark.node.exchange.signing import set_keys

    team = make_team({"ending": {"notice_days": 30}})
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "The season is over.")
    apply_all(team)
    assert team.market.agreement.state == "agreed"
    team.market.say()
    clock.forward(days=31)
    assert lifecycle.end_all_due() == 2
    assert team.market.agreement.state == "ended"
    set_keys(None)


def test_an_agreement_of_others_is_not_there(team, stranger):
    with pytest.raises(NotFound):
        drafting.offer(stranger, team.brand.agreement_name)


def test_declining_ends_the_discussion_and_needs_a_reason(team):
    row = drafting.draft(team.brand.administrator, team.market.card, {})
    with pytest.raises(Invalid, match="reason"):
        drafting.decline(team.brand.administrator, row.name, "  ")
    assert drafting.decline(team.brand.administrator, row.name, "Not now.").state == "declined"


def test_a_partner_that_names_a_far_end_keeps_nobody_in_the_agreement(clock, team):
    far = write_moment(now() + timedelta(days=365 * 900))
    said = {"reason": "We end it, some day.", "ends_at": far}
    say_for_exchange(team.market.agreement, "agreement.ended", team.market.agreement_name, said)
    apply_all(team)
    assert team.brand.agreement.state == "agreed"
    assert team.brand.agreement.ends_at.year > 2900
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "We end it now.")
    apply_all(team)
    assert team.brand.agreement.state == team.market.agreement.state == "ended"


def test_one_offer_brought_again_and_again_is_taken_once(team):
    row = drafting.draft(team.brand.administrator, team.market.card, {})
    for _ in range(3):
        arriving.take_offer(team.market.organisation_id, opened(latest(row, 1)), team.brand.card.kind)
    noted = Event.objects.filter(action="agreement.offer_received", target=row.name)
    assert noted.count() == 1
    drafting.decline(team.market.administrator, row.name, "Not now.")
    arriving.take_offer(team.market.organisation_id, opened(latest(row, 1)), team.brand.card.kind)
    assert noted.count() == 2

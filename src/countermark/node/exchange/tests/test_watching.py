"""Whoever looks sees at once which partner does not answer, sign or witness, and since when; a clock alone decides."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from countermark.node.exchange import logs, receipting, selectors
from countermark.node.exchange.applying import apply_one, claim_inbound
from countermark.node.exchange.factories import Team, make_team
from countermark.node.exchange.models import Feed, FeedEntry, Refusal, Standing
from countermark.node.exchange.shown import AlarmCode, KeyState
from countermark.node.exchange.signing import set_keys
from countermark.node.exchange.watching import key_lines
from countermark.node.exchange.witnessing import witness
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.proof.agreements import Purpose
from countermark.proof.refusals import Refused


def receipts_go_round(team: Team) -> None:
    """Both fetch, sign and apply what there is."""
    for side in (team.market, team.brand):
        team.pull(side)
        receipting.give_receipt(side.agreement)
    for side in (team.brand, team.market):
        team.pull(side)
    while (key := claim_inbound("worker")) is not None:
        apply_one(key, "worker", {"comment": lambda _arrived: None})


def ask_to_witness(team: Team) -> None:
    logs.publish_checkpoint(team.brand.organisation_id)
    asked = logs.to_witness(team.brand.agreement)
    assert asked is not None
    line = witness(team.market.agreement, asked.old_size, asked.proof, asked.checkpoint.note)
    logs.keep_cosignature(team.brand.agreement, asked.checkpoint, line)


def codes(team: Team) -> list[str]:
    return [str(alarm.code) for alarm in selectors.alarms(team.brand.analyst)]


def of(team: Team, code: AlarmCode):
    return next(alarm for alarm in selectors.alarms(team.brand.analyst) if alarm.code is code)


def test_a_partner_with_whom_all_goes_well_raises_no_alarm(team: Team):
    team.brand.say()
    receipts_go_round(team)
    ask_to_witness(team)
    assert codes(team) == []
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert standing.agreement.partner_name == "Bazaar"
    assert standing.ours is not None
    assert standing.theirs is not None
    assert (standing.ours.seq, standing.ours.receipted, standing.ours.waiting_since) == (3, 2, None)
    assert (standing.theirs.last_type, standing.theirs.receipted) == ("receipt", 2)
    assert standing.broken == ""


def test_an_agreement_never_signed_raises_no_alarm_but_an_offer_waits(clock, team: Team):
    from countermark.node.exchange.agreeing import arriving, drafting
    from countermark.node.exchange.agreeing.versions import latest, opened

    row = drafting.draft(team.market.administrator, team.brand.card, {})
    arriving.take_offer(team.brand.organisation_id, opened(latest(row, 1)), team.market.card.kind)
    found = of(team, AlarmCode.OFFER)
    assert (found.agreement, found.facts) == (row.name, {"version": 1})


def test_silence_is_told_after_a_quarter_of_an_hour_since_the_last_good_answer(clock, team: Team):
    team.pull(team.brand)
    answered = now()
    clock.forward(minutes=5)
    Standing.objects.filter(agreement=team.brand.agreement).update(
        answered_at=answered, asked_at=now(), failing_since=now(), problem="timeout"
    )
    clock.forward(minutes=14)
    assert "silent" not in codes(team)
    clock.forward(minutes=1)
    assert of(team, AlarmCode.SILENT).since == answered


def test_a_worker_of_ours_that_does_not_ask_is_told(clock, team: Team):
    Standing.objects.filter(agreement=team.brand.agreement).update(asked_at=now())
    clock.forward(minutes=29)
    assert "not-asking" not in codes(team)
    clock.forward(minutes=1)
    assert "not-asking" in codes(team)


@pytest.fixture
def hurried(db) -> Iterator[Team]:
    """A team that agreed on receipts within six hours."""
    yield make_team({"times": {"receipt_hours": 6}})
    set_keys(None)


def test_a_receipt_that_is_late_is_told_with_the_agreed_hours(clock, hurried: Team):
    said = hurried.brand.say().recorded_at
    clock.forward(hours=5, minutes=59)
    assert "no-receipt" not in codes(hurried)
    clock.forward(minutes=1)
    late = of(hurried, AlarmCode.NO_RECEIPT)
    assert late.facts == {"hours": 6}
    assert late.since == said
    receipts_go_round(hurried)
    assert "no-receipt" not in codes(hurried)


def test_a_checkpoint_that_nobody_witnessed_is_told_after_an_hour(clock, team: Team):
    row = logs.publish_checkpoint(team.brand.organisation_id)
    assert row is not None
    clock.forward(minutes=59)
    assert "not-witnessed" not in codes(team)
    clock.forward(minutes=1)
    assert of(team, AlarmCode.NOT_WITNESSED).since == row.at
    ask_to_witness(team)
    assert "not-witnessed" not in codes(team)


def test_a_new_partner_has_an_hour_for_checkpoints_older_than_the_agreement(clock, team: Team):
    logs.publish_checkpoint(team.brand.organisation_id)
    clock.forward(days=9)
    agreement = team.brand.agreement
    agreement.since = now()
    agreement.save()
    assert "not-witnessed" not in codes(team)
    clock.forward(hours=1)
    assert of(team, AlarmCode.NOT_WITNESSED).since == agreement.since


def test_a_frozen_feed_comes_first(clock, team: Team):
    Standing.objects.filter(agreement=team.brand.agreement).update(asked_at=now())
    clock.forward(hours=1)
    Feed.objects.filter(pk=team.brand.partners_feed.pk).update(state="frozen", reason="rolled-back", changed_at=now())
    assert codes(team)[0] == "frozen"
    assert of(team, AlarmCode.FROZEN).facts["reason"] == "rolled-back"


def test_a_refusal_counts_until_its_place_is_filled(team: Team):
    team.market.say()
    theirs = team.brand.partners_feed
    Refusal(
        organisation_id=team.brand.organisation_id,
        agreement=team.brand.agreement,
        feed=theirs.name,
        seq=1,
        code="bad-signature",
    ).save()
    assert of(team, AlarmCode.REFUSED).facts == {"reason": "bad-signature", "seq": 1}
    team.pull(team.brand)
    assert "refused" not in codes(team)
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert [one.solved for one in standing.refusals] == [True]


def test_an_entry_that_could_not_be_applied_is_told_with_its_reason(team: Team):
    team.market.say(kind="hologram.sent")
    team.pull(team.brand)
    while (key := claim_inbound("worker")) is not None:
        apply_one(key, "worker", {})
    assert of(team, AlarmCode.UNAPPLIED).facts == {"count": 1}
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert (standing.unapplied[0].code, standing.unapplied[0].type) == ("unknown-type", "hologram.sent")


def test_keys_are_told_thirty_days_before_they_end_on_both_sides(clock, team: Team):
    clock.forward(days=333)
    assert "key-ends" not in codes(team)
    clock.forward(days=2)
    sides = [one.facts["side"] for one in selectors.alarms(team.brand.analyst) if one.code is AlarmCode.KEY_ENDS]
    assert sorted(sides) == ["ours", "theirs"]
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert {key.state for key in standing.keys if key.purpose is not Purpose.ORGANISATION} == {KeyState.ENDS_SOON}
    clock.forward(days=40)
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert {key.state for key in standing.keys if key.purpose is not Purpose.ORGANISATION} == {KeyState.ENDED}


def test_a_clock_that_is_off_is_told(team: Team):
    Standing.objects.filter(agreement=team.brand.agreement).update(clock_off_seconds=-121)
    assert of(team, AlarmCode.CLOCK).facts == {"seconds": -121}


def test_a_changed_table_is_told_before_anything_else(team: Team, monkeypatch):
    def changed(_signed: object) -> None:
        raise Refused("bad-signature")

    monkeypatch.setattr(key_lines, "open_agreement", changed)
    assert codes(team)[0] == "broken"
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert standing.keys == ()
    assert "does not fit" in standing.broken


def test_a_stranger_sees_nothing_of_it(team: Team):
    stranger = make_member(Role.ADMINISTRATOR)
    assert selectors.standing_of(stranger) == ()
    assert selectors.alarms(stranger) == ()


def test_questions_do_not_grow_with_partners(team: Team, django_assert_max_num_queries):
    from countermark.node.exchange.agreeing import drafting

    for _ in range(12):
        drafting.draft(team.brand.administrator, team.market.card, {})
    team.brand.say()
    with django_assert_max_num_queries(12):
        assert len(selectors.standing_of(team.brand.analyst)) == 13
    with django_assert_max_num_queries(12):
        selectors.alarms(team.brand.analyst)
    with django_assert_max_num_queries(3):
        selectors.log(team.brand.analyst)


def test_the_log_names_its_newest_witnesses(clock, team: Team):
    assert selectors.log(team.brand.analyst).checkpoint_at is None
    ask_to_witness(team)
    shown = selectors.log(team.brand.analyst)
    assert (shown.size, shown.checkpoint_size, shown.witnesses[0].partner_name) == (1, 1, "Bazaar")
    clock.forward(minutes=1)
    team.brand.say()
    logs.publish_checkpoint(team.brand.organisation_id)
    assert selectors.log(team.brand.analyst).witnesses == ()
    (standing,) = selectors.standing_of(team.brand.analyst)
    assert standing.talk.unwitnessed_since == now()
    assert standing.talk.witnessed_us_at == now() - timedelta(minutes=1)


def test_each_alarm_has_its_heading_in_the_guide():
    from pathlib import Path

    guide = (Path(__file__).parents[5] / "docs/how-to/watch-the-exchange.md").read_text()
    headings = [line.removeprefix("### ") for line in guide.splitlines() if line.startswith("### ")]
    assert headings == [str(code) for code in AlarmCode]


def test_a_partner_that_does_not_prove_its_receipts_is_told_after_an_hour(clock, team: Team):
    team.brand.say()
    receipts_go_round(team)
    Standing.objects.filter(agreement=team.brand.agreement).update(asked_at=now())
    came = FeedEntry.objects.filter(feed=team.brand.partners_feed, type="receipt").order_by("seq")[0].recorded_at
    clock.forward(minutes=59)
    assert "not-proven" not in codes(team)
    clock.forward(minutes=1)
    assert of(team, AlarmCode.NOT_PROVEN).since == came
    Standing.objects.filter(agreement=team.brand.agreement).update(proved_seq=team.brand.partners_feed.seq)
    assert "not-proven" not in codes(team)

"""Second looks, escalation, undo, skipping and history: what happens around a decision."""

import pytest
from django.db import IntegrityError, transaction

from countermark.node.audit.models import Event
from countermark.node.findings.factories import make_finding, make_record, make_scan
from countermark.node.findings.models import Finding
from countermark.node.findings.states import FindingState
from countermark.node.findings.storing import Seen, store
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.listings.factories import make_listing
from countermark.node.review import selectors, services
from countermark.node.review.models import Decision, Lease
from countermark.node.review.tests.acts import ESCALATED, SECOND_LOOK, judge, state_of, take
from countermark.node.review.verdicts import Verdict

pytestmark = pytest.mark.django_db

# --- second look and counsel -----------------------------------------------------------------------------------------


def test_unsure_goes_to_someone_elses_second_look_which_is_blind(member, other, finding):
    judge(member, take(member), Verdict.UNSURE, "language")
    assert state_of(finding) == FindingState.SECOND_LOOK
    assert services.open_next(member) is None
    assert services.open_next(member, SECOND_LOOK) is None
    own = services.open_item(member, finding.core_id)
    assert not own.may_decide
    assert "someone else" in own.why_not
    item = take(other, SECOND_LOOK)
    assert item.blind
    assert item.decisions == ()
    judge(other, item)
    assert state_of(finding) == FindingState.DECIDED


def test_one_cannot_give_ones_own_second_look_even_with_a_token(member, finding):
    judge(member, take(member), Verdict.UNSURE, "language")
    Lease.objects.create(finding=finding, member_id=member.user_id, token="t", until="2100-01-01T00:00Z")
    with pytest.raises(Conflict):
        services.decide(member, finding.core_id, verdict=Verdict.INFRINGING, reason="counterfeit", lease_token="t")


def test_a_second_unsure_goes_to_counsel(member, other, counsel, finding):
    judge(member, take(member), Verdict.UNSURE, "language")
    judge(other, take(other, SECOND_LOOK), Verdict.UNSURE, "needs_expert")
    assert state_of(finding) == FindingState.ESCALATED
    item = take(counsel, ESCALATED)
    assert not item.blind
    assert [d.verdict for d in item.decisions] == [Verdict.UNSURE, Verdict.UNSURE]


def test_the_escalated_queue_is_for_counsel_and_administrators(member, counsel, administrator, finding):
    judge(member, take(member), Verdict.ESCALATE, "legal_question", "Is the design in force?")
    with pytest.raises(NotPermitted):
        services.open_next(member, ESCALATED)
    seen = services.open_item(member, finding.core_id)
    assert not seen.may_decide
    assert not seen.lease.mine
    assert FindingState.ESCALATED not in selectors.queue_lengths(member)
    assert str(selectors.queue_lengths(counsel)[FindingState.ESCALATED]) == "1"
    item = take(counsel, ESCALATED)
    assert {choice.verdict for choice in item.choices} == {Verdict.INFRINGING, Verdict.NOT_INFRINGING}
    with pytest.raises(Invalid):
        judge(counsel, item, Verdict.UNSURE, "language")
    judge(counsel, item)
    assert state_of(finding) == FindingState.DECIDED


def test_an_analyst_cannot_decide_an_escalated_item_even_with_a_token(member, finding):
    item = take(member)
    Finding.objects.update(state=FindingState.ESCALATED)
    with pytest.raises(NotPermitted):
        judge(member, item)


# --- undo ------------------------------------------------------------------------------------------------------------


def test_undo_brings_the_item_back_into_ones_hands(member, other, finding):
    decision = judge(member, take(member))
    item = services.undo(member, decision.id)
    assert item.finding.row.core_id == finding.core_id
    assert item.lease.mine
    assert item.may_decide
    assert state_of(finding) == FindingState.OPEN
    assert Finding.objects.get().last_reviewer_id is None
    assert [(d.verdict, d.undone) for d in item.decisions] == [(Verdict.WITHDRAWN, False), (Verdict.INFRINGING, True)]
    assert Event.objects.filter(action="review.undone", target=finding.core_id).count() == 1
    assert services.open_next(other) is None
    judge(member, item, Verdict.NOT_INFRINGING, "genuine_resale")
    assert Decision.objects.count() == 3


def test_undoing_twice_is_refused(member, finding):
    decision = judge(member, take(member))
    services.undo(member, decision.id)
    with pytest.raises(Conflict, match="already undone"):
        services.undo(member, decision.id)


def test_undo_ends_with_its_window(member, finding, clock):
    decision = judge(member, take(member))
    assert decision.undo_until is not None
    clock.forward(minutes=10, seconds=1)
    with pytest.raises(Conflict, match="10 minutes"):
        services.undo(member, decision.id)
    assert state_of(finding) == FindingState.DECIDED
    assert selectors.undoable(member) is None


def test_the_window_of_undo_is_a_setting(member, finding, clock, settings):
    settings.COUNTERMARK_UNDO_MINUTES = 30
    decision = judge(member, take(member))
    clock.forward(minutes=29)
    services.undo(member, decision.id)


def test_only_the_person_who_decided_can_undo(member, other, stranger, finding):
    decision = judge(member, take(member))
    with pytest.raises(NotPermitted):
        services.undo(other, decision.id)
    with pytest.raises(NotFound):
        services.undo(stranger, decision.id)
    with pytest.raises(NotFound):
        services.undo(member, "dcs_\0")


def test_a_withdrawal_cannot_be_undone(member, finding):
    services.undo(member, judge(member, take(member)).id)
    withdrawal = Decision.objects.get(verdict=Verdict.WITHDRAWN)
    with pytest.raises(NotFound):
        services.undo(member, withdrawal.public_id)


def test_undoing_unsure_after_someone_else_decided_is_refused(member, other, finding):
    unsure = judge(member, take(member), Verdict.UNSURE, "language")
    judge(other, take(other, SECOND_LOOK))
    with pytest.raises(Conflict, match="since"):
        services.undo(member, unsure.id)


def test_undoing_unsure_while_someone_else_looks_is_refused(member, other, finding):
    unsure = judge(member, take(member), Verdict.UNSURE, "language")
    take(other, SECOND_LOOK)
    with pytest.raises(Conflict, match=other.name):
        services.undo(member, unsure.id)


def test_undoing_a_second_look_gives_it_back_to_the_second_look_of_the_same_person(member, other, finding):
    judge(member, take(member), Verdict.UNSURE, "language")
    decision = judge(other, take(other, SECOND_LOOK))
    assert services.undo(other, decision.id).may_decide
    assert state_of(finding) == FindingState.SECOND_LOOK
    assert Finding.objects.get().last_reviewer_id == member.user_id


def test_the_last_decision_that_can_be_undone_is_offered_on_the_next_item(member):
    make_finding(member, expected_harm=99.0)
    make_finding(member)
    decision = judge(member, take(member))
    item = take(member)
    assert item.undoable
    assert item.undoable.id == decision.id
    assert item.decisions == ()
    services.undo(member, decision.id)
    assert selectors.undoable(member) is None


# --- skip ------------------------------------------------------------------------------------------------------------


def test_a_skipped_item_is_out_of_the_way_for_a_day_for_this_person_only(member, other, finding, clock):
    take(member)
    services.skip(member, finding.core_id)
    assert services.open_next(member) is None
    assert take(other).finding.row.core_id == finding.core_id
    clock.forward(hours=24, seconds=1)
    assert take(member).finding.row.core_id == finding.core_id


def test_skipping_twice_and_taking_it_back(member, finding):
    services.skip(member, finding.core_id)
    services.skip(member, finding.core_id)
    services.unskip(member, finding.core_id)
    assert take(member).finding.row.core_id == finding.core_id
    services.unskip(member, "fnd_none")


def test_a_skipped_item_can_still_be_opened_and_decided(member, finding):
    services.skip(member, finding.core_id)
    judge(member, services.open_item(member, finding.core_id))
    assert state_of(finding) == FindingState.DECIDED


def test_what_no_longer_waits_cannot_be_skipped(member, reader, finding):
    with pytest.raises(NotPermitted):
        services.skip(reader, finding.core_id)
    judge(member, take(member))
    with pytest.raises(Conflict):
        services.skip(member, finding.core_id)


# --- history ---------------------------------------------------------------------------------------------------------


def test_an_earlier_decision_is_shown_beside_the_finding_that_asks_again(member):
    listing = make_listing(member)
    make_finding(member, listing)
    judge(member, take(member))
    new = make_record(listing, risk=0.95)
    store(make_scan(member), {listing.core_id: Seen(listing.pk, "f" * 64)}, [new], may_lapse=True)
    item = take(member)
    assert item.finding.row.core_id == new.id
    assert [d.verdict for d in item.decisions] == [Verdict.INFRINGING]
    assert selectors.history_of(member, new.id) == item.decisions


def test_decisions_are_never_changed_by_code_or_database(member, finding):
    judge(member, take(member))
    row = Decision.objects.get()
    row.note = "another"
    with pytest.raises(RewriteForbidden):
        row.save()
    from django.db import connection

    for statement in ("UPDATE review_decision SET note = 'x'", "DELETE FROM review_decision"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_my_day_counts_my_own_decisions_of_today(member, other, clock):
    for _ in range(4):
        make_finding(member)
    for seconds in (4, 8, 30):
        judge(member, take(member), seconds=seconds)
    judge(other, take(other), seconds=100)
    day = selectors.my_day(member)
    assert (day.decided, day.undone, day.median_seconds) == (3, 0, 8)
    last = selectors.undoable(member)
    assert last
    services.undo(member, last.id)
    assert selectors.my_day(member).undone == 1
    clock.forward(days=1)
    assert selectors.my_day(member).decided == 0


def test_the_rail_shows_what_the_member_may_take(member, other):
    rows = [make_finding(member, expected_harm=float(9 - n)) for n in range(3)]
    take(other)
    services.skip(member, rows[1].core_id)
    assert [row.core_id for row in selectors.queue(member).rows] == [rows[2].core_id]


def test_time_on_the_screen_is_bounded(member, finding):
    judge(member, take(member), seconds=10**9)
    assert Decision.objects.get().seconds == 24 * 60 * 60

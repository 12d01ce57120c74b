import pytest

from countermark.model import Level
from countermark.node.audit.models import Event
from countermark.node.findings.engine import ENGINE_VERSION, policy_in_use
from countermark.node.findings.factories import make_finding, make_reason, make_record, make_scan
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.states import FindingState
from countermark.node.findings.storing import Seen, store
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.listings.factories import make_listing
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.review import leases, services
from countermark.node.review.models import Decision, Lease
from countermark.node.review.tests.acts import judge, state_of, take
from countermark.node.review.verdicts import Verdict

pytestmark = pytest.mark.django_db

# --- taking ----------------------------------------------------------------------------------------------------------


def test_the_first_item_is_the_one_with_most_expected_harm_and_is_held(member):
    make_finding(member, expected_harm=1.0)
    worst = make_finding(member, expected_harm=9.0)
    item = take(member)
    assert item.finding.row.core_id == worst.core_id
    assert item.lease.mine
    assert item.lease.token
    assert item.may_decide
    assert item.why_not == ""


def test_an_empty_queue_gives_nothing(member):
    assert services.open_next(member) is None


def test_two_people_never_get_the_same_item(member, other, finding):
    second = make_finding(member, expected_harm=1.0)
    assert take(member).finding.row.core_id == finding.core_id
    assert take(other).finding.row.core_id == second.core_id
    assert services.open_next(make_member(Role.ANALYST, None)) is None


def test_opening_again_keeps_the_item_and_its_token(member, finding):
    first = take(member)
    again = take(member)
    assert (again.finding.row.core_id, again.lease.token) == (finding.core_id, first.lease.token)


def test_an_item_in_other_hands_is_shown_read_only_with_who_and_until_when(member, other, finding, clock):
    take(member)
    seen = services.open_item(other, finding.core_id)
    assert not seen.lease.mine
    assert seen.lease.token == ""
    assert seen.lease.holder == member.name
    assert not seen.may_decide
    assert seen.why_not == f"Being reviewed by {member.name} until 09:10 UTC."


def test_a_hold_ends_after_ten_minutes_and_another_may_take_the_item(member, other, finding, clock):
    take(member)
    clock.forward(minutes=9, seconds=59)
    assert services.open_next(other) is None
    clock.forward(seconds=1)
    assert take(other).lease.mine


def test_renewing_holds_for_another_ten_minutes(member, other, finding, clock):
    item = take(member)
    clock.forward(minutes=8)
    assert services.renew_lease(member, finding.core_id, item.lease.token).mine
    clock.forward(minutes=8)
    assert services.open_next(other) is None


def test_renewing_a_lost_hold_says_who_has_it(member, other, finding, clock):
    item = take(member)
    clock.forward(minutes=11)
    take(other)
    with pytest.raises(Conflict, match=other.name):
        services.renew_lease(member, finding.core_id, item.lease.token)


def test_one_person_holds_at_most_three_items(member, other):
    rows = [make_finding(member) for _ in range(5)]
    tokens = [services.open_item(member, row.core_id).lease.token for row in rows]
    services.renew_lease(member, rows[4].core_id, tokens[4])
    assert set(Lease.objects.values_list("finding_id", flat=True)) == {row.pk for row in rows[2:]}


def test_a_reader_sees_the_first_item_and_takes_nothing(reader, member, finding):
    item = take(reader)
    assert not item.may_decide
    assert "role" in item.why_not
    assert not Lease.objects.exists()
    with pytest.raises(NotPermitted):
        judge(reader, item)


def test_another_organisation_can_neither_see_nor_take(stranger, member, finding):
    assert services.open_next(stranger) is None
    with pytest.raises(NotFound):
        services.open_item(stranger, finding.core_id)
    with pytest.raises(NotFound):
        services.skip(stranger, finding.core_id)
    with pytest.raises(NotFound):
        services.decide(stranger, finding.core_id, verdict=Verdict.INFRINGING, reason="counterfeit")


def test_the_item_says_its_place_and_what_comes_next(member):
    rows = [make_finding(member, expected_harm=float(9 - n)) for n in range(4)]
    item = take(member)
    assert (str(item.place.position), str(item.place.length)) == ("1", "4")
    assert item.next_ids == (rows[1].core_id, rows[2].core_id)
    third = services.open_item(member, rows[2].core_id)
    assert (str(third.place.position), third.next_ids) == ("3", (rows[3].core_id,))


def test_filters_narrow_the_queue(member):
    make_finding(member, expected_harm=99.0)
    scarf = make_finding(member, brand="Ondrelle", expected_harm=1.0)
    item = take(member, FindingFilters(brand="Ondrelle"))
    assert item.finding.row.core_id == scarf.core_id
    assert str(item.place.length) == "1"


# --- deciding --------------------------------------------------------------------------------------------------------


def test_a_decision_writes_state_decision_and_audit_row_together(member, finding):
    item = take(member)
    shown = judge(member, item, note="  seen before ", seconds=12)
    assert state_of(finding) == FindingState.DECIDED
    row = Decision.objects.get()
    assert (row.verdict, row.reason, row.note, row.seconds) == ("infringing", "counterfeit", "seen before", 12)
    assert (row.level_seen, row.engine_version, row.policy_hash) == ("medium", ENGINE_VERSION, policy_in_use().digest)
    assert (shown.id, shown.by, shown.undone) == (row.public_id, member.name, False)
    event = Event.objects.get(action="review.infringing")
    assert (event.target, event.detail) == (finding.core_id, {"decision": row.public_id, "reason": "counterfeit"})
    assert not Lease.objects.exists()
    assert services.open_next(member) is None


def test_nothing_is_written_when_the_audit_row_cannot_be(member, finding, monkeypatch):
    item = take(member)

    def refuse(**_kwargs):
        raise RuntimeError("no trail")

    monkeypatch.setattr("countermark.node.audit.services.record", refuse)
    with pytest.raises(RuntimeError):
        judge(member, item)
    assert state_of(finding) == FindingState.OPEN
    assert not Decision.objects.exists()


def test_deciding_twice_is_refused_and_says_who_said_what_and_when(member, other, finding, clock):
    item = take(member)
    judge(member, item)
    with pytest.raises(Conflict, match=f"{member.name} decided this at 09:00 UTC on 02 Mar 2026: infringing"):
        judge(member, item)
    assert Decision.objects.count() == 1


def test_a_lost_hold_is_refused_and_names_who_has_it(member, other, finding, clock):
    item = take(member)
    clock.forward(minutes=11)
    take(other)
    with pytest.raises(Conflict, match=f"{other.name} has this item until 09:21 UTC") as refused:
        judge(member, item)
    assert refused.value.code == "lease-lost"
    assert state_of(finding) == FindingState.OPEN


def test_a_hold_that_ended_is_good_while_nobody_else_took_the_item(member, finding, clock):
    item = take(member)
    clock.forward(hours=2)
    judge(member, item)
    assert state_of(finding) == FindingState.DECIDED


def test_without_the_token_of_the_hold_nothing_is_decided(member, finding):
    item = take(member)
    with pytest.raises(Conflict):
        judge(member, item, lease_token="")
    with pytest.raises(Conflict):
        judge(member, item, lease_token="\0")


def test_a_finding_that_a_scan_replaced_meanwhile_is_refused_and_the_new_one_waits(member):
    listing = make_listing(member)
    make_finding(member, listing)
    item = take(member)
    new = make_record(listing, risk=0.95)
    store(make_scan(member), {listing.core_id: Seen(listing.pk, listing.content_hash)}, [new], may_lapse=True)
    with pytest.raises(Conflict, match="replaced") as refused:
        judge(member, item)
    assert refused.value.code == "finding-replaced"
    assert take(member).finding.row.core_id == new.id


@pytest.mark.parametrize(
    ("verdict", "reason", "note", "field"),
    [
        (Verdict.WITHDRAWN, "counterfeit", "", "verdict"),
        (Verdict.INFRINGING, "authorised_seller", "", "reason"),
        (Verdict.INFRINGING, "", "", "reason"),
        (Verdict.INFRINGING, "infringing_other", " ", "note"),
        (Verdict.ESCALATE, "legal_question", "", "note"),
        (Verdict.UNSURE, "language", "x" * 4001, "note"),
        (Verdict.UNSURE, "language", "a\0b", "note"),
        (Verdict.UNSURE, "language", "\ud800", "note"),
    ],
)
def test_a_decision_that_is_not_complete_names_the_field(member, finding, verdict, reason, note, field):
    item = take(member)
    with pytest.raises(Invalid) as refused:
        judge(member, item, verdict, reason, note)
    assert field in {problem.field for problem in refused.value.problems}
    assert state_of(finding) == FindingState.OPEN
    assert services.open_item(member, finding.core_id).lease.mine


def test_clearing_a_high_risk_needs_a_note_and_a_medium_one_does_not(member):
    make_finding(member, level=Level.HIGH, expected_harm=99.0)
    make_finding(member, level=Level.MEDIUM)
    high = take(member)
    with pytest.raises(Invalid):
        judge(member, high, Verdict.NOT_INFRINGING, "genuine_resale")
    judge(member, high, Verdict.NOT_INFRINGING, "genuine_resale", "The receipt is shown.")
    judge(member, take(member), Verdict.NOT_INFRINGING, "genuine_resale")


def test_the_choices_preselect_what_the_weightiest_signal_suggests(member):
    make_finding(member, level=Level.HIGH, reasons=(make_reason("image.copied_photo", 3.0), make_reason()))
    choices = {choice.verdict: choice for choice in take(member).choices}
    assert choices[Verdict.INFRINGING].suggested == "photo_copied"
    assert choices[Verdict.NOT_INFRINGING].note_needed
    assert not choices[Verdict.UNSURE].note_needed


# --- cost ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(member, other):
    """A queue with everything that costs: holds, skips, decisions, pictures of both sides."""
    rows = [make_finding(member, expected_harm=float(20 - n)) for n in range(8)]
    take(other)
    services.skip(member, rows[1].core_id)
    judge(member, take(member))
    return rows


def test_opening_the_next_item_costs_seven_questions(member, busy, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert take(member).undoable


def test_opening_an_item_costs_seven_questions_and_no_more_when_another_has_it(member, busy, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert services.open_item(member, busy[5].core_id).lease.mine
    with django_assert_num_queries(6):
        assert not services.open_item(member, busy[0].core_id).lease.mine


def test_a_hold_is_one_statement(member, finding, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert leases.take(member, finding.pk)

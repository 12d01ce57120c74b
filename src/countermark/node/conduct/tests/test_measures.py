"""Measures: warned first, a second person, always an end, answered, heard by a third, never by a machine."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.conduct import appeals, handlers, judging, measures, passing, telling
from countermark.node.conduct.lawful import LawRefusesMeasure
from countermark.node.conduct.measures import Wanted, _checked
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.policy import SHIPPED, read_policy
from countermark.node.conduct.states import IN_FORCE, ActKind, MeasureKind, Standing, standing_of
from countermark.node.conduct.telling import Delivery
from countermark.node.conduct.tests.conftest import REASONS
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.notices import deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.states import Deed

ANSWER = "The bags were bought at the house itself; the invoices show it."


def suspended(shop):
    shop.offends(2)
    shop.is_warned()
    name = measures.propose(shop.officer, shop.wants("suspension"))
    measures.confirm(shop.counsel, name)
    return name


def standing(name):
    return judging.standing(Measure.objects.get(public_id=name))


@pytest.fixture(autouse=True)
def _points(settings):
    """Every notice is a strike of its own, of two points."""
    shipped = SHIPPED.read_bytes().replace(b"together_days: 3 ", b"together_days: 0 ")
    settings.COUNTERMARK_CONDUCT = shipped.replace(b"mark-in-offer: 1", b"mark-in-offer: 2")


def test_nobody_is_suspended_without_a_warning_that_is_proved_to_have_arrived(shop):
    shop.offends(2)
    with pytest.raises(LawRefusesMeasure, match="without a warning"):
        measures.propose(shop.officer, shop.wants("suspension"))
    name = measures.propose(shop.officer, shop.wants())
    with pytest.raises(LawRefusesMeasure, match="without a warning"):
        measures.propose(shop.officer, shop.wants("suspension"))
    telling.delivered(shop.officer, name, Delivery(way="email", at=now(), receipt="<1@bazaar.example>"))
    measures.propose(shop.officer, shop.wants("suspension"))
    told = Act.objects.get(kind=ActKind.TOLD)
    assert (told.facts["way"], told.facts["receipt"]) == ("email", "<1@bazaar.example>")


def test_a_grave_measure_needs_a_second_person_and_a_third_hears_the_answer(shop):
    shop.offends(2)
    shop.is_warned()
    name = measures.propose(shop.counsel, shop.wants("suspension"))
    assert standing(name) is Standing.PROPOSED
    with pytest.raises(Conflict, match="another person"):
        measures.confirm(shop.counsel, name)
    with pytest.raises(NotPermitted, match="sanction"):
        measures.confirm(shop.officer, name)
    measures.confirm(shop.other, name)
    appeals.appeal(shop.tokens[0], name, ANSWER)
    assert standing(name) is Standing.APPEALED
    for member in (shop.counsel, shop.other):
        with pytest.raises(Conflict, match="Another person"):
            appeals.decide(member, name, REASONS, reverse=True)
    appeals.decide(shop.team.market.administrator, name, REASONS, reverse=True)
    assert standing(name) is Standing.REVERSED
    with pytest.raises(Conflict):
        appeals.appeal(shop.tokens[0], name, ANSWER)


def test_an_answer_that_does_not_convince_leaves_the_measure_to_its_end(shop, later):
    name = suspended(shop)
    appeals.appeal(shop.tokens[1], name, ANSWER)
    appeals.decide(shop.other, name, REASONS, reverse=False)
    assert standing(name) is Standing.RUNNING
    later(timedelta(days=31))
    assert standing(name) is Standing.ENDED
    with pytest.raises(Conflict, match="nothing to lift"):
        measures.lift(shop.officer, name, REASONS)


def test_the_answer_is_possible_for_six_months_even_when_the_measure_is_over(shop, later):
    name = suspended(shop)
    act = Act.objects.get(measure__public_id=name, kind=ActKind.CONFIRMED)
    assert act.answer_by is not None
    assert 180 < (act.answer_by - now().date()).days < 190
    later(timedelta(days=100))
    appeals.appeal(shop.tokens[0], name, ANSWER)
    assert standing(name) is Standing.ENDED_UNHEARD
    appeals.decide(shop.other, name, REASONS, reverse=True)
    assert standing(name) is Standing.REVERSED


def test_an_answer_that_nobody_hears_keeps_no_measure_alive(shop, later):
    name = suspended(shop)
    appeals.appeal(shop.tokens[0], name, ANSWER)
    later(timedelta(days=31))
    assert standing(name) is Standing.ENDED_UNHEARD
    with pytest.raises(Conflict, match="nothing to lift"):
        measures.lift(shop.officer, name, REASONS)


def test_the_answer_comes_too_late_after_the_law_s_time(shop, later):
    name = suspended(shop)
    later(timedelta(days=190))
    with pytest.raises(LawRefusesMeasure, match="last day"):
        appeals.appeal(shop.tokens[0], name, ANSWER)


def test_a_reversed_case_leaves_the_counter_at_once(shop):
    shop.offends(2)
    before = judging.against(shop.officer.organisation_id, Track.OFFERS, shop.seller)
    deciding.decide(shop.officer, shop.notices[0], Decision(deed=Deed.PUT_BACK, reason="removed_wrongly"))
    after = judging.against(shop.officer.organisation_id, Track.OFFERS, shop.seller)
    assert (before.points, after.points) == (4, 2)
    assert (before.factors.number, after.factors.number) == (2, 1)
    assert [one.why for one in after.count.left] == ["reversed"]


def test_the_policy_holds_the_marketplace_too(shop):
    shop.offends(1)
    shop.is_warned()
    with pytest.raises(Conflict, match="asks for 3"):
        measures.propose(shop.officer, shop.wants("suspension"))
    with pytest.raises(Invalid, match="not for them"):
        measures.propose(shop.officer, shop.wants("no_processing"))
    with pytest.raises(Invalid, match="20 to"):
        measures.propose(shop.officer, shop.wants(reasons="Bad."))
    with pytest.raises(NotFound):
        measures.propose(shop.officer, shop.wants(subject="slr_nobody"))


def test_a_warning_can_be_lifted_and_then_it_carries_nothing(shop):
    shop.offends(2)
    name = shop.is_warned()
    measures.lift(shop.officer, name, "The invoices have convinced us; we are sorry.")
    with pytest.raises(LawRefusesMeasure, match="without a warning"):
        measures.propose(shop.officer, shop.wants("suspension"))


def test_a_warning_that_is_reversed_on_the_answer_carries_nothing(shop):
    shop.offends(2)
    name = shop.is_warned()
    appeals.appeal(shop.tokens[0], name, ANSWER)
    appeals.decide(shop.counsel, name, REASONS, reverse=True)
    with pytest.raises(LawRefusesMeasure, match="without a warning"):
        measures.propose(shop.officer, shop.wants("suspension"))


def test_a_filer_is_measured_by_the_same_rules(shop):
    agreement, team = shop.team.market.agreement_name, shop.team
    shop.offends(3)
    for name in shop.notices:
        deciding.decide(shop.officer, name, Decision(deed=Deed.PUT_BACK, reason="removed_wrongly"))
    wanted = shop.wants(track=Track.NOTICES, subject=agreement)
    with pytest.raises(Conflict, match="asks for 1"):
        measures.propose(shop.officer, wanted)  # our own mistake is not the filer's
    with pytest.raises(NotPermitted, match="marketplace"):
        measures.propose(team.brand.administrator, wanted)


def test_the_person_says_that_it_has_read_it_once(shop):
    shop.offends(1)
    name = measures.propose(shop.officer, shop.wants())
    appeals.acknowledge(shop.tokens[0], name)
    appeals.acknowledge(shop.tokens[0], name)
    assert Act.objects.filter(kind=ActKind.RECEIVED).count() == 1
    assert judging.against(shop.officer.organisation_id, Track.OFFERS, shop.seller).warning is not None


def test_a_link_opens_only_measures_that_are_decided_and_about_its_own_seller(shop):
    shop.offends(2)
    shop.is_warned()
    proposed = measures.propose(shop.officer, shop.wants("suspension"))
    with pytest.raises(NotFound):
        appeals.appeal(shop.tokens[0], proposed, ANSWER)
    with pytest.raises(NotFound):
        appeals.acknowledge("a" * 43, proposed)
    with pytest.raises(Conflict, match="not decided"):
        measures.link_for(shop.officer, proposed)
    measures.decline(shop.counsel, proposed, "The warning is enough for the time being.")
    assert standing(proposed) is Standing.DECLINED


@given(days=st.integers(-4000, 4000), none=st.booleans())
def test_no_end_that_the_policy_forbids_is_accepted(days, none):
    today = date(2026, 5, 4)
    policy = read_policy(SHIPPED.read_bytes())
    for track, kind in ((Track.OFFERS, MeasureKind.SUSPENSION), (Track.NOTICES, MeasureKind.NO_PROCESSING)):
        end = None if none else today + timedelta(days=days)
        wanted = Wanted(track=track, subject="x", kind=kind, reasons=REASONS, ends_on=end)
        longest = policy.rung(kind).longest_days
        if end is not None and 0 < days <= longest:
            assert _checked(wanted, policy, today) is kind
        else:
            with pytest.raises(Invalid, match="ends by a date"):
                _checked(wanted, policy, today)


@given(acts=st.lists(st.sampled_from(list(ActKind)), max_size=12), days=st.integers(0, 800))
def test_whatever_is_done_nothing_holds_beyond_its_end(acts, days):
    ends_on = date(2026, 3, 1)
    found = standing_of(acts, ends_on, ends_on + timedelta(days=days))
    if days:
        assert found not in IN_FORCE | {Standing.PROPOSED}


def test_the_database_itself_takes_no_measure_without_end_or_reasons_and_rewrites_none(shop):
    shop.offends(1)
    name = shop.is_warned()
    row = Measure.objects.get(public_id=name)
    today = now().date()
    mistakes: tuple[dict[str, object], ...] = ({"ends_on": None}, {"ends_on": today}, {"reasons": ""})
    for number, wrong in enumerate(mistakes):
        fields = {f.attname: getattr(row, f.attname) for f in Measure._meta.fields if f.attname != "id"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Measure(**(fields | {"public_id": f"msr_{number}"} | wrong)).save()
    with pytest.raises(RewriteForbidden):
        row.save()
    for statement in ("UPDATE conduct_measure SET reasons = 'x'", "DELETE FROM conduct_act"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_worker_and_no_program_takes_measures():
    rooms = Path(measures.__file__).parents[1]
    files = [*(rooms / "jobs").rglob("*.py"), *(rooms / "api").rglob("*.py")]
    assert files
    named = {line.strip() for one in files for line in one.read_text().splitlines() if "node.conduct" in line}
    # What partners say of measures is written down by a worker; what proposes or confirms one is not within its reach.
    assert named == {"from countermark.node.conduct import handlers as conduct"}
    for room in (handlers, passing, telling, appeals):
        assert not {"measures", "Wanted", "propose", "confirm"} & set(vars(room))


def test_a_proof_of_delivery_lies_neither_in_the_future_nor_before_the_decision(shop):
    shop.offends(1)
    name = measures.propose(shop.officer, shop.wants())
    for at in (now() + timedelta(hours=1), now() - timedelta(days=1), None):
        with pytest.raises(Invalid, match="told after"):
            telling.delivered(shop.officer, name, Delivery(way="letter", at=at, receipt="RR 1 FR"))
    with pytest.raises(Invalid, match="proves"):
        telling.delivered(shop.officer, name, Delivery(way="letter", at=now(), receipt=" "))

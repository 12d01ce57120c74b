"""Decisions leave the node in the form that learning reads, and name nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from countermark.evaluate.learning import learn, read_decisions, write_decisions
from countermark.model import InvalidRecord, to_json
from countermark.node.audit.models import Event
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.factories import make_finding, make_reason
from countermark.node.kernel.errors import NotPermitted
from countermark.node.parties.permissions import Role
from countermark.node.review import exporting, services
from countermark.node.review.models import Decision
from countermark.node.review.tests.acts import SECOND_LOOK, judge, take
from countermark.node.review.verdicts import Verdict

pytestmark = pytest.mark.django_db


def exported(member, **more):
    return list(exporting.decided_findings(replace(member, role=Role.COUNSEL), **more))


def decide(member, verdict=Verdict.INFRINGING, reason="counterfeit", **more):
    made = make_finding(member, **more)
    judge(member, take(member), verdict, reason, note="Mr Miller of Leeds sells these.")
    return made


def test_a_decision_carries_the_values_the_person_saw_the_answer_and_the_moment(member, clock):
    seen = (make_reason("text.mark", 0.4, value=0.7), make_reason("seller.established", -0.8, value=0.5))
    made = decide(member, reasons=seen, risk=0.41)
    (row,) = exported(member)
    assert row.finding_id == made.core_id
    assert row.infringing
    assert row.decided_at == clock()
    assert row.signals == {"text.mark": 0.7, "seller.established": 0.5}
    assert row.risk == 0.41


def test_it_names_no_person_no_shop_and_no_note(member):
    made = decide(member)
    (row,) = exported(member)
    written = to_json(row).decode()
    for private in (member.name, member.email, member.actor, "Miller", made.listing.title, made.seller_core_id):
        assert private not in written


def test_what_was_undone_or_says_neither_yes_nor_no_is_left_out(member, other):
    decide(member)
    services.undo(member, Decision.objects.get().public_id)
    judge(member, take(member), Verdict.UNSURE, "unsure_other")
    assert exported(member) == []


def test_a_second_look_that_answers_is_what_counts(member, other):
    make_finding(member)
    judge(member, take(member), Verdict.UNSURE, "unsure_other")
    judge(other, take(other, SECOND_LOOK), Verdict.NOT_INFRINGING, "genuine_resale")
    assert [row.infringing for row in exported(member)] == [False]


def test_decisions_of_others_are_not_exported_and_a_moment_narrows_them(member, stranger, clock):
    decide(stranger)
    decide(member)
    clock.forward(days=2)
    later = decide(member)
    assert [row.finding_id for row in exported(member, since=clock() - timedelta(days=1))] == [later.core_id]
    assert len(exported(member)) == 2


def test_taking_them_out_is_written_to_the_trail(member):
    decide(member)
    exported(member)
    event = Event.objects.get(action="decisions.exported")
    assert event.actor == member.actor
    assert event.detail["decisions"] == 1


def test_whoever_may_not_take_them_out_is_told_at_once(analyst, reader):
    for one in (analyst, reader):
        with pytest.raises(NotPermitted):
            exporting.decided_findings(one)


def test_what_is_exported_can_be_learned_from(member, tmp_path):
    reasons = (make_reason("text.replica_word", 5.0), make_reason("text.mark", 0.4))
    decide(member, reasons=reasons)
    file = tmp_path / "decisions.jsonl"
    assert write_decisions(file, exporting.decided_findings(replace(member, role=Role.COUNSEL))) == 1
    assert list(read_decisions(file)) == exported(member)
    with pytest.raises(InvalidRecord, match="there are 1; 150 are needed"):
        learn(read_decisions(file), policy_in_use())


def test_many_are_read_in_few_questions(member, django_assert_max_num_queries):
    listing = make_finding(member).listing
    found = [make_finding(member, brand=f"House {n}", listing=listing) for n in range(30)]
    at = datetime(2026, 11, 1, tzinfo=UTC)
    Decision.objects.bulk_create(
        Decision(
            organisation_id=member.organisation_id,
            public_id=f"dcs_{n}",
            finding=one,
            listing=listing,
            brand=one.brand,
            verdict=Verdict.INFRINGING,
            by_id=member.user_id,
            at=at + timedelta(minutes=n),
            state_before="open",
            level_seen="low",
        )
        for n, one in enumerate(found)
    )
    with django_assert_max_num_queries(4):
        rows = exported(member)
    assert [row.finding_id for row in rows] == [one.core_id for one in found]

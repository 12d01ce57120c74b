"""A payment platform's own hold: a person decides, two end a service, the seller answers, another person hears it."""

from datetime import timedelta

import pytest

from countermark.law.recourse import shipped_recourse
from countermark.model import InvalidRecord
from countermark.node.conduct import appeals, doors, judging, lawful, measures, payees, payments, telling
from countermark.node.conduct.lawful import LawRefusesMeasure
from countermark.node.conduct.measures import Wanted
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure, PayeeLink
from countermark.node.conduct.policy import SHIPPED, read_policy
from countermark.node.conduct.states import ActKind, Standing
from countermark.node.conduct.telling import Delivery
from countermark.node.conduct.tests.paying import REASONS, Payer, make_payer
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role

ANSWER = "The goods are of the house itself; the invoices lie with the marketplace since May."
LIFT = "The marketplace has reversed its decision; the pay-outs leave today."


@pytest.fixture
def payer(db) -> Payer:
    return make_payer()


def standing(name):
    return judging.standing(Measure.objects.get(public_id=name))


def test_one_person_holds_and_two_end_the_service(payer):
    held, _ = payer.holds()
    assert standing(held) is Standing.RUNNING
    ended = payments.propose(payer.counsel, payer.wants("payment_end"))
    assert standing(ended) is Standing.PROPOSED
    with pytest.raises(Conflict, match="not decided"):
        measures.link_for(payer.officer, ended)
    with pytest.raises(Conflict, match="another person"):
        measures.confirm(payer.counsel, ended)
    with pytest.raises(NotPermitted, match="sanction"):
        measures.confirm(payer.officer, ended)
    measures.confirm(payer.other, ended)
    assert standing(ended) is Standing.RUNNING
    matter = Act.objects.get(measure__public_id=ended, kind=ActKind.CONFIRMED).matter
    assert f"usr_{payer.other.user_id}" in matter


def test_the_law_itself_lets_nobody_end_a_service_alone(payer):
    name = payments.propose(payer.counsel, payer.wants("payment_end"))
    measure = Measure.objects.get(public_id=name)
    with pytest.raises(LawRefusesMeasure, match="another person"):
        measures.decided(measure, judging.acts_of(measure), payer.counsel, "")


def test_no_policy_lets_one_person_end_a_service_or_names_a_body_without_words_or_source():
    shipped = SHIPPED.read_bytes()
    alone = shipped.replace(
        b"payment_end: {longest_days: 365, four_eyes: true}", b"payment_end: {longest_days: 365, four_eyes: false}"
    )
    assert alone != shipped
    with pytest.raises(InvalidRecord, match="one person end"):
        read_policy(alone)
    for old, new, said in (
        (b"        fr: Un tribunal\n", b"", "lacks fr"),
        (
            b'      sources: [{norm: "Law of the country, not looked up here", tag: M}]',
            b"      sources: []",
            "no source",
        ),
        (b"    - id: court\n", b"    - id: court\n      url: http://court.example\n", "not https"),
    ):
        assert old in shipped
        with pytest.raises(InvalidRecord, match=said):
            read_policy(shipped.replace(old, new))
    assert shipped_recourse()  # the same check reads both files


def test_every_hold_ends_by_date_and_says_what_it_rests_on(payer):
    today = now().date()
    for ends_on in (None, today, today + timedelta(days=91)):
        with pytest.raises(Invalid, match="ends by a date"):
            payments.propose(payer.officer, payer.wants(ends_on=ends_on))
    for field in ("held", "evidence", "decided_by", "decision"):
        with pytest.raises(Invalid, match="missing or longer"):
            payments.propose(payer.officer, payer.wants(**{field: " "}))
    for field in ("label", "machine", "kind"):
        with pytest.raises(Invalid, match="Choose one"):
            payments.propose(payer.officer, payer.wants(**{field: "maybe"}))
    with pytest.raises(Invalid, match="20 to"):
        payments.propose(payer.officer, payer.wants(reasons="Risk."))
    assert not Measure.objects.exists()


def test_no_service_ends_on_an_allegation(payer):
    with pytest.raises(Conflict, match="allegation"):
        payments.propose(payer.officer, payer.wants("payment_end", label="alleged"))
    name = payments.propose(payer.officer, payer.wants(label="alleged"))
    kept = Measure.objects.get(public_id=name).factors
    assert (kept["label"], kept["decided_by"], kept["decision"]) == ("alleged", "", "")


def test_no_account_stands_anywhere(payer):
    account = "DE89 3704 0044 0532 0130 00"
    for field in ("held", "reasons", "evidence", "decision"):
        with pytest.raises(Invalid, match="number of an account"):
            payments.propose(payer.officer, payer.wants(**{field: f"Account {account} of the shop is held"}))
    for payee in ("DE89370400440532013000", "4111-1111-1111-1111", "Jane Roe", "a/b", "", "x" * 41):
        with pytest.raises(Invalid, match="reference"):
            payments.propose(payer.officer, payer.wants(payee=payee))


def test_only_a_payment_platform_holds_and_it_takes_no_measures_of_a_marketplace(payer):
    for kind in ("marketplace", "rights_holder"):
        with pytest.raises(NotPermitted, match="payment platform"):
            payments.propose(make_member(Role.COUNSEL, make_organisation(kind=kind)), payer.wants())
        with pytest.raises(NotPermitted, match="payment platform"):
            payees.payees(make_member(Role.COUNSEL, make_organisation(kind=kind)))
    with pytest.raises(NotPermitted, match="decide"):
        payments.propose(make_member(Role.READER, make_organisation(kind="payment")), payer.wants())
    market = make_member(Role.COUNSEL, make_organisation(kind="marketplace"))
    wanted = Wanted(track=Track.PAYMENTS, subject="x", kind="payment_hold", reasons=REASONS, ends_on=None)
    with pytest.raises(NotFound):
        measures.propose(market, wanted)


def test_a_seller_answers_for_six_months_and_another_person_hears_it_in_fifteen_working_days(payer, later):
    name, link = payer.holds()
    appeals.acknowledge(link, name)
    act = Act.objects.get(measure__public_id=name, kind=ActKind.CONFIRMED)
    assert act.answer_by is not None
    assert 180 < (act.answer_by - now().date()).days < 190
    later(timedelta(days=100))
    assert standing(name) is Standing.ENDED
    appeals.appeal(link, name, ANSWER)
    matter = judging.acts_of(Measure.objects.get(public_id=name))[-1]
    clock = lawful.read(matter.matter).clock("decide-complaint")
    assert clock is not None
    assert clock.due is not None
    assert clock.due.last is not None
    assert 20 <= (clock.due.last - now().date()).days <= 30
    with pytest.raises(NotPermitted, match="sanction"):
        appeals.decide(payer.officer, name, REASONS, reverse=True)
    appeals.decide(payer.counsel, name, REASONS, reverse=True)
    assert standing(name) is Standing.REVERSED


def test_an_answer_after_six_months_is_refused_and_the_page_does_not_offer_it(payer, later):
    name, link = payer.holds()
    later(timedelta(days=195))
    assert not payees.for_payee(link, "en").measures[0].can_answer
    with pytest.raises(LawRefusesMeasure, match="last day"):
        appeals.appeal(link, name, ANSWER)


def test_whoever_held_or_confirmed_does_not_hear_the_answer(payer):
    name = payments.propose(payer.counsel, payer.wants())
    link = measures.link_for(payer.counsel, name)
    appeals.appeal(link, name, ANSWER)
    with pytest.raises(Conflict, match="Another person"):
        appeals.decide(payer.counsel, name, REASONS, reverse=False)
    with pytest.raises(Conflict, match="has answered"):
        measures.lift(payer.officer, name, LIFT)
    appeals.decide(payer.other, name, REASONS, reverse=False)
    assert standing(name) is Standing.RUNNING


def test_a_lift_stands_on_the_seller_s_page_at_once(payer):
    name, link = payer.holds()
    measures.lift(payer.officer, name, LIFT)
    assert standing(name) is Standing.LIFTED
    (shown,) = payees.for_payee(link, "en").measures
    assert LIFT in shown.outcome
    assert [words for _, words in shown.steps] == ["Decided", "Lifted"]
    assert not shown.can_answer
    matter = lawful.read(judging.acts_of(Measure.objects.get(public_id=name))[-1].matter)
    assert (matter.state, matter.running) == ("lifted", ())
    with pytest.raises(Conflict):
        appeals.appeal(link, name, ANSWER)


def test_a_link_opens_the_measures_of_its_own_payee_until_it_ends(payer, later):
    first, link = payer.holds()
    second, _ = payer.holds()
    payer.holds(payee="payee-other")
    proposed = payments.propose(payer.officer, payer.wants("payment_end"))
    other = make_payer("Another Pay")
    foreign, _ = other.holds()
    assert [one.id for one in payees.for_payee(link, "en").measures] == [second, first]
    for name in (proposed, foreign, Measure.objects.get(subject="payee-other").public_id):
        with pytest.raises(NotFound):
            appeals.appeal(link, name, ANSWER)
    with pytest.raises(NotFound):
        payees.payee(other.officer, "payee-other")
    kept = PayeeLink.objects.order_by("pk")[0]
    assert link not in (kept.token_hash, str(kept))
    later(timedelta(days=201))
    assert doors.find(link) is None
    with pytest.raises(NotFound, match="payment platform"):
        payees.for_payee(link, "en")


def test_a_link_lasts_beyond_the_end_of_a_long_measure(payer, later):
    name = payments.propose(payer.counsel, payer.wants("payment_end", ends_on=now().date() + timedelta(days=365)))
    measures.confirm(payer.other, name)
    link = measures.link_for(payer.officer, name)
    later(timedelta(days=380))
    assert payees.for_payee(link, "en").measures[0].id == name


def test_figures_count_what_was_decided_and_leave_out_what_was_reversed(payer, later):
    today = now().date()
    one, link = payer.holds()
    other, _ = payer.holds(payee="payee-b")
    ended = payments.propose(payer.officer, payer.wants("payment_end"))
    measures.confirm(payer.counsel, ended)
    payments.propose(payer.officer, payer.wants("payment_end", payee="payee-c"))
    appeals.appeal(link, one, ANSWER)
    appeals.decide(payer.counsel, one, REASONS, reverse=True)
    measures.lift(payer.officer, other, LIFT)
    make_payer("Another Pay").holds()
    assert payees.figures(payer.officer, today, today) == {
        "payment_hold": 1,
        "payment_end": 1,
        "appealed": 1,
        "upheld": 0,
        "reversed": 1,
        "lifted": 1,
    }
    assert not any(payees.figures(payer.officer, today - timedelta(days=9), today - timedelta(days=1)).values())


def test_the_proof_that_it_was_told_stops_the_duty_to_tell(payer):
    name, _ = payer.holds()
    telling.delivered(payer.officer, name, Delivery(way="email", at=now(), receipt="<1@altopay.example>"))
    matter = lawful.read(judging.acts_of(Measure.objects.get(public_id=name))[-1].matter)
    assert {clock.rule for clock in matter.running} == {"complaint-window"}

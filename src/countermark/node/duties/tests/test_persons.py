"""The desk for persons: each request has a clock that can be counted again, an answer, and an end of its own."""

from datetime import date, timedelta
from typing import Any

import pytest

from countermark.law.counting import count
from countermark.law.history import replay
from countermark.law.keeping import read_kept
from countermark.law.lawbook import shipped_lawbook
from countermark.law.periods import read_period
from countermark.node.audit.models import Event
from countermark.node.duties import informing, persons, retaining
from countermark.node.duties.access import everything_about
from countermark.node.duties.factories import make_upheld
from countermark.node.duties.models import Informing, PersonRequest
from countermark.node.duties.persons import Asked
from countermark.node.insight.matching import Person
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.lawbook.models import KeptRegime
from countermark.node.notices import countering, lawyer
from countermark.node.notices.tests.test_both_sides import answer

NAME, CONTACT = "Mira Vale", "mira.vale@example.org"
ANSWER = "Dear person, this is what we hold about your shop, and from whom."


def asked(**more):
    given: dict[str, Any] = {
        "kind": "access",
        "name": NAME,
        "contact": CONTACT,
        "about": "",
        "words": "What do you hold about me?",
        "received_on": now().date(),
        "place": "FR",
    }
    return Asked(**(given | more))


def test_a_request_is_answered_within_a_month_that_can_be_counted_again(counsel, clock):
    name = persons.receive(counsel, asked())
    row = PersonRequest.objects.get()
    due = persons.read(row.due)
    assert (row.received_on, row.due_on, due.called) == (date(2026, 3, 2), date(2026, 4, 2), "legal deadline")
    rule, kept = shipped_lawbook().counting[due.counted.rule], due.counted
    assert count(rule, read_period(kept.period), kept.start, place=kept.place) == kept
    persons.answer(counsel, name, "granted", ANSWER)
    shown = persons.request(counsel, name)
    assert [act for _at, act, _actor in shown.steps] == ["received", "answered"]
    assert not shown.late
    with pytest.raises(Conflict):
        persons.answer(counsel, name, "granted", ANSWER)


def test_a_late_request_is_said_to_be_late_and_extended_once_with_a_reason(counsel, clock):
    name = persons.receive(counsel, asked())
    with pytest.raises(Invalid):
        persons.extend(counsel, name, "busy")
    persons.extend(counsel, name, "Forty shops and two languages.")
    assert PersonRequest.objects.get().due_on == date(2026, 6, 2)
    with pytest.raises(Conflict):
        persons.extend(counsel, name, "Forty more shops came.")
    clock.forward(days=100)
    assert persons.requests(counsel)[0].late
    assert persons.open_requests(counsel.organisation_id) == 1


def test_without_a_place_the_last_day_is_provisional_and_says_so(counsel, clock):
    persons.receive(counsel, asked(place=""))
    shown = persons.requests(counsel)[0]
    assert not shown.firm
    assert "no place was named" in shown.alerts[0]


def test_names_of_who_asks_stay_out_of_the_trail_and_end_with_their_time(counsel, clock):
    name = persons.receive(counsel, asked())
    persons.answer(counsel, name, "partly", ANSWER)
    for event in Event.objects.all():
        assert NAME not in str(event.detail)
        assert CONTACT not in str(event.detail)
    clock.forward(days=3 * 365)
    assert retaining.apply_all() == 0
    clock.forward(days=3)
    assert retaining.apply_all() == 1
    row = PersonRequest.objects.get()
    assert (row.name, row.contact, row.words, row.answer, row.outcome) == ("", "", "", "", "partly")
    assert persons.request(counsel, name).erased


def test_bad_requests_and_people_without_permission_are_refused(counsel, analyst, stranger, clock):
    for bad in (
        {"kind": "wish"},
        {"name": " "},
        {"contact": "x" * 300},
        {"words": ""},
        {"about": "x" * 90},
        {"received_on": now().date() + timedelta(days=1)},
        {"received_on": date(2001, 1, 1)},
        {"place": "ZZ"},
    ):
        with pytest.raises(Invalid):
            persons.receive(counsel, asked(**bad))
    with pytest.raises(NotPermitted):
        persons.receive(analyst, asked())
    name = persons.receive(counsel, asked())
    with pytest.raises(NotFound):
        persons.request(stranger, name)
    for outcome, words in (("maybe", ANSWER), ("granted", "ok")):
        with pytest.raises(Invalid):
            persons.answer(counsel, name, outcome, words)


def test_a_decision_is_explained_with_what_was_counted_and_who_decided(team):
    row, _link = make_upheld(team)
    brand = team.brand.administrator
    name = persons.receive(brand, asked(kind="explanation", about=row.public_id))
    said = persons.request(brand, name).explanation
    assert any("gave a risk of" in line for line in said)
    assert any("a person looked before" in line for line in said)
    assert any("a person decided: Offer removed" in line for line in said)
    other = persons.receive(brand, asked(kind="explanation", about="ntc_never"))
    assert persons.request(brand, other).explanation == ()


def test_a_shop_that_we_accuse_is_to_be_informed_once_or_an_exception_is_recorded(team):
    row, _link = make_upheld(team)
    brand = team.brand.administrator
    assert informing.plan() == 1
    assert informing.plan() == 0
    (one,) = informing.waiting(brand)
    assert one.notice == row.public_id
    assert one.due_on > one.obtained_on
    assert informing.waiting(team.market.administrator) == ()
    for done, words in (("no", "We wrote to the shop."), ("told", "yes")):
        with pytest.raises(Invalid):
            informing.settle(brand, one.id, done, words)
    with pytest.raises(NotFound):
        informing.settle(team.market.administrator, one.id, "told", "We wrote to the shop.")
    informing.settle(brand, one.id, "by_marketplace", "The statement of reasons names us.")
    assert informing.open_count(brand.organisation_id) == 0
    assert Informing.objects.get().done == "by_marketplace"


def test_an_access_request_finds_answers_signatures_and_earlier_requests(team):
    _row, link = make_upheld(team)
    countering.counter(link, answer(signer=NAME, words=f"I bought these bags; ask {CONTACT} for the invoice."))
    market = team.market.administrator
    persons.receive(market, asked())
    found = everything_about(market, Person.of(email=CONTACT))
    assert {"answer of a seller", "request of a person"} <= {one.where for one in found.things}
    brand = everything_about(team.brand.administrator, Person.of(name="Ada Quill"))
    assert "signature under a notice" in {one.where for one in brand.things}
    assert found.complete


def test_every_clock_of_a_notice_comes_out_again_from_its_log_and_the_law_that_was_kept(team):
    row, link = make_upheld(team)
    countering.counter(link, answer())
    row.refresh_from_db()
    matter = lawyer.read(row.matter)
    kept = read_kept(bytes(KeptRegime.objects.get(version=matter.version).data), matter.version)
    assert replay({matter.version: kept}, matter) == matter

"""Papers between two nodes: what the agreement names goes, only what the notice named is taken, nothing goes twice."""

import hashlib

import pytest

from countermark.node.exchange.factories import make_team
from countermark.node.exchange.rules.terms import standard_terms, write_terms
from countermark.node.exchange.signing import set_keys
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, NotFound, NotPermitted
from countermark.node.notices import countering, deciding, passing
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.countering import Answer
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.notices.models import CounterPaper, PassedPaper
from countermark.node.notices.states import Deed
from countermark.node.parties.factories import make_member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role

INVOICE = b"%PDF-1.7 invoice of the house"


def paper_of(data=INVOICE, name="invoice.pdf"):
    return Attachment(name, "application/pdf", hashlib.sha256(data).hexdigest(), data)


def answered(team, *papers):
    name = file_one(team)
    pass_on(team, team.market)
    token = deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    words = "I bought these bags from the house itself; the invoice lies beside."
    countering.counter(token, Answer(reason="exhausted", words=words, papers=papers))
    pass_on(team, team.brand)
    return name


def test_the_brand_gets_the_sellers_papers_that_an_officer_passes_on(team):
    name, paper = answered(team, paper_of()), paper_of()
    market, brand = team.market.administrator, team.brand.analyst
    (shown,) = passing.passable(market, name)
    assert (shown.may_go, shown.kind, shown.purpose) == (True, "answer", "counterfeit-removal")
    assert passing.pass_on(market, name, frozenset({paper.sha256})) == 1
    assert passing.pass_on(market, name, frozenset({paper.sha256})) == 0
    assert pass_on(team, team.brand) == ["done"]
    (come,) = passing.brought(notice_of(team.brand, name))
    assert (come.sha256, come.size, come.media_type) == (paper.sha256, len(INVOICE), "application/pdf")
    assert passing.take_out(brand, name, paper.sha256) == ("application/pdf", INVOICE)
    with pytest.raises(NotPermitted):
        passing.take_out(make_member(Role.READER, team.brand.feed.organisation), name, paper.sha256)
    with pytest.raises(NotFound):
        passing.take_out(brand, name, "0" * 64)


def test_the_marketplace_gets_the_evidence_of_a_notice(team):
    proof = paper_of(b"%PDF-1.7 test purchase", "purchase.pdf")
    name = file_one(team, evidence=(("test_purchase", proof),))
    pass_on(team, team.market)
    assert passing.pass_on(team.brand.analyst, name, frozenset({proof.sha256})) == 1
    assert pass_on(team, team.market) == ["done"]
    assert passing.take_out(team.market.administrator, name, proof.sha256)[1] == proof.data


def test_a_paper_that_nobody_named_is_not_taken(team):
    name = answered(team, paper_of())
    row = notice_of(team.market, name)
    stray = paper_of(b"%PDF-1.7 something else")
    CounterPaper(
        counter=row.counters.get(), name="x.pdf", media_type="application/pdf", sha256=stray.sha256, data=stray.data
    ).save()
    passing.pass_on(team.market.administrator, name, frozenset({stray.sha256}))
    assert pass_on(team, team.brand) == ["failed"]
    assert not passing.brought(notice_of(team.brand, name))


def test_an_agreement_that_names_no_bytes_keeps_the_papers_here_and_says_why(db):
    terms = write_terms(standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE))
    terms["items"]["file"]["fields"].pop("content")
    team = make_team(terms)
    try:
        name, paper = answered(team, paper_of()), paper_of()
        (shown,) = passing.passable(team.market.administrator, name)
        assert not shown.may_go
        assert shown.denied
        with pytest.raises(Conflict):
            passing.pass_on(team.market.administrator, name, frozenset({paper.sha256}))
        assert not PassedPaper.objects.exists()
    finally:
        set_keys(None)


def test_that_a_paper_was_passed_on_is_never_rewritten(team):
    name, paper = answered(team, paper_of()), paper_of()
    passing.pass_on(team.market.administrator, name, frozenset({paper.sha256}))
    with pytest.raises(RewriteForbidden):
        PassedPaper.objects.update(sha256="0" * 64)

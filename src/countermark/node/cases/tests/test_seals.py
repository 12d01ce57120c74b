"""A partner is told hash and times of a seal by the node itself, once, and only where the agreement says so."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from countermark.node.cases import seals
from countermark.node.cases.factories import exchange, failed, make_joint_team, make_sealed, open_terms
from countermark.node.cases.models import ToldSeal
from countermark.node.cases.permits import under
from countermark.node.evidence import bagging, custody, telling
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import Terms
from countermark.node.exchange.signing import set_keys
from countermark.proof import verify_bag
from countermark.proof.seals import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    yield make_joint_team()
    set_keys(None)


def without_seals() -> Terms:
    terms = open_terms()
    items = {kind: item for kind, item in terms.items.items() if kind is not ItemKind.EVIDENCE}
    return msgspec.structs.replace(terms, items=items)


def test_a_seal_is_told_once_heard_and_shown_with_nothing_of_the_page(team, tmp_path: Path) -> None:
    row = make_sealed(team.brand)
    assert seals.tell_due() == 1
    assert seals.tell_due() == 0
    entry = FeedEntry.objects.get(type="evidence.sealed")
    for word in ("shop.example", "lst_", "page.html"):
        assert word not in entry.token
    exchange(team)
    assert failed(team.market) == []
    (heard,) = seals.seals_heard(team.market.administrator)
    assert (heard.evidence, heard.seal) == (row.public_id, digest(row.seal.encode()))
    assert heard.sealed_at is not None
    assert seals.seals_heard(team.brand.administrator) == ()
    (told,) = seals.tellings_of(team.brand.administrator, row.public_id)
    assert told.seq == entry.seq
    assert custody.lines_of(row)[-1].detail["entry"] == entry.entry_id
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_toldseal SET seal = 'x'")
    extract = seals.extract_with_seal(team.brand.administrator, row.public_id)
    with (tmp_path / "bag.zip").open("wb") as out:
        bagging.export_bag(team.brand.administrator, row.public_id, out, extract)
    report = verify_bag(tmp_path / "bag.zip")
    assert report.holds, report.failure
    assert any("names this seal" in one.words for one in report.checks)


def test_an_agreement_that_names_no_seals_lets_none_be_told() -> None:
    team = make_joint_team(without_seals())
    try:
        make_sealed(team.brand)
        assert seals.tell_due() == 0
        assert not ToldSeal.objects.exists()
    finally:
        set_keys(None)


def test_another_seal_for_the_same_evidence_is_refused_and_kept_for_people(team, monkeypatch) -> None:
    row = make_sealed(team.brand)
    seals.tell_due()
    exchange(team)
    where = under(team.brand.agreement)
    (facts,) = telling.seals_to_tell(team.brand.organisation_id, row.requested_at, (), 5)
    with monkeypatch.context() as patched:
        patched.setattr(seals, "_keep", lambda *_, **__: None)
        seals._tell(where, replace(facts, seal="0" * 64), "counterfeit-removal")
    exchange(team)
    assert [code for code, _ in failed(team.market)] == ["seal-changed"]
    assert [one.seal for one in seals.seals_heard(team.market.administrator)] == [facts.seal]

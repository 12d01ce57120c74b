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
from countermark.node.evidence.models import Purchase, PurchaseFile
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.purchases.bagging import export_purchase
from countermark.node.evidence.tests.purchasing import WHOLE_PURCHASE, bought, done
from countermark.node.exchange.agreeing import lifecycle
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


def test_what_was_sealed_while_the_agreement_rested_is_told_once_it_is_resumed(team) -> None:
    lifecycle.suspend(team.brand.administrator, team.brand.agreement_name, "We look into it.")
    make_sealed(team.brand)
    assert seals.tell_due() == 0
    lifecycle.resume(team.brand.administrator, team.brand.agreement_name)
    assert seals.tell_due() == 1


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


def test_a_purchase_is_told_once_it_is_under_seal_and_then_act_by_act(team, tmp_path: Path) -> None:
    mira = team.brand.administrator
    purchase_id = bought(mira, Act.RECEIVE, Act.OPEN)
    assert seals.tell_due() == 0  # no partner learns of a parcel that is still to be sealed
    done(mira, purchase_id, Act.SEAL)
    assert seals.tell_due() == 1
    assert seals.tell_due() == 0
    done(mira, purchase_id, Act.EXAMINE)
    assert seals.tell_due() == 1
    entry = FeedEntry.objects.filter(type="evidence.sealed").latest("id")
    for word in ("lst_", "Lena", "counterfeit", ".mp4"):
        assert word not in entry.token
    exchange(team)
    assert failed(team.market) == []
    heard = seals.seals_heard(team.market.administrator)
    lines = custody.lines_of(Purchase.objects.get(public_id=purchase_id))
    acts = {line.digest for line in lines if line.action in {Act.SEAL, Act.EXAMINE}}
    assert {one.seal for one in heard} == acts
    assert [line.action for line in lines][-3:] == ["told", "examined", "told"]

    extract = seals.extract_with_seal(mira, purchase_id)
    done(mira, purchase_id, Act.CLOSE)  # what came later does not take from what was told
    with (tmp_path / "bag.zip").open("wb") as out:
        export_purchase(mira, purchase_id, out, extract)
    report = verify_bag(tmp_path / "bag.zip")
    assert report.holds, report.failure
    seq = next(line.seq for line in lines if line.action == Act.EXAMINE)
    assert any(f"names line {seq} of custody" in one.words for one in report.checks)
    assert not any("no partner was told" in words for words in report.not_shown)


def test_a_purchase_that_was_closed_without_a_seal_is_not_told(team) -> None:
    done(team.brand.administrator, bought(team.brand.administrator), Act.CLOSE, why="never-came")
    assert seals.tell_due() == 0


def test_an_entry_about_another_purchase_does_not_speak_for_this_bag(team, tmp_path: Path) -> None:
    mira = team.brand.administrator
    first, second = bought(mira, *WHOLE_PURCHASE), bought(mira, *WHOLE_PURCHASE)
    seals.tell_due()
    exchange(team)
    with (tmp_path / "bag.zip").open("wb") as out:
        export_purchase(mira, second, out, seals.extract_with_seal(mira, first))
    failure = verify_bag(tmp_path / "bag.zip").failure
    assert failure is not None
    assert failure.code == "not-sealed"


def test_a_telling_counts_the_files_that_stand_behind_it(team) -> None:
    row = Purchase.objects.get(public_id=bought(team.brand.administrator, *WHOLE_PURCHASE))
    (facts,) = telling.purchases_to_tell(team.brand.organisation_id, row.made_at, (), 5)
    assert facts.files == PurchaseFile.objects.filter(purchase=row).count()

"""What is built is what the database takes and what article 17(3) asks to be said to the seller."""

from datetime import date
from typing import Any

import msgspec
import pytest

from countermark.law.statement.building import build_statement, seller_sections
from countermark.law.statement.decision import Automation, Besides, Decision, Measure, Origin, puid_of
from countermark.law.statement.sending import LARGEST_BATCH, Verdict, batches, doubled, read_answer
from countermark.law.statement.tests.published_rules import changed
from countermark.law.statement.validating import validate
from countermark.model import InvalidRecord, RightKind


def a_decision(**changes: Any) -> Decision:
    decision = Decision(
        puid=puid_of(bytes(range(16))),
        measures=(Measure.REMOVED,),
        posted=date(2026, 11, 2),
        applies_from=date(2026, 11, 20),
        facts="A bag with the registered mark at a tenth of the usual price; the model does not exist.",
        explanation="The sign is identical with the mark and used for goods of its classes.",
        law="Reg. (EU) 2017/1001 art. 9(2)(a)",
        redress=(
            "You can complain to us free of charge until 2027-05-20.",
            "You can go to a certified body or to court.",
        ),
        origin=Origin.NOTICE,
        notifier="Maison Aurelle SA",
        kinds=(RightKind.TRADEMARK,),
        countries=("FR", "DE"),
        language="fr",
        ean="4006381333931",
        business=True,
    )
    return msgspec.structs.replace(decision, **changes)


EVERY = [
    a_decision(),
    *(a_decision(measures=(one,)) for one in Measure),
    *(a_decision(measures=(one,), until=date(2027, 5, 1)) for one in Measure),
    a_decision(measures=(Measure.REMOVED, Measure.PAYMENT_SUSPENDED, Measure.ACCOUNT_SUSPENDED, Measure.LABELLED)),
    *(a_decision(origin=one) for one in Origin),
    *(a_decision(besides=(one,)) for one in Besides),
    a_decision(besides=tuple(Besides), kinds=()),
    a_decision(kinds=tuple(RightKind)),
    a_decision(law="", terms="Terms of the marketplace, 4.2", also_illegal=True),
    a_decision(law="", terms="Terms of the marketplace, 4.2"),
    a_decision(countries=(), language="", ean="", notifier="", business=None),
    a_decision(content=("PRODUCT", "IMAGE", "TEXT"), business=False),
    a_decision(automation=Automation.PARTLY, detected_by_machine=True),
]


@pytest.mark.parametrize("decision", EVERY)
def test_whatever_is_decided_the_database_takes_it_without_a_warning(decision: Decision) -> None:
    checked = validate(build_statement(decision))
    assert checked.faults == ()
    assert checked.dropped == ()


def test_a_counterfeit_is_an_infringement_of_a_trademark_and_an_unsafe_one_more() -> None:
    built = build_statement(a_decision(besides=(Besides.UNSAFE,)))
    assert built["category"] == "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"
    assert built["category_addition"] == ["STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS"]
    assert built["category_specification"] == [
        "KEYWORD_PROHIBITED_PRODUCTS",
        "KEYWORD_TRADEMARK_INFRINGEMENT",
        "KEYWORD_UNSAFE_PRODUCTS",
    ]


def test_a_fake_shop_without_a_right_is_a_fraud() -> None:
    built = build_statement(a_decision(kinds=(), besides=(Besides.FAKE_SHOP,)))
    assert built["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"


def test_the_notifier_of_nobody_is_not_named() -> None:
    assert "source_identity" not in build_statement(a_decision(origin=Origin.OWN_INITIATIVE))


@pytest.mark.parametrize("decision", EVERY)
def test_the_seller_reads_every_letter_of_article_17(decision: Decision) -> None:
    said = dict(seller_sections(decision))
    text = "\n".join(said.values())
    assert all(measure.words in text for measure in decision.measures)
    assert decision.facts in text
    assert decision.explanation in text
    assert (decision.law or decision.terms) in text
    assert said["What you can do"].splitlines() == list(decision.redress)
    assert "decided" in said["Automated means"] or "decision" in said["Automated means"]


@pytest.mark.parametrize("changes", [{"law": ""}, {"terms": "4.2"}, {"redress": ()}])
def test_a_decision_without_one_ground_or_without_redress_cannot_be_stated(changes: dict[str, Any]) -> None:
    fields = {**msgspec.structs.asdict(a_decision()), **changes}
    with pytest.raises(InvalidRecord):
        Decision(**fields)


def test_an_identifier_is_random_and_means_nothing() -> None:
    assert puid_of(bytes(range(16))) == "000102030405060708090a0b0c0d0e0f"
    for weak in (b"", bytes(15), bytes(32)):
        with pytest.raises(ValueError, match="random"):
            puid_of(weak)


def test_batches_hold_at_most_a_hundred_and_only_what_can_be_sent() -> None:
    checked = [validate(changed({"puid": f"p{number}"})) for number in range(250)]
    checked.append(validate(changed({"puid": "not good"})))
    calls = list(batches(checked))
    assert [len(call) for call in calls] == [LARGEST_BATCH, LARGEST_BATCH, 50]
    twice = [*checked, validate(changed({"puid": "p7"}))]
    assert list(doubled(twice)) == ["p7"]
    with pytest.raises(ValueError, match="twice"):
        list(batches(twice))


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (201, {"uuid": "x"}, Verdict.STORED),
        (200, {"uuid": "x"}, Verdict.AGAIN),
        (422, {"errors": {"puid": ["not unique"]}, "existing": {"uuid": "x"}}, Verdict.ALREADY_THERE),
        (422, {"errors": {"category": ["invalid"]}}, Verdict.MEND),
        (401, None, Verdict.TOKEN),
        (429, None, Verdict.AGAIN),
        (503, "down", Verdict.AGAIN),
    ],
)
def test_only_created_counts_as_stored_and_a_double_as_stored_before(
    status: int, body: object, verdict: Verdict
) -> None:
    assert read_answer(status, body).verdict is verdict


def test_errors_of_a_batch_name_statement_and_field() -> None:
    body = {"errors": {"statement_0": {"category": ["invalid"], "x": "odd"}, "statement_2": {"puid": ["taken"] * 99}}}
    errors = read_answer(422, body).errors
    assert errors["statement_0.category"] == ("invalid",)
    assert len(errors["statement_2.puid"]) == 10

"""A statement is judged here as the database would judge it, and more strictly where it could hurt somebody."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.law.statement.faults import FAULT_CODES
from countermark.law.statement.tests.published_rules import GOOD, REFUSED, TAKEN, TERMS, changed
from countermark.law.statement.validating import Checked, validate
from countermark.law.statement.vocabulary import vocabulary


@pytest.mark.parametrize("changes", TAKEN, ids=lambda one: json.dumps(one)[:60])
def test_what_the_database_takes_is_taken(changes: dict[str, Any]) -> None:
    found = validate(changed(changes))
    assert found.can_be_sent, found.faults


@pytest.mark.parametrize(("changes", "field"), REFUSED, ids=lambda one: json.dumps(one)[:60])
def test_what_the_database_refuses_is_refused_for_the_same_field(changes: dict[str, Any], field: str) -> None:
    found = validate(changed(changes))
    assert not found.can_be_sent
    assert {one.field for one in found.faults if one.blocks} == {field}
    for one in found.faults:
        assert one.code in FAULT_CODES
        assert one.mend.endswith((".", "…"))


def codes(changes: dict[str, Any], **more: Any) -> set[str]:
    return {one.code for one in validate(changed(changes), **more).faults}


def test_what_hangs_on_something_absent_is_dropped_as_the_database_drops_it() -> None:
    found = validate(changed({"incompatible_content_ground": "x" * 900, "source_type": "SOURCE_VOLUNTARY"}))
    assert found.dropped == ("incompatible_content_ground",)
    assert "incompatible_content_ground" not in found.statement
    voluntary = validate(changed({"source_type": "SOURCE_VOLUNTARY", "source_identity": "jean.dupont@mail.example"}))
    assert voluntary.dropped == ("source_identity",)
    assert voluntary.can_be_sent


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"category": "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS"}, "UNSAFE_AND_PROHIBITED_PRODUCTS"),
        ({"category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"}, "OTHER_VIOLATION_TC"),
        ({"category_specification": ["KEYWORD_DANGEROUS_TOYS"]}, "nothing took its place"),
        ({"territorial_scope": ["EL"]}, "GR"),
    ],
)
def test_values_of_the_old_schema_are_led_to_the_new_ones(changes: dict[str, Any], mend: str) -> None:
    (found,) = validate(changed(changes)).faults
    assert mend in found.mend


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("keyword-elsewhere", {"category_specification": ["KEYWORD_PHISHING"]}),
        ("end-without-measure", {"end_date_account_restriction": "2027-01-01"}),
        ("content-after-decision", {"content_date": "2026-11-21"}),
        ("automation-unlikely", {"automated_decision": "AUTOMATED_DECISION_FULLY"}),
        ("unknown-field", {"decision_fact": "x"}),
    ],
)
def test_a_careful_officer_is_warned_of_what_the_database_would_take(code: str, changes: dict[str, Any]) -> None:
    found = validate(changed(changes))
    assert [one.code for one in found.faults] == [code]
    assert found.can_be_sent


@pytest.mark.parametrize("field", ["decision_facts", "illegal_content_explanation", "source_identity"])
def test_personal_data_in_any_text_block_and_are_never_repeated(field: str) -> None:
    found = validate(changed({field: "Sold by a shop whose owner writes from jean.dupont@mail.example every day."}))
    assert not found.can_be_sent
    (one,) = found.faults
    assert (one.field, one.code) == (field, "personal-data")
    assert "dupont" not in one.message + one.mend
    assert "e-mail" in one.message


def test_names_of_the_case_are_found_however_they_are_written() -> None:
    facts = {"decision_facts": "The shop of DUPONT  Jean-Paul offers copies."}
    assert codes(facts) == set()
    assert codes(facts, names=["Dupont Jean Paul"]) == {"personal-data"}


@pytest.mark.parametrize("broken", [None, [], "x", 7, {}, {"puid": {}}, {"decision_visibility": {"a": 1}}, [GOOD]])
def test_what_is_no_statement_is_refused_without_a_crash(broken: object) -> None:
    assert not validate(broken).can_be_sent


def test_a_list_of_a_million_wrong_values_gives_a_short_answer() -> None:
    found = validate(changed({"territorial_scope": ["XX"] * 1_000_000}))
    assert 1 <= len(found.faults) <= 10


def test_a_long_address_costs_no_time() -> None:
    assert not validate(changed({"decision_ground_reference_url": "http://" + "a." * 500_000 + " "})).can_be_sent


_JSON = st.recursive(
    st.sampled_from(
        [None, True, 0, 2026, "", " ", "Yes", "2026-11-20", "x@mail.example", "包", "KEYWORD_OTHER", "\ud800"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["EAN-13", "a"]), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None)
@example({"decision_facts": "\ud800"})
@given(st.dictionaries(st.sampled_from([*GOOD, *TERMS, "content_id", "territorial_scope"]), _JSON, max_size=8))
def test_nothing_that_comes_crashes_the_check_and_checking_again_changes_nothing(changes: dict[str, Any]) -> None:
    found = validate({**GOOD, **changes})
    again: Checked = validate(found.statement)
    assert again.statement == found.statement
    assert again.can_be_sent == found.can_be_sent


def test_the_vocabulary_is_the_published_one() -> None:
    words = vocabulary()
    assert len(words.categories) == 16
    assert len(words.countries) == 30
    assert len(words.languages) == 183
    assert "NO" in words.countries
    assert "KEYWORD_OTHER" in words.keywords
    assert not set(words.gone) & (words.keywords | set(words.categories))

"""Terms are read strictly: every mistake at once, each with its path and its mend."""

import copy
import subprocess
import sys
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import Finding, Listing
from countermark.node.exchange.rules.actions import DEEDS, NEEDED_ON_BOTH_SIDES, NODE, Action
from countermark.node.exchange.rules.fields import FIELDS, NEVER, PERSONAL, PSEUDONYM, SENSITIVE, rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import MOST_PROBLEMS, read_terms, standard_terms, write_terms
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role
from countermark.proof.agreements import MOST_BYTES
from countermark.proof.canonical import canonical
from countermark.proof.ijson import read_object

HOLDER, MARKET, PAYMENT = OrganisationKind
PLAIN = write_terms(standard_terms(HOLDER, MARKET))


def problems(change: Callable[[dict[str, Any]], object]) -> list[FieldProblem]:
    said = copy.deepcopy(PLAIN)
    change(said)
    with pytest.raises(Invalid) as refused:
        read_terms(said)
    return list(refused.value.problems)


def put(path: str, value: Any) -> Callable[[dict[str, Any]], object]:
    def change(said: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        inside: Any = said
        for step in way:
            inside = inside[step]
        inside[last] = value

    return change


@pytest.mark.parametrize("pair", list(permutations(OrganisationKind, 2)))
def test_a_draft_can_be_signed_as_it_is_and_reads_back_from_canonical_bytes(pair):
    terms = standard_terms(*pair)
    data = canonical(write_terms(terms))
    assert read_terms(read_object(data)) == terms
    assert len(data) < MOST_BYTES // 20
    assert terms.sides == pair
    assert (terms.onward.kinds, terms.onward.to) == ((), ())


@pytest.mark.parametrize("kind", OrganisationKind)
def test_two_organisations_of_one_kind_have_no_draft(kind):
    with pytest.raises(Invalid, match="no draft"):
        standard_terms(kind, kind)


MISSHAPEN = [
    ("v", 2, "v", "shape", "Write 1."),
    ("sides", ["marketplace"], "sides", "length", "exactly 2"),
    ("sides.0", "court", "sides[0]", "shape", "One of: rights_holder"),
    ("purposes", {}, "purposes", "shape", "list"),
    ("purposes", [], "purposes", "length", "1 to 20"),
    ("purposes.0.id", "Counterfeit Removal", "purposes[0].id", "shape", "Small letters"),
    ("purposes.0.id", "removal\n", "purposes[0].id", "shape", "Small letters"),
    ("purposes.0.words", "", "purposes[0].words", "shape", "1 to 600"),
    ("purposes.0.up_to", "SECRET", "purposes[0].up_to", "shape", "One of: PUBLIC"),
    ("purposes.0.sunset", "2027", "purposes[0].sunset", "unknown", "Known are: id"),
    ("items.diary", {}, "items.diary", "shape", "One of: listing"),
    ("items.listing.fields.title", "SECRET", "items.listing.fields.title", "shape", "One of: PUBLIC"),
    ("items.listing", {}, "items.listing.purposes", "missing", "Add it"),
    ("territories", "FR", "territories", "shape", "list"),
    ("retention.PERSONAL", 1.5, "retention.PERSONAL", "shape", "A whole number from 1 to 3650."),
    ("retention.PERSONAL", True, "retention.PERSONAL", "shape", "A whole number"),
    ("retention.PERSONAL", 0, "retention.PERSONAL", "shape", "A whole number"),
    ("retention.PERSONAL", 10**30, "retention.PERSONAL", "shape", "A whole number"),
    ("grants.fly", {}, "grants.fly", "shape", "One of: share"),
    ("grants.share.marketplace", "officer", "grants.share.marketplace", "shape", "list"),
    ("times.receipt_hours", "24", "times.receipt_hours", "shape", "A whole number from 1 to 8760."),
    ("ending.after.0", "fly", "ending.after[0]", "shape", "One of: share"),
    ("onward.kinds", ["diary"], "onward.kinds[0]", "shape", "One of: listing"),
    ("penalty", 100, "penalty", "unknown", "Known are: v"),
]


@pytest.mark.parametrize(("path", "value", "field", "code", "mend"), MISSHAPEN)
def test_a_wrong_shape_is_told_with_its_path_and_mend(path, value, field, code, mend):
    first = problems(put(path, value))[0]
    assert (first.field, first.code) == (field, code)
    assert mend in first.mend


def test_each_part_that_is_missing_is_named():
    with pytest.raises(Invalid) as refused:
        read_terms({})
    named = {problem.field for problem in refused.value.problems}
    assert named == {"v", "sides", "purposes", "items", "territories", "retention", "grants", "times", "ending"}


LISTING_FIELDS = "items.listing.fields"
CONTRADICTORY = [
    ("purposes.0.words", "Find \u202eseltnuoc", "purposes[0].words", "text"),
    ("purposes.0.bases.0.article", "Art. 6\n", "purposes[0].bases[0].article", "text"),
    ("purposes.1.id", "counterfeit-removal", "purposes", "twice"),
    ("purposes.0.bases", PLAIN["purposes"][0]["bases"][:1], "purposes[0].bases", "no-legal-basis"),
    ("purposes.0.bases.0.side", "payment", "purposes[0].bases", "not-a-side"),
    ("purposes.0.bases.0.law", "PIPL", "purposes[0].bases", "law-missing"),
    ("territories", ["CN"], "purposes[0].bases", "law-missing"),
    ("territories", ["fr"], "territories[0]", "not-a-country"),
    ("territories", ["EU"], "territories[0]", "not-a-country"),
    ("territories", ["FR", "FR"], "territories", "twice"),
    ("items.figures.purposes", ["counterfeit-removal"], "purposes[2]", "unused"),
    ("items.listing.purposes", ["marketing"], "items.listing.purposes", "purpose-unknown"),
    ("items.listing.shared_by", ["payment"], "items.listing.shared_by", "not-a-side"),
    ("items.listing.shared_by", ["marketplace", "marketplace"], "items.listing", "twice"),
    (f"{LISTING_FIELDS}.shoe_size", "PUBLIC", f"{LISTING_FIELDS}.shoe_size", "field-unknown"),
    (f"{LISTING_FIELDS}.private_key", "SENSITIVE", f"{LISTING_FIELDS}.private_key", "secret"),
    (f"{LISTING_FIELDS}.seller_phone", "PUBLIC", f"{LISTING_FIELDS}.seller_phone", "class-too-low"),
    (f"{LISTING_FIELDS}.title", "SENSITIVE", f"{LISTING_FIELDS}.title", "class-above-purpose"),
    ("retention", {"PUBLIC": 10, "TRADER_PUBLIC": 10, "PERSONAL": 10}, "retention", "no-retention"),
    ("retention.PERSONAL", 3650, "retention.PERSONAL", "kept-too-long"),
    ("grants.share.payment", ["officer"], "grants.share.payment", "not-a-side"),
    ("grants.share.marketplace", ["intern"], "grants.share.marketplace", "role-unknown"),
    ("grants.share.marketplace", ["reader"], "grants.share.marketplace", "role-never"),
    ("grants.notify.rights_holder", ["node"], "grants.notify.rights_holder", "role-never"),
    ("grants.reveal.rights_holder", ["node"], "grants.reveal.rights_holder", "role-never"),
    ("grants.end.marketplace", [], "grants.end", "no-way-out"),
    ("grants.withdraw", {}, "grants.withdraw", "no-way-out"),
    ("ending.after", ["share", *PLAIN["ending"]["after"]], "ending.after", "not-after-end"),
    ("ending.after", ["read"], "ending.after", "needed-after-end"),
    ("ending.deletes", [], "ending.deletes", "not-deleted"),
    ("onward", {"kinds": ["listing"]}, "onward", "half"),
    ("onward", {"kinds": ["payment_action"], "to": ["payment"]}, "onward.kinds", "kind-not-agreed"),
    ("onward.up_to", "SENSITIVE", "onward.up_to", "class-too-high"),
]


@pytest.mark.parametrize(("path", "value", "field", "code"), CONTRADICTORY)
def test_terms_that_cannot_be_meant_are_not_signed(path, value, field, code):
    found = {(problem.field, problem.code): problem for problem in problems(put(path, value))}
    assert (field, code) in found
    assert found[field, code].message.endswith(".")
    assert found[field, code].mend.endswith(".")


def test_a_basis_under_the_law_of_the_country_settles_it():
    chinese = [
        {"side": side, "law": "PIPL", "article": "Art. 13(1)(2)", "words": "Contract with the seller."}
        for side in ("rights_holder", "marketplace")
    ]
    said = copy.deepcopy(PLAIN)
    said["territories"] = ["CN", "FR"]
    said["purposes"][0]["bases"] += chinese
    assert read_terms(said).territories == ("CN", "FR")


def test_mistakes_in_several_places_are_told_together_and_not_without_end():
    def spoil(said: dict[str, Any]) -> None:
        said["times"]["receipt_hours"] = 0
        said["items"]["listing"]["fields"]["title"] = "X"
        said["grants"]["share"]["marketplace"] = 1

    assert len(problems(spoil)) == 3
    assert len(problems(lambda said: said.update({f"x{at}": at for at in range(1000)}))) == MOST_PROBLEMS


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=5,
)
_PLACES = [
    "v", "sides", "sides.0", "purposes", "purposes.0", "purposes.0.bases", "purposes.0.bases.0", "purposes.0.id",
    "items", "items.listing", "items.listing.fields", "items.listing.fields.title", "items.listing.purposes",
    "territories", "territories.0", "retention", "retention.PUBLIC", "grants", "grants.share",
    "grants.share.marketplace", "times", "times.receipt_hours", "ending", "ending.after", "ending.deletes", "onward",
    "onward.kinds", "onward.up_to",
]  # fmt: skip


@given(place=st.sampled_from(_PLACES), value=_JSON)
def test_whatever_stands_anywhere_is_read_or_named(place, value):
    said = copy.deepcopy(PLAIN)
    put(place, value)(said)
    try:
        assert read_terms(write_terms(read_terms(said))) == read_terms(said)
    except Invalid as refused:
        assert refused.problems
        assert all(problem.code and problem.mend for problem in refused.problems)


# --- what can be named at all -----------------------------------------------------------------------------------------

SECRET_PARTS = (
    "password",
    "private",
    "secret",
    "session",
    "note_",
    "internal",
    "kyc",
    "birth",
    "balance",
    "iban",
    "card",
)


@pytest.mark.parametrize("kind", ItemKind)
def test_no_secret_has_a_name(kind):
    for name in FIELDS[kind]:
        assert name not in NEVER
        assert not any(part in name for part in SECRET_PARTS if not name.startswith(("notice", "counter_notice")))


@pytest.mark.parametrize("kind", ItemKind)
def test_contacts_and_names_of_persons_are_never_less_than_personal(kind):
    for name, field in FIELDS[kind].items():
        if any(part in name for part in ("phone", "email", "contact")) or name in {
            "name",
            "seller_name",
            "signer_name",
        }:
            assert rank(field.least) >= rank(PERSONAL) or kind is ItemKind.FILE
        if "token" in name:
            assert rank(field.least) >= rank(PSEUDONYM)
    assert FIELDS[ItemKind.SELLER]["bank_account"].least is SENSITIVE


def test_a_payment_platform_can_say_what_it_did_and_nothing_of_the_account():
    assert not {"account", "bank_account", "balance", "iban", "name"} & set(FIELDS[ItemKind.PAYMENT_ACTION])


#: Field of the record -> how it is called in the exchange; None where it has no way out, each for a reason.
OF_LISTING: dict[str, set[str] | None] = {
    "marketplace": {"marketplace"}, "external_id": {"external_id"}, "title": {"title", "title_language"},
    "seller": {"seller_shop_id", "seller_name", "seller_country", "seller_since", "seller_sales", "seller_token"},
    "captured_at": {"captured_at"}, "price": {"price_amount", "price_currency"},
    "description": {"description", "description_language"}, "brand_text": {"brand_text"}, "category": {"category"},
    "condition": {"condition"}, "images": {"picture_hashes"}, "stock": {"stock"}, "ships_from": {"ships_from"},
    "product_code": {"product_code"}, "url": {"url"},
}  # fmt: skip
OF_FINDING: dict[str, set[str] | None] = {
    "id": {"finding_id"}, "reasons": {"reasons_for", "reasons_against", "wrong_when", "signals"},
    "seller_id": {"seller_token"},
    "expected_harm": None, "base": None,
}  # fmt: skip


def test_each_field_of_a_listing_has_its_name_in_the_exchange():
    assert set(OF_LISTING) == set(Listing.__struct_fields__)
    named = set().union(*(names for names in OF_LISTING.values() if names))
    assert named <= set(FIELDS[ItemKind.LISTING])


def test_each_field_of_a_finding_has_its_name_or_a_reason_to_stay():
    for name in Finding.__struct_fields__:
        names = OF_FINDING.get(name, {name})
        assert names is not None or name in NEVER
        assert (names or set()) <= set(FIELDS[ItemKind.FINDING])


def test_a_reader_only_reads_and_a_machine_neither_reveals_nor_judges():
    assert [action for action, deed in DEEDS.items() if Role.READER in deed.roles] == [Action.READ]
    assert not {a for a, deed in DEEDS.items() if NODE in deed.roles} & {
        Action.REVEAL, Action.EXPORT, Action.NOTIFY, Action.ANSWER, Action.SIGN, Action.END, Action.REPORT_ACTION,
    }  # fmt: skip
    assert {Action.SUSPEND, Action.END, Action.WITHDRAW} <= NEEDED_ON_BOTH_SIDES


def test_the_rules_load_without_django():
    code = (
        "import sys; import countermark.node.exchange.rules.terms, countermark.node.exchange.rules.permitting, "
        "countermark.node.exchange.rules.incoming, countermark.node.exchange.rules.comparing; "
        "sys.exit('django' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

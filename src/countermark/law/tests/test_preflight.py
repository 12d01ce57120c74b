"""Before a notice is sent, everything that stands against it is said, with how to mend it."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from countermark.law.asked import Paper
from countermark.law.drafts import (
    PREFLIGHT_CODES,
    Draft,
    Earlier,
    Facts,
    Item,
    Mandate,
    Problem,
    Proof,
    Signed,
    Standing,
)
from countermark.law.preflight import can_be_sent, preflight, wanted_declarations, wanted_fields
from countermark.law.tests.stories import BOOK
from countermark.model import Right, RightKind, RightStatus, Text

TODAY = date(2026, 11, 27)
NOTICE_REGIMES = sorted(one.id for one in BOOK.regimes.values() if one.file.asked.grounds and one.id != "udrp")
LONG = "The bag bears the registered mark on clasp and lining although the house never made this model. "


def a_right(kind: RightKind, **changes: Any) -> Right:
    right = Right(
        brand="Maison Aurelle",
        kind=kind,
        title="Aurelle, word mark",
        mark=Text("Aurelle"),
        territories=("EU", "CN", "US", "JP"),
        classes=(18, 25) if kind is RightKind.TRADEMARK else (),
        number="018000001",
        status=RightStatus.IN_FORCE,
        valid_from=date(2015, 1, 1),
        valid_to=date(2035, 1, 1),
    )
    return msgspec.structs.replace(right, **changes)


MARK = a_right(RightKind.TRADEMARK)
ITEM = Item(id="lst-1", url="https://bazaar.example/item/1", live=True, seen=date(2026, 11, 26))
FACTS = Facts(day=TODAY, markets=("FR",), classes=(18,), acts_for_itself=("Maison Aurelle",))
MARKET = {"cn-goods": "CN", "cn-copyright": "CN", "us-dmca": "US"}


def good_draft(regime_id: str, ground: str, paper: Paper = Paper.NOTICE) -> tuple[Draft, Facts]:
    """A paper against which nothing stands."""
    asked = BOOK.regime(regime_id).file.asked
    row = next((one for one in asked.grounds if one.id == ground), None)
    bare = Draft(paper=paper, items=(ITEM,), ground=ground, rights=(a_right(row.kinds[0]),) if row else ())
    fields = {
        one.id: one.one_of[0] if one.one_of else (LONG * 9)[: one.longest or None] for one in wanted_fields(asked, bare)
    }
    evidence = tuple(Proof(demand[0], "0" * 64) for demand in row.evidence) if row else ()
    signed = tuple(
        Signed(declaration=one.id, version=one.version, signer="C. Vidal", at=datetime(2026, 11, 27, 9, tzinfo=UTC))
        for one in wanted_declarations(asked, paper)
    )
    facts = msgspec.structs.replace(FACTS, markets=(MARKET.get(regime_id, "FR"),))
    return msgspec.structs.replace(bare, fields=fields, evidence=evidence, signed=signed), facts


@pytest.mark.parametrize(
    ("regime_id", "ground"),
    [(regime_id, one.id) for regime_id in NOTICE_REGIMES for one in BOOK.regime(regime_id).file.asked.grounds],
)
def test_a_whole_notice_has_nothing_against_it(regime_id: str, ground: str) -> None:
    draft, facts = good_draft(regime_id, ground)
    assert preflight(BOOK.regime(regime_id), draft, facts) == ()


@pytest.mark.parametrize("regime_id", NOTICE_REGIMES)
def test_a_whole_counter_notice_has_nothing_against_it_and_an_empty_one_has(regime_id: str) -> None:
    draft, facts = good_draft(regime_id, "", Paper.COUNTER)
    assert preflight(BOOK.regime(regime_id), draft, facts) == ()
    empty = msgspec.structs.replace(draft, fields={}, signed=())
    assert {one.code for one in preflight(BOOK.regime(regime_id), empty, facts)} >= {"field-missing"}


def draft_with(**changes: Any) -> dict[str, Any]:
    return {"draft": changes}


def facts_with(**changes: Any) -> dict[str, Any]:
    return {"facts": changes}


def item_with(**changes: Any) -> dict[str, Any]:
    return {"draft": {"items": (msgspec.structs.replace(ITEM, **changes),)}}


def right_with(**changes: Any) -> dict[str, Any]:
    return {"draft": {"rights": (a_right(RightKind.TRADEMARK, **changes),)}}


def earlier(standing: Standing, ground: str = "") -> dict[str, Any]:
    return facts_with(earlier=(Earlier(item="lst-1", right=MARK.id, standing=standing, ground=ground),))


def mandate(**changes: Any) -> dict[str, Any]:
    return facts_with(acts_for_itself=(), mandates=(Mandate(brand="Maison Aurelle", **changes),))


SIGNED_LATER = Signed(declaration="good-faith", version="?", signer="C. Vidal", at=datetime(2026, 12, 9, tzinfo=UTC))

CASES = [
    ("right-expired", right_with(valid_to=date(2026, 11, 26))),
    ("right-not-yet", right_with(valid_from=date(2026, 11, 28))),
    ("right-not-in-force", right_with(status=RightStatus.LAPSED)),
    ("right-not-in-force", right_with(status=RightStatus.PENDING)),
    ("right-unknown", right_with(status=RightStatus.UNKNOWN)),
    ("wrong-territory", right_with(territories=("CN",))),
    ("wrong-territory", right_with(territories=("WO",))),
    ("wrong-territory", facts_with(markets=("FR", "GB"))),
    ("class-mismatch", facts_with(classes=(9,))),
    ("class-unknown", facts_with(classes=())),
    ("no-mandate", facts_with(acts_for_itself=())),
    ("mandate-over", mandate(valid_to=date(2026, 11, 26))),
    ("mandate-over", mandate(revoked=True)),
    ("mandate-territory", mandate(territories=("CN",))),
    ("no-rights", draft_with(rights=())),
    ("reason-needs-other-right", draft_with(rights=(a_right(RightKind.DESIGN),))),
    ("reason-unknown", draft_with(ground="because")),
    ("evidence-not-enough", draft_with(evidence=(Proof("capture", "0" * 64),))),
    ("evidence-unknown", draft_with(evidence=(Proof("rumour", "0" * 64),))),
    ("no-items", draft_with(items=())),
    ("item-twice", draft_with(items=(ITEM, ITEM))),
    ("location-missing", item_with(url="item 1")),
    ("location-missing", item_with(url="https:///item")),
    ("listing-gone", item_with(live=False)),
    ("listing-stale", item_with(live=None)),
    ("listing-stale", item_with(seen=date(2026, 11, 20))),
    ("seller-authorised", item_with(seller_is_authorised=True)),
    ("genuine-resale", item_with(genuine_resale=True)),
    ("duplicate", earlier(Standing.OPEN)),
    ("already-down", earlier(Standing.DOWN)),
    ("restored-before", earlier(Standing.RESTORED)),
    ("rejected-before", earlier(Standing.REJECTED, "counterfeit")),
    ("field-missing", draft_with(fields={})),
    ("field-thin", draft_with(fields={"facts": "It is fake."})),
    ("not-signed", draft_with(signed=())),
    ("regime-not-in-force", facts_with(day=date(2024, 2, 16))),
]


def problems_of(regime_id: str, ground: str, changed: dict[str, Any]) -> tuple[Problem, ...]:
    draft, facts = good_draft(regime_id, ground)
    draft = msgspec.structs.replace(draft, **changed.get("draft", {}))
    facts = msgspec.structs.replace(facts, **changed.get("facts", {}))
    return preflight(BOOK.regime(regime_id), draft, facts)


@pytest.mark.parametrize(("code", "changed"), CASES)
def test_what_stands_against_a_notice_is_named_with_a_mend(code: str, changed: dict[str, Any]) -> None:
    found = problems_of("eu-dsa", "counterfeit", changed)
    assert code in {one.code for one in found}
    for one in found:
        assert one.code in PREFLIGHT_CODES
        assert one.mend.endswith(".")
        assert one.message.endswith(".")


ELSEWHERE = [
    ("us-dmca", "copied-work", "regime-needs-other-right", draft_with(rights=(MARK,))),
    ("platform-ebay", "counterfeit", "field-too-long", draft_with(fields={"reason_code": "123456789"})),
    ("platform-alibaba", "counterfeit", "field-not-listed", draft_with(fields={"platform_name": "Bazaar"})),
    ("platform-alibaba", "counterfeit", "too-many-items", draft_with(items=(ITEM,) * 301)),
    (
        "cn-copyright",
        "copied-work",
        "no-second-notice",
        facts_with(
            earlier=(Earlier(item="lst-1", right=a_right(RightKind.COPYRIGHT).id, standing=Standing.RESTORED_FINAL),)
        ),
    ),
    ("eu-dsa", "counterfeit", "signed-other-words", draft_with(signed=(SIGNED_LATER,))),
]


@pytest.mark.parametrize(("regime_id", "ground", "code", "changed"), ELSEWHERE)
def test_each_regime_asks_for_its_own(regime_id: str, ground: str, code: str, changed: dict[str, Any]) -> None:
    assert code in {one.code for one in problems_of(regime_id, ground, changed)}


@pytest.mark.parametrize(
    ("code", "changes"),
    [("signed-later", {"at": datetime(2026, 12, 9, tzinfo=UTC)}), ("signer-missing", {"signer": ""})],
)
def test_a_signature_names_a_person_and_lies_in_the_past(code: str, changes: dict[str, Any]) -> None:
    draft, facts = good_draft("eu-dsa", "counterfeit")
    signed = tuple(msgspec.structs.replace(one, **changes) for one in draft.signed)
    found = preflight(BOOK.regime("eu-dsa"), msgspec.structs.replace(draft, signed=signed), facts)
    assert [one.code for one in found] == [code]


def test_every_code_is_tried_by_a_case_of_these_tests() -> None:
    tried = {code for code, _ in CASES} | {code for _, _, code, _ in ELSEWHERE} | {"signed-later", "signer-missing"}
    assert tried == set(PREFLIGHT_CODES)


def test_what_restores_for_good_in_china_does_not_bar_a_notice_in_europe() -> None:
    found = problems_of("eu-dsa", "counterfeit", earlier(Standing.RESTORED_FINAL))
    assert [one.code for one in found] == ["restored-before"]
    assert can_be_sent(found)


def test_a_patent_in_china_needs_a_comparison_of_features() -> None:
    draft, facts = good_draft("cn-goods", "patent")
    fields = {name: text for name, text in draft.fields.items() if name != "feature_comparison"}
    found = preflight(BOOK.regime("cn-goods"), msgspec.structs.replace(draft, fields=fields), facts)
    assert [(one.field, one.code) for one in found] == [("feature_comparison", "field-missing")]
    assert "[M]" in found[0].message


def test_what_blocks_comes_first_and_a_warning_alone_does_not_block() -> None:
    warned = problems_of("eu-dsa", "counterfeit", item_with(genuine_resale=True))
    assert can_be_sent(warned)
    mixed = problems_of("eu-dsa", "counterfeit", {**item_with(genuine_resale=True), "facts": {"classes": (9,)}})
    assert [one.blocks for one in mixed] == [True, False]
    assert not can_be_sent(mixed)


def test_a_copyright_needs_no_register() -> None:
    draft, facts = good_draft("us-dmca", "copied-work")
    bare = a_right(RightKind.COPYRIGHT, status=RightStatus.UNKNOWN, territories=(), valid_from=None, valid_to=None)
    assert preflight(BOOK.regime("us-dmca"), msgspec.structs.replace(draft, rights=(bare,)), facts) == ()


def test_one_good_mandate_among_old_ones_is_enough() -> None:
    draft, facts = good_draft("eu-dsa", "counterfeit")
    mandates = (
        Mandate(brand="Maison Aurelle", revoked=True),
        Mandate(brand="Maison Aurelle", territories=("EU",), valid_to=TODAY),
    )
    facts = msgspec.structs.replace(facts, acts_for_itself=(), mandates=mandates)
    assert preflight(BOOK.regime("eu-dsa"), draft, facts) == ()

"""An explanation is careful: alleged, with what speaks against and how it can be wrong, word for word."""

import os
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.judge import explain, render_text, sentence_for
from countermark.judge.sentences import visible
from countermark.judge.tests.material import (
    COPIED_PHOTO,
    REPLICA,
    SPECS,
    found,
    judge_with,
    low_price,
    mark,
    offer,
    signal,
    usual_price,
)
from countermark.judge.tests.test_judging import parse_with
from countermark.judge.words import CAUTION, KIND_WORDS, NOTHING_AGAINST, percent
from countermark.model import (
    AuthorisedSeller,
    Brand,
    Condition,
    Finding,
    Kind,
    Listing,
    NeverMade,
    Portfolio,
    Price,
    PriceBand,
    Seller,
    Signal,
    Text,
    from_json,
    to_json,
)
from countermark.signals.price import PriceSignals
from countermark.signals.seller import SellerSignals

GOLDEN = Path(__file__).parent / "golden"
EXPLANATION_PAGE = Path(__file__).parents[4] / "docs" / "explanation" / "how-a-risk-is-made.md"

CORVANE = Portfolio(
    brands=(
        Brand(
            name="Corvane",
            price_bands=(PriceBand(currency="EUR", low=Decimal(300), high=Decimal(900)),),
            authorised_sellers=(AuthorisedSeller(name="Aurelle Outlet"),),
            never_made=(NeverMade(words=("canvas", "neon"), explanation="No canvas was ever dyed neon."),),
        ),
    )
)


def measured(listing: Listing, *seen: Signal) -> list[Signal]:
    """What text and pictures are said to have seen, and what price and seller really measure."""
    return [
        *seen,
        *PriceSignals(CORVANE).measure(listing, "Corvane"),
        *SellerSignals(CORVANE).measure(listing, "Corvane"),
    ]


def shop(**facts: object) -> Seller:
    return Seller(**{"marketplace": "Bazaar", "external_id": "S-1", **facts})  # type: ignore[arg-type]


NEW_SHOP = offer(seller=shop(since=date(2026, 10, 12), country="FR"), ships_from="CN")
OLD_SHOP = offer(
    title=Text("Corvane tote, second-hand", "en"),
    seller=shop(since=date(2017, 5, 1), sales=8200, country="FR"),
    price=Price(Decimal(210), "EUR"),
    condition=Condition.USED,
)
BY_NAME = offer(
    title=Text("Corvane NEON canvas tote", "en"),
    seller=shop(name="AURELLE OUTLET"),
    price=Price(Decimal(480), "EUR"),
)
HOSTILE = offer(
    external_id="B-\x1b[31m666\u202e",
    marketplace="Baz\naar",
    seller=shop(),
    price=None,
    captured_at=datetime(2026, 11, 2, tzinfo=UTC),
)
SECOND_HAND = signal("text.genuine_context", facts={"found": "second-hand"})

CASES: dict[str, Finding] = {
    "self-declared-replica": found(measured(NEW_SHOP, mark(), REPLICA), NEW_SHOP),
    "copied-photo-low-price": found([COPIED_PHOTO, low_price()]),
    "mark-alone": found([mark()], offer(price=None)),
    "second-hand": found(measured(OLD_SHOP, mark(), COPIED_PHOTO, SECOND_HAND), OLD_SHOP),
    "never-made-authorised-by-name": found(measured(BY_NAME, mark(), COPIED_PHOTO), BY_NAME),
    "piece-beside-photo": found([COPIED_PHOTO, signal("text.name_part", 0.25, facts={"found": "凯文"})]),
    "hostile-listing": found([mark(found="”\u202e{brand}\x1b[2J" + "é" * 400), REPLICA], HOSTILE),
}


@pytest.mark.parametrize("name", CASES)
def test_the_explanation_reads_word_for_word_as_it_was_approved(name: str) -> None:
    # The hash of the policy is left out: it changes with every comment in the file.
    finding = msgspec.structs.replace(CASES[name], policy_hash="(policy)", id="(finding)")
    written = render_text(explain(finding)) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("COUNTERMARK_WRITE_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["self-declared-replica", "second-hand"])
def test_the_page_on_risk_shows_the_approved_explanations(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    bars = golden[golden.index("Reasons, by weight") : golden.index("What each reason rests on")].rstrip()
    assert bars in EXPLANATION_PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("signals", "said"),
    [
        ([mark()], "moves 7 % to 10 %"),
        ([mark(), usual_price()], "it falls to 5 %"),
        ([mark(), low_price()], "a tenth of the usual price: 50 %"),
        ([mark(), COPIED_PHOTO], "the house's photograph: 69 %"),
        ([mark(), signal("text.replica_word", 0.85)], "a word of the replica trade: 92 %"),
        ([mark(), signal("listing.never_made")], "house never made: 83 %"),
        ([signal("text.lookalike"), low_price()], "stay Medium (69 %)"),
        (measured(NEW_SHOP, mark()), "Take the replica word away and 75 % is left"),
    ],
)
def test_the_page_on_risk_states_the_figures_that_the_policy_gives(signals: list[Signal], said: str) -> None:
    finding = judge_with(parse_with(report="0")).judge(offer(), "Corvane", signals)
    assert finding
    assert percent(finding.risk) == re.findall(r"\d+ %", said)[-1]
    assert said in " ".join(EXPLANATION_PAGE.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", CASES)
def test_an_explanation_alleges_and_never_asserts(name: str) -> None:
    text = render_text(explain(CASES[name]))
    assert not re.search(r"\b(is|are) (a )?(counterfeit|fake|infring)", text)
    assert "at most an allegation" in " ".join(text.split())
    assert CAUTION in " ".join(text.split())


@pytest.mark.parametrize("name", CASES)
def test_an_explanation_is_plain_printable_text_of_bounded_width(name: str) -> None:
    lines = render_text(explain(CASES[name])).split("\n")
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) <= 120


def test_the_summary_names_the_three_strongest_reasons_with_their_numbers() -> None:
    explanation = explain(CASES["self-declared-replica"])
    assert [sentence.reason for sentence in explanation.summary] == [1, 2, 3]
    by_number = {line.number: line for line in explanation.reasons}
    assert all(sentence.text == by_number[sentence.reason].sentence for sentence in explanation.summary)
    assert explanation.can_be_wrong == by_number[1].wrong_when


def test_what_speaks_against_is_said_and_so_is_that_nothing_does() -> None:
    against = explain(CASES["second-hand"])
    line = next(line for line in against.reasons if line.number == against.strongest_against.reason)
    assert (line.signal, line.sentence) == ("text.genuine_context", against.strongest_against.text)
    nothing = explain(CASES["mark-alone"]).strongest_against
    assert (nothing.text, nothing.reason) == (NOTHING_AGAINST, 0)


@pytest.mark.parametrize("name", CASES)
def test_the_steps_of_the_risk_end_at_the_risk_of_the_finding(name: str) -> None:
    explanation = explain(CASES[name])
    assert explanation.reasons[-1].risk_after == pytest.approx(explanation.risk, abs=1e-6)
    assert explanation.log_odds == pytest.approx(
        explanation.base + sum(line.weight for line in explanation.reasons), abs=1e-6
    )


def test_an_explanation_survives_json() -> None:
    for finding in CASES.values():
        explanation = explain(finding)
        assert from_json(to_json(explanation), type(explanation)) == explanation


@pytest.mark.parametrize(
    ("risk", "words"),
    [(0.0, "less than 1 %"), (0.004, "less than 1 %"), (0.0998, "10 %"), (0.994, "99 %"), (0.9951, "more than 99 %")],
)
def test_a_risk_is_never_said_to_be_nothing_or_certain(risk: float, words: str) -> None:
    assert percent(risk) == words


def test_every_kind_has_words_and_the_lawful_ones_say_so() -> None:
    assert set(KIND_WORDS) == set(Kind)
    judge = judge_with(parse_with(report="0"))
    finding = judge.judge(offer(condition=Condition.USED), "Corvane", [mark()])
    assert finding
    assert explain(finding).headline == (
        "Low risk (10 %) that this listing infringes rights of Corvane: "
        "it may be resale of genuine goods, which alleges no infringement by itself."
    )


def test_colour_adds_nothing_but_colour() -> None:
    explanation = explain(CASES["second-hand"])
    painted = render_text(explanation, colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == render_text(explanation)


def test_a_sentence_can_be_made_from_a_signal_alone() -> None:
    spec = next(spec for spec in SPECS if spec.name == "text.mark")
    assert sentence_for(mark(), spec) == "The title names “Corvane”, a mark of Corvane."
    assert sentence_for(signal("text.mark", facts={"found": "x"}), spec, "Halcyr").endswith("a mark of Halcyr.")


@given(st.text(), st.integers(1, 50))
def test_visible_text_hides_nothing_and_settles(text: str, limit: int) -> None:
    shown = visible(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit + 1
    assert visible(shown, limit) == shown


hostile_texts = st.text(max_size=40)


@given(hostile_texts, hostile_texts, st.dictionaries(st.sampled_from(["found", "low", "high"]), st.text(max_size=300)))
def test_no_listing_can_break_its_explanation(external_id: str, marketplace: str, facts: dict[str, str]) -> None:
    listing = offer(external_id=external_id or "x", marketplace=marketplace)
    finding = found(
        [Signal(name="text.mark", value=1.0, facts=facts), signal("price.below_band", facts=facts)], listing
    )
    assert all(line.isprintable() for line in render_text(explain(finding)).split("\n"))


def test_a_finding_from_elsewhere_is_explained_whatever_it_holds() -> None:
    strange = from_json(
        to_json(CASES["mark-alone"])
        .replace(b'"base":-2.6', b'"base":-5000.0')
        .replace(b'"sentence":"The', b'"sentence":"\\u202e\\u0007The'),
        Finding,
    )
    text = render_text(explain(strange))
    assert "\\u202e\\u0007The" in text

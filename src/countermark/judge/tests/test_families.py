"""The shipped policy and the real families together: each signal counts to its side, and comes out sensibly."""

from decimal import Decimal

import pytest

from countermark.judge import Judge, load_policy
from countermark.judge.policy_file import check_against
from countermark.judge.sentences import NOT_KNOWN
from countermark.judge.tests.material import REFERENCE_HASH, STAND_INS, offer
from countermark.model import Brand, Finding, Level, Portfolio, Price, PriceBand, Right, RightKind, Text
from countermark.signals import image, price, seller, text

ALL_SPECS = (*text.SPECS, *image.SPECS, *price.SPECS, *seller.SPECS)
PORTFOLIO = Portfolio(
    brands=(
        Brand(name="Corvane", price_bands=(PriceBand(currency="EUR", low=Decimal(300), high=Decimal(900)),)),
        Brand(name="Halcyr"),
    ),
    rights=(
        Right(
            brand="Corvane",
            kind=RightKind.TRADEMARK,
            title="word mark",
            mark=Text("Corvane"),
            aliases=(Text("珂梵", "zh"),),
        ),
    ),
)
TEXT, PRICE, SELLER = text.TextSignals(PORTFOLIO), price.PriceSignals(PORTFOLIO), seller.SellerSignals(PORTFOLIO)
JUDGE = Judge(load_policy(), ALL_SPECS, REFERENCE_HASH)


def judged(title: str, amount: int | None) -> Finding | None:
    asked = None if amount is None else Price(Decimal(amount), "EUR")
    listing = offer(title=Text(title), price=asked)
    seen = TEXT.measure_text(title)
    return JUDGE.judge(
        listing, "Corvane", [*seen, *PRICE.measure(listing, "Corvane"), *SELLER.measure(listing, "Corvane")]
    )


def test_every_signal_of_every_family_has_a_weight_to_its_side() -> None:
    check_against(load_policy(), ALL_SPECS)
    assert {spec.name: spec.speaks for spec in STAND_INS}.items() <= {s.name: s.speaks for s in ALL_SPECS}.items()


@pytest.mark.parametrize(
    ("title", "amount", "level"),
    [
        ("Corvane replica bag", 24, Level.HIGH),
        ("Corvane replica bag", 400, Level.HIGH),
        ("珂梵 高仿 手袋", None, Level.HIGH),
        ("C0rvane bag", 40, Level.HIGH),
        ("Соrvаnе bag", None, Level.MEDIUM),
        ("Corvane leather tote", 25, Level.MEDIUM),
        ("Corvanne bag", 40, Level.MEDIUM),
        ("Corvane leather tote", None, Level.LOW),
        ("Corvane leather tote", 150, Level.LOW),
        ("Strap compatible with Corvane", 15, Level.LOW),
        ("Corvane leather tote", 450, None),
        ("Not a replica Corvane", 350, None),
        ("Pre-owned Corvane tote", 400, None),
    ],
)
def test_titles_and_prices_come_out_at_the_level_a_careful_person_would_give(
    title: str, amount: int | None, level: Level | None
) -> None:
    finding = judged(title, amount)
    assert (finding.level if finding else None) is level


@pytest.mark.parametrize(
    "title", ["Corvane replica bag", "C0rvane bag", "Corvanne bag, WhatsApp me", "pre-owned Corvane"]
)
def test_every_fact_that_a_sentence_asks_for_is_measured(title: str) -> None:
    finding = judged(title, 24)
    assert finding
    assert [reason.sentence for reason in finding.reasons if NOT_KNOWN in reason.sentence] == []


def test_a_piece_of_a_name_weighs_less_than_the_same_piece_called_a_mark_and_moves_no_word_by_much() -> None:
    weights, spec = load_policy().weights, next(one for one in text.SPECS if one.name == "text.name_part")
    most = max(example.high for example in spec.examples)
    assert 0 < weights["text.name_part"].at(most) < weights["text.mark"].at(most)
    assert weights["text.name_part"].at(most) <= 0.15

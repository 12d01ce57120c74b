"""Who offers counts for or against; what is not known counts for nothing."""

import pickle
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import AuthorisedSeller, Brand, Listing, NeverMade, Portfolio, Seller, Signal, Text
from countermark.signals.seller import Copies, SellerSignals, copy_key

SEEN = datetime(2026, 11, 1, 12, tzinfo=UTC)


def offer(title: str = "Corvane tote", ships_from: str | None = None, **seller: object) -> Listing:
    facts: dict[str, object] = {"marketplace": "Bazaar", "external_id": "78", **seller}
    return Listing(
        marketplace="Bazaar",
        external_id="B-1",
        title=Text(title),
        seller=Seller(**facts),  # type: ignore[arg-type]
        captured_at=SEEN,
        ships_from=ships_from,
    )


def house(*entries: AuthorisedSeller, never_made: tuple[NeverMade, ...] = ()) -> SellerSignals:
    return SellerSignals(Portfolio(brands=(Brand(name="Corvane", authorised_sellers=entries, never_made=never_made),)))


def measured(signals: SellerSignals, listing: Listing, name: str) -> Signal | None:
    return next((signal for signal in signals.measure(listing, "Corvane") if signal.name == name), None)


def test_an_unknown_seller_of_an_unknown_house_says_nothing() -> None:
    assert SellerSignals(Portfolio()).measure(offer(), "Corvane") == []


def test_the_id_decides_whatever_the_name() -> None:
    listed = house(AuthorisedSeller(name="Aurelle Outlet", marketplace="Bazaar", external_id="78"))
    signal = measured(listed, offer(name="Something else"), "seller.authorised")
    assert signal
    assert (signal.value, signal.brand, signal.facts) == (
        1.0,
        "Corvane",
        {"how": "by the marketplace's own id of the shop"},
    )


def test_the_same_id_on_another_marketplace_is_another_shop() -> None:
    listed = house(AuthorisedSeller(name="Aurelle Outlet", marketplace="Agora", external_id="78"))
    assert measured(listed, offer(name="Aurelle Outlet"), "seller.authorised") is None


def test_a_copied_name_does_not_pass_where_the_list_gives_an_id() -> None:
    listed = house(AuthorisedSeller(name="Aurelle Outlet", marketplace="Bazaar", external_id="77"))
    assert measured(listed, offer(name="Aurelle Outlet"), "seller.authorised") is None


@pytest.mark.parametrize("name", ["Aurelle Outlet", "AURELLE  outlet.", "Ａｕｒｅｌｌｅ Outlet", "aurelle-outlet"])
def test_a_name_matches_folded_and_says_that_it_is_only_a_name(name: str) -> None:
    signal = measured(house(AuthorisedSeller(name="Aurelle Outlet")), offer(name=name), "seller.authorised")
    assert signal
    assert (signal.value, signal.facts["how"]) == (0.7, "by name alone")


@pytest.mark.parametrize("name", ["Aurelle Outlet Store", "Aurelle", "Аurelle Outlet", "", "..."])
def test_another_name_does_not_match(name: str) -> None:
    listed = house(AuthorisedSeller(name="Aurelle Outlet"), AuthorisedSeller(name="!!!"))
    assert measured(listed, offer(name=name), "seller.authorised") is None


def test_a_name_listed_on_one_marketplace_holds_only_there() -> None:
    entry = AuthorisedSeller(name="Aurelle Outlet", marketplace="Agora")
    assert measured(house(entry), offer(name="Aurelle Outlet"), "seller.authorised") is None
    assert measured(house(entry), offer(name="Aurelle Outlet", marketplace="Agora"), "seller.authorised")


def test_an_id_without_marketplace_needs_the_name_too() -> None:
    listed = house(AuthorisedSeller(name="Aurelle Outlet", external_id="78"))
    assert measured(listed, offer(name="Other"), "seller.authorised") is None
    signal = measured(listed, offer(name="aurelle outlet"), "seller.authorised")
    assert signal
    assert signal.value == 0.7


ages = st.integers(min_value=-4000, max_value=20_000)


def shop_of_age(days: int, sales: int | None = None) -> Listing:
    return offer(since=SEEN.date() - timedelta(days=days), sales=sales)


@given(ages, st.none() | st.integers(0, 10**30))
def test_a_shop_is_new_or_established_or_neither_never_both(days: int, sales: int | None) -> None:
    names = [signal.name for signal in house().measure(shop_of_age(days, sales), "Corvane")]
    assert len(names) <= 1
    if days < 0:
        assert not names


@given(ages.filter(lambda d: d >= 0), ages.filter(lambda d: d >= 0), st.integers(0, 10**6))
def test_an_older_shop_never_looks_worse(one: int, other: int, sales: int) -> None:
    def standing(days: int) -> float:
        signals = house().measure(shop_of_age(days, sales), "Corvane")
        return sum(s.value if s.name == "seller.established" else -s.value for s in signals)

    assert standing(min(one, other)) <= standing(max(one, other))


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_sales_never_look_worse(one: int, other: int) -> None:
    def standing(sales: int) -> float:
        signal = measured(house(), shop_of_age(1000, sales), "seller.established")
        return signal.value if signal else 0.0

    assert standing(min(one, other)) <= standing(max(one, other))


def test_an_established_shop_of_unknown_sales_says_so() -> None:
    signal = measured(house(), offer(since=date(2018, 1, 1)), "seller.established")
    assert signal
    assert signal.facts == {"years": "8.8", "sales": "no count of"}


@pytest.mark.parametrize(
    ("country", "ships_from", "differs"),
    [("FR", "CN", True), ("FR", "DE", False), ("FR", "FR", False), (None, "CN", False), ("FR", None, False)],
)
def test_goods_that_ship_from_elsewhere_are_noticed(country: str, ships_from: str, *, differs: bool) -> None:
    signal = measured(house(), offer(country=country, ships_from=ships_from), "seller.ships_from_elsewhere")
    assert (signal is not None) is differs


NEON = NeverMade(words=("canvas", "neon"), explanation="No canvas bag was ever dyed in neon colours.")


def never_made(title: str, *rules: NeverMade) -> Signal | None:
    return measured(house(never_made=rules or (NEON,)), offer(title), "listing.never_made")


def test_words_that_no_genuine_product_joins_are_quoted_from_the_title() -> None:
    title = "Corvane NEON  pink Cánvas tote"
    signal = never_made(title)
    assert signal
    assert signal.facts == {"words": "canvas, neon", "explanation": "No canvas bag was ever dyed in neon colours"}
    assert [title[span.start : span.end] for span in signal.spans] == ["NEON", "Cánvas"]


@pytest.mark.parametrize(
    ("title", "word", "found"),
    [
        ("Corvane scarf 17.5 cm", "5 cm|5cm|5厘米", ""),
        ("Corvane scarf 5 cm", "5 cm|5cm|5厘米", "5 cm"),
        ("珂梵丝巾15厘米", "5 cm|5cm|5厘米", ""),
        ("珂梵丝巾5厘米", "5 cm|5cm|5厘米", "5厘米"),
        ("珂梵丝巾45cm黑色", "45 cm|45cm|45厘米", "45cm"),
        ("Corvane É 17,5 cm", "17.5 cm", "17,5 cm"),
    ],
)
def test_a_size_is_found_whole_in_any_script_and_shown_where_it_stands(title: str, word: str, found: str) -> None:
    signal = never_made(title, NeverMade(words=(word,), explanation="No such size."))
    assert (title[signal.spans[0].start : signal.spans[0].end] if signal else "") == found


@pytest.mark.parametrize("title", ["Corvane canvas tote", "neonatal canvas", "canvasneon", ""])
def test_half_a_rule_or_half_a_word_is_nothing(title: str) -> None:
    assert never_made(title) is None


def test_chinese_words_are_found_inside_a_title_and_quoted() -> None:
    title = "珂梵荧光帆布托特包"
    signal = never_made(title, NeverMade(words=("帆布", "荧光"), explanation="从未生产。"))
    assert signal
    assert signal.facts["explanation"] == "从未生产"
    assert [title[span.start : span.end] for span in signal.spans] == ["荧光", "帆布"]


@pytest.mark.parametrize("title", ["Cabas Corvane en toile fluo", "Corvane neon canvas", "珂梵荧光帆布托特包"])
def test_one_rule_covers_a_material_and_a_colour_in_several_languages(title: str) -> None:
    rule = NeverMade(words=("canvas|toile|帆布", "neon|fluo|荧光|!!!"), explanation="Never dyed.")
    signal = never_made(title, rule)
    assert signal
    assert len(signal.spans) == 2
    assert never_made("Cabas Corvane toile", rule) is None


def test_copies_are_counted_by_shop_and_folded_title() -> None:
    offers = [offer("Corvane TOTE!"), offer("corvane tote")] * 5
    copies = Copies.learnt([copy_key(each) for each in [*offers, offer("Corvane tote", external_id="79")]])
    assert copies.of(offer("Corvane tote")) == 10
    assert copies.of(offer("Corvane tote", external_id="79")) == 0


def test_a_rule_without_words_or_with_a_word_of_signs_never_fires() -> None:
    empty = NeverMade(words=(), explanation="x")
    signs = NeverMade(words=("tote", "!!!"), explanation="x")
    assert never_made("Corvane tote", empty, signs) is None


def test_the_rule_with_most_words_is_the_one_named() -> None:
    more = NeverMade(words=("canvas", "neon", "pink"), explanation="")
    signal = never_made("pink neon canvas", NEON, more)
    assert signal
    assert signal.facts == {"words": "canvas, neon, pink", "explanation": "no explanation is on file"}


@given(st.text(st.sampled_from("nN e\u0301oO\u200bnÉ-canvCANVßas荧光帆布"), max_size=40))
def test_quoted_stretches_lie_in_the_title_and_read_as_the_words(title: str) -> None:
    signal = never_made(title, NEON, NeverMade(words=("荧光", "帆布"), explanation=""))
    if signal:
        for span in signal.spans:
            assert 0 <= span.start < span.end <= len(title)
            shown = re.sub("[\u200b\u0301]", "", title[span.start : span.end]).casefold()
            assert shown in {"canvas", "neon", "荧光", "帆布"}


def test_the_reference_side_travels_to_workers() -> None:
    signals = house(AuthorisedSeller(name="Aurelle Outlet"), never_made=(NEON,))
    listing = offer("neon canvas", name="Aurelle Outlet", since=date(2018, 1, 1))
    again = pickle.loads(pickle.dumps(signals))
    assert again.measure(listing, "Corvane") == signals.measure(listing, "Corvane")
    assert len(signals.measure(listing, "Corvane")) == 3

"""A drawn market can be read by every reader, holds what it promises, and is the same twice."""

import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats import FolderImages, read_listings, read_portfolio
from countermark.formats.arrow import batch_to_listings
from countermark.formats.picture import inspect_picture
from countermark.formats.truth import Truth, read_truth
from countermark.model import Brand, Condition, Kind, Listing, NeverMade, Portfolio, RightKind
from countermark.model.finding import LAWFUL_BY_DEFAULT
from countermark.signals.image import ImageSignals, Unreadable
from countermark.signals.seller import SellerSignals
from countermark.world import MarketFiles, draw_market
from countermark.world.catalogue import HOUSES
from countermark.world.market import quotas
from countermark.world.tests.conftest import LISTINGS

#: Edits that the fingerprint must see through; text bands, crops and stickers are beyond it.
SEEN_THROUGH = {"none", "resized", "recompressed", "mirrored", "framed", "padded", "watermarked", "darkened"}


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def listings_of(market: MarketFiles) -> list[Listing]:
    return [one for batch in read_listings(market.listings) for one in batch_to_listings(batch.batch)]


@pytest.fixture(scope="module")
def listings(market: MarketFiles) -> dict[str, Listing]:
    return {listing.id: listing for listing in listings_of(market)}


@pytest.fixture(scope="module")
def truth(market: MarketFiles) -> dict[str, Truth]:
    return {row.listing_id: row for row in read_truth(market.truth)}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_draws_the_same_bytes_however_many_draw(
    market: MarketFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("countermark.world.pictures.WORTH_A_POOL", 1)
    again = draw_market(tmp_path, listings=LISTINGS, workers=2)
    first, second = bytes_of(market.images), bytes_of(again.images)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_another_seed_draws_another_market(market: MarketFiles, undrawn: Path) -> None:
    other = draw_market(undrawn, seed=8, listings=LISTINGS)
    assert other.listings.read_bytes() != market.listings.read_bytes()
    assert other.rights.read_bytes() != market.rights.read_bytes()


def test_a_market_without_room_for_every_story_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="20 or more"):
        draw_market(tmp_path, listings=19)
    assert list(tmp_path.iterdir()) == []


@given(st.integers(20, 5_000))
def test_every_story_is_told_and_the_numbers_add_up(count: int) -> None:
    told = quotas(count)
    assert sum(told) == count
    assert min(told) >= 1


def test_progress_rises_to_the_end(undrawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("countermark.world.pictures._draw_job", lambda _, job: len(job))
    seen: list[tuple[int, int]] = []
    draw_market(undrawn, listings=60, progress=lambda done, total: seen.append((done, total)), workers=1)
    assert seen == sorted(seen)
    assert seen[-1] == (60, 60)


# --- listings and pictures ---------------------------------------------------------------------------------------


def test_every_listing_is_read_without_a_problem(market: MarketFiles) -> None:
    batches = list(read_listings(market.listings))
    assert [problem for batch in batches for problem in batch.problems] == []
    assert sum(batch.batch.num_rows for batch in batches) == LISTINGS


def test_every_picture_is_a_small_jpeg(market: MarketFiles, listings: dict[str, Listing]) -> None:
    images = FolderImages(market.images)
    for listing in listings.values():
        assert listing.images
        for image in listing.images:
            data = images.read(image.uri)
            facts = inspect_picture(data)
            assert facts.media_type == "image/jpeg"
            assert len(data) < 250_000
            assert max(facts.width, facts.height) <= 1100


def test_listings_come_in_three_languages_and_four_currencies(listings: dict[str, Listing]) -> None:
    assert {listing.title.language for listing in listings.values()} == {"en", "fr", "zh-Hans"}
    assert {listing.price.currency for listing in listings.values() if listing.price} == {"EUR", "USD", "GBP", "CNY"}


def test_no_clock_is_read(listings: dict[str, Listing]) -> None:
    days = {listing.captured_at.date() for listing in listings.values()}
    assert date(2026, 11, 2) <= min(days)
    assert max(days) <= date(2026, 11, 20)
    assert all(listing.seller.since <= min(days) for listing in listings.values() if listing.seller.since)


def test_titles_have_no_slots_left(listings: dict[str, Listing]) -> None:
    assert [title for listing in listings.values() if "{" in (title := listing.title.value)] == []


def test_every_picture_belongs_to_a_listing_or_a_right(market: MarketFiles, listings: dict[str, Listing]) -> None:
    shown = {image.uri for listing in listings.values() for image in listing.images}
    drawn = {str(path.relative_to(market.images)) for path in (market.images / "pictures").rglob("*.jpg")}
    assert drawn == shown
    rights = read_portfolio(market.rights).portfolio.rights
    official = {str(path.relative_to(market.images)) for path in (market.images / "official").rglob("*.jpg")}
    assert official == {ref.uri for right in rights for ref in right.references if ref.uri.startswith("official/")}


# --- truth -------------------------------------------------------------------------------------------------------


def test_each_listing_has_one_truth(listings: dict[str, Listing], truth: dict[str, Truth]) -> None:
    assert truth.keys() == listings.keys()


def test_every_unlawful_kind_occurs_and_about_a_fifth_infringes(truth: dict[str, Truth]) -> None:
    bad = [row for row in truth.values() if row.infringing]
    assert {row.kind for row in bad} == set(Kind) - LAWFUL_BY_DEFAULT
    assert 0.14 <= len(bad) / len(truth) <= 0.22
    assert all(row.brand for row in bad)
    assert all(row.kind is None and not row.brand for row in truth.values() if not row.infringing)


def test_honest_shops_infringe_nothing_and_the_others_nothing_else(
    market: MarketFiles, listings: dict[str, Listing], truth: dict[str, Truth]
) -> None:
    honest = {row["external_id"]: row["honest"] for row in lines(market.sellers)}
    for listing in listings.values():
        assert honest[listing.seller.external_id] is not truth[listing.id].infringing


def test_hard_cases_stand_on_both_sides(
    market: MarketFiles, listings: dict[str, Listing], truth: dict[str, Truth]
) -> None:
    stories = Counter(str(row["story"]) for row in lines(market.stories))
    assert {"gift", "grey", "collision", "mention", "strap", "organiser"} <= stories.keys()
    assert {"style", "denial", "same_wall", "worn", "pictured"} <= stories.keys()
    used = [one for one in listings.values() if one.condition is Condition.USED]
    assert used
    assert not any(truth[one.id].infringing for one in used)


def test_what_was_never_made_breaks_a_rule_of_its_house(undrawn: Path) -> None:
    market = draw_market(undrawn, listings=2000)
    told = {str(row["listing_id"]) for row in lines(market.stories) if row["story"] == "never_made"}
    truth = {row.listing_id: row for row in read_truth(market.truth)}
    brands = tuple(
        Brand(
            name=house.name,
            never_made=tuple(NeverMade(words=rule.words, explanation=rule.explanation) for rule in house.never_made),
        )
        for house in HOUSES
    )
    signals = SellerSignals(Portfolio(brands=brands))
    for listing in listings_of(market):
        if listing.id in told:
            names = {signal.name for signal in signals.measure(listing, truth[listing.id].brand)}
            assert "listing.never_made" in names, listing.title.value


# --- rings -------------------------------------------------------------------------------------------------------


def test_rings_have_parts_birthdays_and_pictures_in_common(market: MarketFiles, listings: dict[str, Listing]) -> None:
    shops = lines(market.sellers)
    rings = defaultdict(list)
    for shop in shops:
        if shop.get("ring"):
            rings[shop["ring"]].append(shop)
    assert len(rings) >= 3
    for members in rings.values():
        assert 4 <= len(members) <= 12
        assert Counter(str(shop["part"]) for shop in members)["producer"] == 1
    opened = defaultdict(set)
    for row in lines(market.stories):
        since = listings[str(row["listing_id"])].seller.since
        if row.get("ring") and since:
            opened[row["ring"]].add(since)
    assert all((max(days) - min(days)).days <= 11 for days in opened.values())


def test_larger_markets_have_more_rings_and_more_shops(undrawn: Path) -> None:
    shops = lines(draw_market(undrawn, listings=4000).sellers)
    sizes = Counter(shop["ring"] for shop in shops if shop.get("ring"))
    assert sorted(sizes.values()) == [4, 5, 6, 9, 12]


# --- rights ------------------------------------------------------------------------------------------------------


def test_the_rights_are_read_without_a_problem(market: MarketFiles) -> None:
    reading = read_portfolio(market.rights)
    assert reading.problems == ()
    assert reading.portfolio.brand_names() == ("Corvane", "Halcyr", "Ondrelle")
    for brand in reading.portfolio.brands:
        rights = reading.portfolio.rights_of(brand.name)
        assert {right.kind for right in rights} == {RightKind.TRADEMARK, RightKind.COPYRIGHT, RightKind.DESIGN}
        assert any(right.generic for right in rights)
        assert {band.currency for band in brand.price_bands} == {"EUR", "USD", "GBP", "CNY"}
        assert brand.authorised_sellers
        assert brand.never_made


def test_shops_of_the_house_are_on_its_list(market: MarketFiles) -> None:
    portfolio = read_portfolio(market.rights).portfolio
    listed = {seller.external_id for brand in portfolio.brands for seller in brand.authorised_sellers}
    authorised = {row["external_id"] for row in lines(market.sellers) if row["trade"] == "authorised"}
    assert authorised <= listed


def test_stolen_photos_are_found_and_own_photos_are_not(market: MarketFiles, listings: dict[str, Listing]) -> None:
    reading = read_portfolio(market.rights)
    signals = ImageSignals(reading.portfolio, reading.images)
    assert signals.left_out == ()
    stories = {str(row["listing_id"]): row for row in lines(market.stories)}
    missed, confused, unreadable = [], [], list[Unreadable]()
    for batch in read_listings(market.listings):
        measured = signals.measure(batch.batch, FolderImages(market.images), unreadable=unreadable)
        for listing, found in zip(batch_to_listings(batch.batch), measured, strict=True):
            story = stories[listing.id]
            if story.get("edit") in SEEN_THROUGH and not found:
                missed.append(story)
            copied = [signal for signal in found if signal.name == "image.copied_photo"]
            if not story.get("edit") and story["story"] != "authorised" and copied:
                confused.append((story, found))
    assert (missed, confused, unreadable) == ([], [], [])

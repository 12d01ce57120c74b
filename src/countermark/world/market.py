"""Draw a whole market: rights, shops, listings with pictures, and the truth about each."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from countermark.formats.arrow import listings_to_batch
from countermark.formats.truth import write_truth
from countermark.world.infringing import fake
from countermark.world.offers import Desk, Offer
from countermark.world.people import Registry, Shop, authorised_shops, honest_shops
from countermark.world.pictures import Album
from countermark.world.rights_file import plan_official_photos, write_rights
from countermark.world.rings import Ring, all_shops, draw_rings, lone_counterfeiters
from countermark.world.stories import HONEST, INFRINGING, shop_for

#: Share of the infringing offers that a ring makes; the others are made by shops alone.
FROM_RINGS = 0.65
#: Fewest listings in which every story can occur.
FEWEST = 20
#: Below so many listings the houses show one colour of each model; the rest would take longer to draw than the market.
SMALL = 600
#: Listings are written out so many at a time.
_BLOCK = 5_000


class MarketFiles(msgspec.Struct, frozen=True):
    """Where a market lies.

    Attributes:
        rights: `rights.yaml`, for `read_portfolio`.
        listings: `listings.jsonl`, for `read_listings`; picture names are relative to `images`.
        truth: `truth.jsonl`, for `read_truth`: one row a listing.
        images: folder of all pictures.
        sellers: `sellers.jsonl`: every shop, whether it is honest, its ring and its part in it.
        stories: `stories.jsonl`: which story each listing follows, its ring, what was done to its first picture.
    """

    rights: Path
    listings: Path
    truth: Path
    images: Path
    sellers: Path
    stories: Path


@dataclass
class _People:
    shops: list[Shop]
    rings: list[Ring]
    alone: list[Shop]

    def everybody(self) -> list[Shop]:
        return [*self.shops, *all_shops(self.rings), *self.alone]


def draw_market(
    folder: Path,
    *,
    seed: int = 7,
    listings: int = 4000,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> MarketFiles:
    """Draw a market into a folder (made when missing); the same seed and size give the same bytes.

    Args:
        folder: where to; files of an earlier market in it are written over.
        seed: decides everything.
        listings: how many; at least 20.
        progress: called with (listings done, listings), pictures being what takes the time.
        workers: processes that draw; None takes one a core, four at most.

    Raises:
        ValueError: when fewer than 20 listings are asked for.
    """
    if listings < FEWEST:
        raise ValueError(f"a market of {listings} listings cannot hold every story; ask for {FEWEST} or more")
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(seed)
    people = _people(dice, listings)
    album = Album(folder)
    rights = write_rights(folder, people.shops)
    desk = Desk(dice, album, plan_official_photos(album, small=listings < SMALL).photos)
    offers = _offers(desk, people, listings)
    files = MarketFiles(
        rights=rights,
        listings=folder / "listings.jsonl",
        truth=folder / "truth.jsonl",
        images=folder,
        sellers=folder / "sellers.jsonl",
        stories=folder / "stories.jsonl",
    )
    _write_words(files, offers, people)
    album.draw(_Counter(len(album), listings, progress), workers or min(os.cpu_count() or 1, 4))
    return files


class _Counter:
    """Turns pictures drawn into listings done."""

    def __init__(self, pictures: int, listings: int, progress: Callable[[int, int], None] | None) -> None:
        self._pictures, self._listings, self._progress = pictures, listings, progress
        self._done = 0

    def __call__(self, more: int) -> None:
        self._done += more
        if self._progress:
            self._progress(self._listings * self._done // self._pictures, self._listings)


def _people(dice: np.random.Generator, listings: int) -> _People:
    registry = Registry(dice)
    shops = authorised_shops(registry)
    shops += honest_shops(registry, max(24, round(listings**0.75)))
    return _People(shops, draw_rings(registry, listings), lone_counterfeiters(registry, max(6, listings // 90)))


def quotas(listings: int) -> list[int]:
    """How many listings each story gets: honest ones first, largest remainders, none left out."""
    shares = np.array([share for share, *_ in HONEST] + [share for share, _ in INFRINGING], float)
    exact = shares / shares.sum() * listings
    counts = np.maximum(np.floor(exact).astype(int), 1)
    order = np.argsort(-(exact - np.floor(exact)), kind="stable")
    for place in range(listings - int(counts.sum())):
        counts[order[place % len(order)]] += 1
    while int(counts.sum()) > listings:
        counts[int(np.argmax(counts))] -= 1
    return [int(count) for count in counts]


def _offers(desk: Desk, people: _People, listings: int) -> list[Offer]:
    stories = np.repeat(np.arange(len(HONEST) + len(INFRINGING)), quotas(listings))
    desk.dice.shuffle(stories)
    return [_offer(desk, people, int(story)) for story in stories]


def _offer(desk: Desk, people: _People, story: int) -> Offer:
    if story < len(HONEST):
        _, trades, tell = HONEST[story]
        return desk.write(tell(desk, shop_for(desk, people.shops, trades)))
    _, accuse = INFRINGING[story - len(HONEST)]
    if desk.chance(FROM_RINGS):
        ring = people.rings[int(desk.dice.integers(len(people.rings)))]
        return desk.write(accuse(desk, fake(desk, ring.shops[int(desk.dice.integers(len(ring.shops)))], ring)))
    return desk.write(accuse(desk, fake(desk, people.alone[int(desk.dice.integers(len(people.alone)))], None)))


def _write_words(files: MarketFiles, offers: list[Offer], people: _People) -> None:
    with files.listings.open("wb") as file:
        for start in range(0, len(offers), _BLOCK):
            batch = listings_to_batch([offer.listing for offer in offers[start : start + _BLOCK]])
            file.writelines(_line(row) for row in batch.to_pylist())
    write_truth(files.truth, [offer.truth for offer in offers])
    _write_lines(files.sellers, (_seller_row(shop) for shop in people.everybody()))
    _write_lines(files.stories, (_story_row(offer) for offer in offers))


def _line(row: dict[str, object]) -> bytes:
    said = {name: value for name, value in row.items() if value not in (None, "")}
    return json.dumps(said, ensure_ascii=False, default=str).encode() + b"\n"


def _write_lines(target: Path, rows: Iterable[dict[str, object]]) -> None:
    with target.open("wb") as file:
        file.writelines(_line(row) for row in rows)


def _seller_row(shop: Shop) -> dict[str, object]:
    return {
        "seller_id": shop.seller.id,
        "marketplace": shop.seller.marketplace,
        "external_id": shop.seller.external_id,
        "name": shop.seller.name,
        "trade": shop.trade.value,
        "honest": shop.honest,
        "ring": shop.ring,
        "part": shop.part.value if shop.part else "",
    }


def _story_row(offer: Offer) -> dict[str, object]:
    return {"listing_id": offer.listing.id, "story": offer.story, "ring": offer.ring, "edit": offer.edit}

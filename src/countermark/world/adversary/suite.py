"""Attacked listings and their honest twins, scanned as any listing is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import cv2
import msgspec
import numpy as np

from countermark.evaluate.share import Share
from countermark.formats.arrow import listings_to_batch
from countermark.model import ImageRef, ImageSource, Listing, Portfolio, Price, Seller, Text
from countermark.model.finding import LAWFUL_BY_DEFAULT
from countermark.scan import ScanPlan
from countermark.world import edits
from countermark.world.composing import lettered
from countermark.world.disguises import CHINESE, LATIN, NEAR, RARE
from countermark.world.drawing.others import ThingLook
from countermark.world.drawing.photographs import jpeg, photograph
from countermark.world.drawing.sprites import Goods
from countermark.world.edits import EDITS, Edit, Photo
from countermark.world.scenes import small_shop

#: Edits of photos by name and strength.
PICTURES: dict[str, Edit] = {
    "quality 30": edits.quality(30), "quality 10": edits.quality(10),
    "resize 50": edits.scaled(0.5), "resize 25": edits.scaled(0.25),
    "part 75": edits.part(0.75), "part 50": edits.part(0.5), "part 30": edits.part(0.3), "part 15": edits.part(0.15),
    "smeared": EDITS["smeared"], "blurred": edits.blurred(0.01), "watermarked": EDITS["watermarked"],
    "stickers": EDITS["stickers"], "text band": EDITS["text band"], "border 10": edits.framed(0.1),
    "mirrored": EDITS["mirrored"], "turned 2": edits.turned(2), "turned 5": edits.turned(5),
    "turned 15": edits.turned(15), "turned 90": edits.turned(90), "leaning": edits.leaning(0.08),
    "screenshot": EDITS["screenshot"], "collage": EDITS["collage"], "pasted": EDITS["pasted"], "hue": edits.hue(36),
}  # fmt: skip
#: Two edits one after the other.
PAIRS = (("mirrored", "text band"), ("part 75", "quality 30"), ("border 10", "watermarked"), ("turned 5", "part 75"))
#: Makers whose names no house owns, to be disguised honestly.
_MAKERS = ("Nordhavn", "Thistlewick", "Fanette", "Ostrander")
_CHINESE_MAKERS = ("云朵家居", "拾叶集", "木末")
_THINGS = ("mug", "cushion", "lamp", "shirt", "sunglasses", "book", "parasol", "caravan")
_SEEN = datetime(2026, 11, 10, tzinfo=UTC)


class Outcome(msgspec.Struct, frozen=True):
    """What one attack came to: attacks found for the right house, and honest twins accused."""

    attack: str
    recall: Share
    false_alarms: Share


@dataclass
class _Pictures:
    """Pictures in memory, by uri."""

    held: dict[str, bytes] = field(default_factory=dict)

    def read(self, uri: str) -> bytes:
        """The bytes."""
        return self.held[uri]


@dataclass(frozen=True)
class _Case:
    attack: str
    brand: str
    honest: bool
    listing: Listing


def run_suite(portfolio: Portfolio, references: ImageSource, plan: ScanPlan, *, seed: int, cases: int) -> list[Outcome]:
    """Recall and false alarms of every attack, `cases` of each; the same seed gives the same outcome."""
    pictures = _Pictures()
    made = [
        *_text_cases(portfolio, seed, cases),
        *_chinese_cases(portfolio, seed, cases),
        *_picture_cases(portfolio, references, pictures, seed, cases),
        *_written_cases(portfolio, pictures, seed, cases),
    ]
    findings = plan.run(listings_to_batch([case.listing for case in made]), pictures)
    found = {(f.listing_id, f.brand) for f in findings}
    accused = {f.listing_id for f in findings if f.kind not in LAWFUL_BY_DEFAULT}
    outcomes = []
    for attack in dict.fromkeys(case.attack for case in made):
        bad = [c for c in made if c.attack == attack and not c.honest]
        good = [c for c in made if c.attack == attack and c.honest]
        hits = sum((c.listing.id, c.brand) in found for c in bad)
        outcomes.append(
            Outcome(attack, Share.of(hits, len(bad)), Share.of(sum(c.listing.id in accused for c in good), len(good)))
        )
    return outcomes


def _text_cases(portfolio: Portfolio, seed: int, cases: int) -> Iterator[_Case]:
    brands = portfolio.brand_names()
    for attack, way in {**LATIN, **NEAR, **RARE}.items():
        for number in range(cases):
            dice = np.random.default_rng([seed, number, len(attack), ord(attack[0])])
            brand = brands[number % len(brands)]
            if not brand.isascii() or len(brand) < 4:
                continue
            for honest, name in ((False, brand), (True, _MAKERS[number % len(_MAKERS)])):
                title = f"{way(name, dice)} new season, free shipping"
                yield _Case(f"text: {attack}", brand, honest, _listing(f"t-{attack}-{number}-{honest}", title))


def _chinese_cases(portfolio: Portfolio, seed: int, cases: int) -> Iterator[_Case]:
    """Chinese names in other writings; those that have none are left out."""
    names: dict[str, str] = {}
    for right in portfolio.rights:
        for text in (right.mark, *right.aliases):
            if text and (text.language or "").startswith("zh") and not text.value.isascii():
                names.setdefault(right.brand, text.value)
    if not names:
        return
    held = sorted(names.items())
    for attack, way in CHINESE.items():
        for number in range(cases):
            brand, name = held[number % len(held)]
            twin = _CHINESE_MAKERS[number % len(_CHINESE_MAKERS)]
            for honest, written in ((False, name), (True, twin)):
                title = f"{way(written, np.random.default_rng([seed, number, 2]))} 新款 包邮"
                if honest or not title.startswith(name):
                    listing = _listing(f"c-{attack}-{number}-{honest}", title, language="zh-Hans")
                    yield _Case(f"Chinese: {attack}", brand, honest, listing)


def _picture_cases(
    portfolio: Portfolio, references: ImageSource, pictures: _Pictures, seed: int, cases: int
) -> Iterator[_Case]:
    official = [
        (right.brand, ref.uri)
        for right in portfolio.rights
        for ref in right.references
        if ref.uri.lower().endswith((".jpg", ".jpeg"))
    ]
    if not official:
        return
    dice = np.random.default_rng([seed, 1])
    chosen = [official[int(at)] for at in dice.permutation(len(official))[:cases]]
    sources = [(brand, _photo(references.read(uri)), _other(dice)) for brand, uri in chosen]
    ways = {name: (edit,) for name, edit in PICTURES.items()}
    both = {f"{one} + {two}": (PICTURES[one], PICTURES[two]) for one, two in PAIRS}
    for attack, steps in (*ways.items(), *both.items()):
        for number, (brand, photo, other) in enumerate(sources):
            for honest, source in ((False, photo), (True, other)):
                shown = source
                for step in steps:
                    shown = step(shown, np.random.default_rng([seed, number]))
                uri = f"{attack}-{number}-{honest}.jpg"
                pictures.held[uri] = jpeg(shown, 80)
                yield _Case(f"picture: {attack}", brand, honest, _listing(f"p-{uri}", "Elegant new arrival", uri))


def _written_cases(portfolio: Portfolio, pictures: _Pictures, seed: int, cases: int) -> Iterator[_Case]:
    """The name only in the picture; the twin has another maker's name there."""
    brands = [brand for brand in portfolio.brand_names() if brand.isascii()]
    for number in range(cases if brands else 0):
        brand, photo = brands[number % len(brands)], _other(np.random.default_rng([seed, number, 3]))
        for honest, name in ((False, brand), (True, _MAKERS[number % len(_MAKERS)])):
            uri = f"written-{number}-{honest}.jpg"
            pictures.held[uri] = jpeg(lettered(photo, name, np.random.default_rng([seed, number, 4])), 80)
            yield _Case("picture: name written in it", brand, honest, _listing(uri, "Elegant new arrival", uri))


def _photo(data: bytes) -> Photo:
    decoded = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(decoded[..., ::-1])


def _other(dice: np.random.Generator) -> Photo:
    """A photo of another maker's goods."""
    red, green, blue = (float(value) for value in dice.uniform(0.2, 0.9, 3))
    form = _THINGS[int(dice.integers(len(_THINGS)))]
    return photograph(Goods(form, ThingLook((red, green, blue))), small_shop(dice))


def _listing(external_id: str, title: str, uri: str = "", language: str = "en") -> Listing:
    return Listing(
        marketplace="Bazaar",
        external_id=external_id,
        title=Text(title, language),
        seller=Seller(marketplace="Bazaar", external_id="S1", name="shop"),
        captured_at=_SEEN,
        price=Price(Decimal("60.00"), "EUR"),
        images=(ImageRef(uri=uri),) if uri else (),
    )

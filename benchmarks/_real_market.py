"""Build a market from real photographs, titles and spellings; the truth is known because we made the copies."""

import csv
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import yaml

from benchmarks._edits import EDITS, encode
from countermark.formats.arrow import listings_to_batch
from countermark.model import Condition, ImageRef, Listing, Price, Seller, Text, to_json

DATA = Path(__file__).parents[2] / "shared" / "data"
CAPTURED = datetime(2026, 11, 1, 12, tzinfo=UTC)
#: Spellings so short or so ordinary that no text engine may fire on them alone; nicknames are another question.
HONEST, COPY, SPELLING, BOTH, AUTHORISED = "honest", "copied photo", "spelling", "spelling and photo", "authorised"


@dataclass
class Market:
    """Where the files are, and what each listing was made from."""

    folder: Path
    rights: Path
    listings: Path
    truth: Path
    made: dict[str, dict[str, str]] = field(default_factory=dict)


def available() -> bool:
    """Whether the real data is beside the project."""
    return (DATA / "photos").is_dir() and (DATA / "lexicon" / "brand_variants.csv").is_file()


def build(folder: Path, *, listings: int, seed: int = 11) -> Market:
    """Draw a market of `listings` offers: a fifth infringing, the rest honest, over every brand of the lexicon."""
    market = Market(folder, folder / "rights.yaml", folder / "listings.jsonl", folder / "truth.jsonl")
    (folder / "offered").mkdir(parents=True)
    dice = random.Random(seed)
    variants = _variants()
    photos = sorted((DATA / "photos").glob("*/*.jpg"))
    dice.shuffle(photos)
    official, others = photos[: len(photos) // 3], photos[len(photos) // 3 :]
    of_brand = _share_out(official, sorted(variants))
    _write_rights(market.rights, variants, of_brand)
    titles = _titles()
    with market.listings.open("wb") as out, market.truth.open("w") as truth:
        for number in range(listings):
            listing, brand, sort, edit = _listing(number, dice, folder, variants, of_brand, others, titles)
            out.write(to_json_row(listing) + b"\n")
            infringing = sort in (COPY, SPELLING, BOTH)
            kind = {COPY: "copied_photo", BOTH: "obvious_fake", SPELLING: None}.get(sort) if infringing else None
            row = {"listing_id": listing.id, "brand": brand, "infringing": infringing, "kind": kind}
            truth.write(json.dumps(row) + "\n")
            market.made[listing.id] = {"sort": sort, "edit": edit, "brand": brand, "title": listing.title.value}
    return market


def to_json_row(listing: Listing) -> bytes:
    """One listing as a flat JSON line with the published column names."""
    row = listings_to_batch([listing]).to_pylist()[0]
    return json.dumps(
        {k: (v.isoformat() if hasattr(v, "isoformat") else v) for k, v in row.items() if v not in (None, "")},
        ensure_ascii=False,
    ).encode()


def _variants() -> dict[str, dict[str, list[str]]]:
    """Brand to its Chinese names and to its spellings; a spelling equal to another brand's name is left out."""
    brands: dict[str, dict[str, list[str]]] = {}
    with (DATA / "lexicon" / "brand_variants.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["brand_latin"]:
                continue
            brand = brands.setdefault(row["brand_latin"], {"chinese": [], "spellings": []})
            if row["brand_chinese"] and row["brand_chinese"] not in brand["chinese"]:
                brand["chinese"].append(row["brand_chinese"])
            brand["spellings"].append(row["variant"])
    return brands


def _titles() -> list[str]:
    with (DATA / "products" / "wdc-offer-titles.csv").open(encoding="utf-8") as file:
        return [row["title"] for row in csv.DictReader(file) if row["grey_shop_wording"] == "0"]


def _share_out(photos: list[Path], brands: list[str]) -> dict[str, list[Path]]:
    return {brand: photos[i :: len(brands)] for i, brand in enumerate(brands)}


def _write_rights(path: Path, variants: dict[str, dict[str, list[str]]], photos: dict[str, list[Path]]) -> None:
    brands = []
    for name, facts in sorted(variants.items()):
        folder = path.parent / "official" / f"{len(brands):03d}"
        folder.mkdir(parents=True)
        for photo in photos[name]:
            (folder / photo.name).write_bytes(photo.read_bytes())
        brands.append(
            {
                "name": name,
                "price_bands": [{"currency": "EUR", "low": "300", "high": "3000"}],
                "authorised_sellers": [
                    {"marketplace": "Bazaar", "external_id": f"official-{len(brands)}", "name": "x"}
                ],
                "rights": [
                    {
                        "kind": "trademark",
                        "title": f"{name}, word mark",
                        "mark": name,
                        "generic": len(name) <= 2,
                        "aliases": facts["chinese"],
                        "status": "in_force",
                    },
                    {
                        "kind": "copyright",
                        "title": f"{name}, official photographs",
                        "photos": f"official/{len(brands):03d}",
                        "status": "in_force",
                    },
                ],
            }
        )
    path.write_text(yaml.safe_dump({"version": 1, "group": "Benchmark", "brands": brands}, allow_unicode=True))


def _listing(number, dice, folder, variants, of_brand, others, titles):  # type: ignore[no-untyped-def]
    sort = dice.choices([HONEST, COPY, SPELLING, BOTH, AUTHORISED], [76, 8, 6, 6, 4])[0]
    brand = dice.choice(sorted(of_brand))
    edit = dice.choice(sorted(EDITS)) if sort in (COPY, BOTH) else "none"
    source = dice.choice(of_brand[brand]) if sort in (COPY, BOTH, AUTHORISED) else dice.choice(others)
    title = dice.choice(titles)
    if sort in (SPELLING, BOTH):
        noun = dice.choice(["包包", "bag", "sac", "shoes", "女鞋", "coat"])
        title = f"{dice.choice(variants[brand]['spellings'])} {noun} {number}"
    elif sort == COPY:
        title = (
            f"{dice.choice(['new', 'hot', 'ladies', '2026'])} {dice.choice(['bag', 'dress', 'coat', 'shoes'])} {number}"
        )
    elif sort == AUTHORISED:
        title = f"{brand} {dice.choice(['bag', 'dress', 'coat'])} {number}"
    fake = sort in (COPY, SPELLING, BOTH)
    name = f"offered/{number:06d}.jpg"
    (folder / name).write_bytes(_picture(source, edit, number))
    amount = dice.randint(15, 90) if fake else dice.randint(40, 2500)
    seller_id = (
        f"official-{sorted(of_brand).index(brand)}" if sort == AUTHORISED else f"s{dice.randint(1, 400)}{sort[:1]}"
    )
    opened = CAPTURED.date() - timedelta(days=dice.randint(5, 200) if fake else dice.randint(60, 3000))
    seller = Seller(
        marketplace="Bazaar", external_id=seller_id, name=seller_id, country="CN" if fake else "FR", since=opened
    )
    listing = Listing(
        marketplace="Bazaar",
        external_id=str(number),
        title=Text(title),
        seller=seller,
        captured_at=CAPTURED,
        price=Price(Decimal(amount), "EUR"),
        condition=Condition.NEW,
        images=(ImageRef(uri=name),),
    )
    return listing, (brand if sort != HONEST else ""), sort, edit


def _picture(source: Path, edit: str, number: int) -> bytes:
    if edit == "none":
        return source.read_bytes()
    picture = cv2.imread(str(source))
    return encode(EDITS[edit](picture, np.random.default_rng(number)), quality=75)


__all__ = ["AUTHORISED", "BOTH", "COPY", "DATA", "HONEST", "SPELLING", "Market", "available", "build", "to_json"]

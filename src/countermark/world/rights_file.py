"""The rights of the three houses as a rights file, with their logos and official photos beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import yaml

from countermark.world.catalogue import GROUP, HOUSES, MODELS, RATES, House, in_currency, models_of
from countermark.world.drawing.canvas import Canvas
from countermark.world.drawing.emblems import emblem, lockup
from countermark.world.drawing.shapes import Path as Outline
from countermark.world.drawing.shapes import path
from countermark.world.people import Shop, authorised_entries
from countermark.world.pictures import Album, Shot
from countermark.world.scenes import studio

#: Territories by office of the register.
_TERRITORIES = {"EM": ["EU"], "US": ["US"], "CN": ["CN"], "CH": ["CH"], "GB": ["GB"], "WO": ["JP", "KR", "SG", "AU"]}
_SHEET: Outline = path((0, 0), (1000, 0), (1000, 1000), (0, 1000))
Entry = dict[str, object]


@dataclass(frozen=True)
class Studio:
    """The official photos of all houses: uri by (model, colour, view)."""

    photos: dict[tuple[str, int, int], str]


def plan_official_photos(album: Album, *, small: bool) -> Studio:
    """Every model in every colour from the front, and in two colours from an angle; small: in one colour only."""
    photos = {}
    for model in MODELS:
        for colour in range(1 if small else len(model.colours)):
            for view in (0, 1) if colour < 2 and not small else (0,):
                name = f"{_plain(model.name)}-{colour}{'ab'[view]}.jpg"
                shot = Shot(
                    f"official/{model.house.lower()}/{name}",
                    model.goods(colour),
                    studio(model, colour, view),
                    quality=90,
                )
                photos[model.name, colour, view] = album.official(shot)
    return Studio(photos)


def write_rights(folder: Path, shops: list[Shop]) -> Path:
    """Write `rights.yaml` and the logos; the official photos are drawn with the album."""
    (folder / "logos").mkdir(parents=True, exist_ok=True)
    brands = []
    for house in HOUSES:
        _write_logo(folder / _logo(house, "emblem"), emblem(house.name, 500, 500, 390), [])
        areas, lines = lockup(house.name, 500, 500, 700)
        _write_logo(folder / _logo(house, "lockup"), areas, lines)
        brands.append(_brand(house, shops))
    target = folder / "rights.yaml"
    text = yaml.safe_dump(
        {"version": 1, "group": GROUP, "brands": brands}, allow_unicode=True, sort_keys=False, width=110
    )
    head = f"# The rights of {GROUP}: invented, like everything in this market.\n"
    target.write_text(head + text, encoding="utf-8")
    return target


def _plain(name: str) -> str:
    return "".join(c for c in name.lower().replace(" ", "-").replace("é", "e") if c.isascii())


def _logo(house: House, what: str) -> str:
    return f"logos/{house.name.lower()}-{what}.png"


def _write_logo(target: Path, areas: list[Outline], lines: list[Outline]) -> None:
    canvas = Canvas()
    # Prints show only where there is something to print on: the sheet comes first.
    canvas.cover[:] = 1
    canvas.printed([_SHEET], (1, 1, 1))
    canvas.printed(areas, (0.1, 0.09, 0.1))
    canvas.stroke(lines, (0.1, 0.09, 0.1), 9)
    pixels = np.rint(np.clip(canvas.colour, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    small = cv2.resize(pixels, (600, 600), interpolation=cv2.INTER_AREA)
    target.write_bytes(bytes(cv2.imencode(".png", np.asarray(small)[..., ::-1])[1]))


def _brand(house: House, shops: list[Shop]) -> Entry:
    return {
        "name": house.name,
        "owner": f"{house.name} SAS, {GROUP}",
        "price_bands": _bands(house),
        "authorised_sellers": [
            {
                key: value
                for key, value in (("name", e.name), ("marketplace", e.marketplace), ("external_id", e.external_id))
                if value
            }
            for e in authorised_entries(shops, house.name)
        ],
        "never_made": [{"words": list(rule.words), "explanation": rule.explanation} for rule in house.never_made],
        "rights": [*_word_marks(house), *_other_rights(house)],
    }


def _bands(house: House) -> list[Entry]:
    found: dict[str, tuple[int, int]] = {}
    for model in models_of(house.name):
        low, high = found.get(model.band, (model.low, model.high))
        found[model.band] = min(low, model.low), max(high, model.high)
    return [
        {
            "currency": currency,
            "low": str(in_currency(low, currency)),
            "high": str(in_currency(high, currency)),
            "category": band,
        }
        for band, (low, high) in found.items()
        for currency in RATES
    ]


def _word_marks(house: House) -> list[Entry]:
    aliases = [{"value": house.chinese, "language": "zh-Hans"}]
    aliases += [{"value": value, "language": language} for value, language in house.aliases]
    marks: list[Entry] = []
    for number, (office, registration) in enumerate(house.marks):
        since = 2004 + 3 * number + len(house.name)
        about = _registered(office, registration, f"{since}-03-14", f"{since + 30}-03-14", house.classes)
        words = {"kind": "trademark", "title": f"{house.name}, word mark ({office})", "mark": house.name}
        marks.append({**words, "aliases": aliases, **about})
    return [*marks, _chinese_mark(house), _line_mark(house)]


def _chinese_mark(house: House) -> Entry:
    about = _registered("CN", f"5{house.marks[0][1][-6:]}1", "2019-07-21", "2029-07-20", house.classes)
    mark = {"value": house.chinese, "language": "zh-Hans"}
    return {"kind": "trademark", "title": f"{house.chinese}, word mark (CN)", "mark": mark, **about}


def _line_mark(house: House) -> Entry:
    about = _registered("EM", f"0180{house.marks[0][1][-5:]}", "2021-02-02", "2031-02-01", house.classes[:1])
    return {
        "kind": "trademark",
        "title": f"{house.line}, line mark",
        "mark": house.line,
        "generic": True,
        **about,
    }


def _registered(office: str, number: str, since: str, until: str, classes: tuple[int, ...]) -> Entry:
    return {
        "territories": _TERRITORIES[office],
        "classes": list(classes),
        "office": office,
        "number": number,
        "status": "in_force",
        "valid_from": since,
        "valid_to": until,
    }


def _other_rights(house: House) -> list[Entry]:
    figurative: Entry = {
        "kind": "trademark",
        "title": f"{house.name}, emblem",
        "territories": ["EU", "US", "CN"],
        "classes": list(house.classes),
        "office": "WO",
        "number": f"1{house.marks[0][1][-6:]}",
        "status": "in_force",
        "valid_from": "2012-05-30",
        "valid_to": "2032-05-29",
        "logos": [_logo(house, "emblem"), _logo(house, "lockup")],
    }
    photographs: Entry = {
        "kind": "copyright",
        "title": f"{house.name}, official photographs",
        "territories": ["EU", "US", "CN", "GB"],
        "status": "in_force",
        "photos": f"official/{house.name.lower()}",
    }
    shape = {"Corvane": "Pont", "Ondrelle": "Jardin", "Halcyr": "Cadran"}[house.name]
    front = cast("list[object]", [f"official/{house.name.lower()}/{_plain(shape)}-0a.jpg"])
    design: Entry = {
        "kind": "design",
        "title": f"{shape}, registered design",
        "territories": ["EU"],
        "office": "EM",
        "number": f"00{house.marks[0][1][-7:]}-0001",
        "status": "in_force",
        "valid_from": "2023-09-12",
        "valid_to": "2028-09-11",
        "photos": front,
    }
    return [figurative, photographs, design]

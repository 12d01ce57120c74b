"""How many real masked spellings the text signals recognise, and how often they accuse a title that names nobody.

Marks are the Latin and the Chinese name of each house in `lexicon/brand_variants.csv`, no aliases. Houses are split by
the hash of their name. The whole file was read once before any rule was written; after that, rules were tried on the
half called "seen", so that "held out" is a weak promise, not a strong one. Each spelling is measured in two listings:
one that says nothing else, and one that also says 高仿, which lets a masked name count that is too short alone.

A spelling is recognised when a signal points to its house. `by a hint` counts those of which only `text.name_part`
does, which adds to a finding and opens none. False alarms are texts that name no house and in which one is signalled,
hints counted like all else: rows of `products/wdc-offer-titles.csv`; names of `company-names-zh` in the same listing as
the spellings; Latin words of the titles in it. Titles, names and words are split by hash: rules were tried on "dev",
and "test" was measured when they were done.
"""

import csv
import hashlib
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pyarrow as pa
from rapidfuzz.distance import LCSseq

from countermark.model import Portfolio, Right, RightKind, Text
from countermark.signals.text import TextSignals
from countermark.signals.text.folding import latin, plain
from countermark.signals.text.homophones import syllables
from countermark.signals.text.words import is_common

DATA = Path(__file__).parents[2] / "shared" / "data"
REST = "all but nicknames and abbreviations"
SHOWN = "of these, at least half a name shows"
NAMED = ("text.mark", "text.disguised_mark", "text.lookalike")
ABOUT_A_HOUSE = (*NAMED, "text.name_part")
#: One company name, and one word of a title, in so many is measured.
COMPANIES, WORDS = 4, 3
LATIN = re.compile("[A-Za-z\u00c0-\u024f]{2,}")
#: What a shop would write around the spelling, without and with a replica word; taken from no real listing.
FRAMES = {"alone": "新款 {} 包包", "beside a replica word": "新款 {} 包包 高仿"}


def house(row: dict[str, str]) -> str:
    """The house of a spelling; two Latin spellings with one Chinese name are one house."""
    return row["brand_chinese"] or row["brand_latin"]


def held_out(row: dict[str, str]) -> bool:
    """Whether a house was kept apart while the rules were written."""
    return hashlib.sha256(house(row).encode()).digest()[0] % 2 == 1


@cache
def variants() -> list[dict[str, str]]:
    with (DATA / "lexicon" / "brand_variants.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def titles() -> list[str]:
    with (DATA / "products" / "wdc-offer-titles.csv").open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def in_test(text: str) -> bool:
    """Whether a title or company name was kept apart while the rules were written."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def companies() -> list[str]:
    text = (DATA / "company-names-zh" / "company-short-names-28W.txt").read_text(encoding="utf-8-sig")
    return list(filter(None, map(str.strip, text.splitlines())))[::COMPANIES]


def innocent(*, test: bool) -> dict[str, list[str]]:
    """Texts of one half in which no house should be signalled but those that are named."""
    some = [title for title in titles() if in_test(title) is test]
    words = [word for title in some for word in LATIN.findall(title)][::WORDS]
    frame = FRAMES["alone"]
    return {
        "titles": some,
        "company names beside goods": [frame.format(name) for name in companies() if in_test(name) is test],
        "words of titles beside goods": [frame.format(word) for word in words],
    }


def right(brand: str, mark: str, *aliases: str) -> Right:
    return Right(
        brand=brand,
        kind=RightKind.TRADEMARK,
        title=f"{brand}, word mark",
        mark=Text(mark),
        aliases=tuple(Text(alias) for alias in aliases),
    )


def portfolio(rows: list[dict[str, str]]) -> Portfolio:
    names = {row["brand_latin"]: row for row in rows}
    return Portfolio(
        rights=tuple(
            right(house(row), mark, *filter(None, row["brand_chinese"].split("/"))) for mark, row in names.items()
        )
    )


def shows_the_name(row: dict[str, str]) -> bool:
    """Whether a spelling can be told from the name at all, by a rule that knows nothing of the finders.

    At least three Latin letters or two ideographs and half of a name must show, in their order (longest common
    subsequence of the folded letters or, for ideographs, of their syllables), and it must be no everyday word: `Di*`,
    `高～`, `Jean` and `Stone` point to any number of houses.
    """
    written = latin()(row["variant"])
    if is_common("".join(filter(str.isalnum, written))):
        return False
    for name in (row["brand_latin"], *row["brand_chinese"].split("/")):
        letters = [syllables().get(sign, sign) for sign in plain()(name) if sign.isalnum()]
        shown = LCSseq.similarity([syllables().get(sign, sign) for sign in written], letters)
        if letters and 2 * shown >= len(letters) and shown >= (3 if name.isascii() else 2):
            return True
    return False


def recall(rows: list[dict[str, str]], signals: TextSignals, frame: str) -> dict[str, dict[str, float]]:
    """Share of spellings recognised as their house's, by kind; `other` counts spellings given to another house."""
    batch = pa.RecordBatch.from_pydict({"title": [frame.format(row["variant"].strip()) for row in rows]})
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row, measured in zip(rows, signals.measure(batch), strict=True):
        brands = {signal.brand for signal in measured if signal.name in ABOUT_A_HOUSE}
        surely = {signal.brand for signal in measured if signal.name in NAMED}
        kinds = ["all", row["kind_guess"]]
        if "nickname" not in row["kind_guess"] and row["kind_guess"] != "abbrev":
            kinds.append(REST)
            if shows_the_name(row):
                kinds.append(SHOWN)
        for kind in kinds:
            found[kind]["n"] += 1
            found[kind]["found"] += house(row) in brands
            found[kind]["hint"] += house(row) in brands - surely
            found[kind]["other"] += bool(brands - {house(row)})
    return {
        kind: {
            "spellings": c["n"],
            "recall": round(c["found"] / c["n"], 4),
            "by a hint": round(c["hint"] / c["n"], 4),
            "other": round(c["other"] / c["n"], 4),
        }
        for kind, c in sorted(found.items())
    }


def named(title: str, rows: list[dict[str, str]]) -> set[str]:
    """Houses of which a whole name, or a word of five Latin letters of it, stands in the title."""
    folded = title.casefold()
    return {
        house(row)
        for row in rows
        if any(word in folded for word in row["brand_latin"].casefold().split() if len(word) >= 5)
        or row["brand_latin"].casefold() in folded
        or any(name in title for name in row["brand_chinese"].split("/") if name)
    }


def false_alarms(rows: list[dict[str, str]], signals: TextSignals, all_titles: list[str]) -> dict[str, float | int]:
    batch = pa.RecordBatch.from_pydict({"title": all_titles})
    wrong: Counter[str] = Counter()
    for title, measured in zip(all_titles, signals.measure(batch), strict=True):
        accused = {signal.brand: signal.name for signal in measured if signal.name in ABOUT_A_HOUSE}
        for brand in set(accused) - (named(title, variants()) if accused else set()):
            wrong[accused[brand]] += 1
    return {"titles": len(all_titles), "share": round(sum(wrong.values()) / len(all_titles), 5), **wrong}


def run(size: str) -> dict[str, object]:
    if not DATA.is_dir():
        return {"skipped": "no real data beside the project (../shared/data)"}
    rows = variants()
    signals = TextSignals(portfolio(rows))
    result: dict[str, object] = {"size": size, "frames": FRAMES}
    for name, kept in (("seen", False), ("held out", True)):
        some = [row for row in rows if held_out(row) is kept]
        only = TextSignals(portfolio(some))
        result[name] = {
            "houses": len({row["brand_latin"] for row in some}),
            "recall": {frame: recall(some, signals, text) for frame, text in FRAMES.items()},
            "false alarms": {
                half: {what: false_alarms(some, only, texts) for what, texts in innocent(test=half == "test").items()}
                for half in ("dev", "test")
            },
        }
    show(result)
    return result


def main() -> None:
    run(sys.argv[1] if len(sys.argv) > 1 else "small")


def show(result: dict[str, object]) -> None:
    for part in ("seen", "held out"):
        figures = result.get(part)
        if isinstance(figures, dict):
            print(part, figures["houses"], "houses")
            for half, texts in figures["false alarms"].items():
                for what, wrong in texts.items():
                    print(f"  false alarms, {half}: {what:30} {wrong}")
            for frame, kinds in figures["recall"].items():
                for kind, line in kinds.items():
                    print(
                        f"  {frame:22} {kind:37} {line['spellings']:4} recall {line['recall']:.3f}"
                        f", {line['by a hint']:.3f} by a hint"
                    )


if __name__ == "__main__":
    main()

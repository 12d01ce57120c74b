"""Real spellings and titles: recall must not fall, false alarms must not rise. Figures: benchmarks/text_recall.py."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from countermark.model import Portfolio
from countermark.signals.text import TextSignals
from countermark.signals.text.tests.houses import word_mark

pytestmark = pytest.mark.real_data
HOUSE_SIGNALS = {"text.mark", "text.disguised_mark", "text.lookalike"}
HINT = {"text.name_part"}


@pytest.fixture(scope="module")
def spellings(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "lexicon" / "brand_variants.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def signals(spellings: list[dict[str, str]]) -> TextSignals:
    names = {row["brand_latin"]: row["brand_chinese"] for row in spellings}
    rights = [word_mark(latin, latin, *filter(None, chinese.split("/"))) for latin, chinese in names.items()]
    return TextSignals(Portfolio(rights=tuple(rights)))


def houses_in(signals: TextSignals, titles: list[str], names: set[str] = HOUSE_SIGNALS) -> list[set[str]]:
    measured = signals.measure(pa.RecordBatch.from_pydict({"title": titles}))
    return [{s.brand for s in row if s.name in names} for row in measured]


def test_spellings_of_a_replica_shop_are_recognised(signals: TextSignals, spellings: list[dict[str, str]]):
    rows = [r for r in spellings if "nickname" not in r["kind_guess"] and r["kind_guess"] != "abbrev"]
    found = houses_in(signals, [f"新款 {row['variant'].strip()} 包包" for row in rows])
    recognised = sum(row["brand_latin"] in houses for row, houses in zip(rows, found, strict=True))
    assert recognised / len(rows) >= 0.48


def test_pieces_of_names_point_to_another_quarter_of_them(signals: TextSignals, spellings: list[dict[str, str]]):
    rows = [r for r in spellings if "nickname" not in r["kind_guess"] and r["kind_guess"] != "abbrev"]
    found = houses_in(signals, [f"新款 {row['variant'].strip()} 包包" for row in rows], HOUSE_SIGNALS | HINT)
    recognised = sum(row["brand_latin"] in houses for row, houses in zip(rows, found, strict=True))
    assert recognised / len(rows) >= 0.72


def test_real_titles_and_company_names_hold_hardly_a_piece_of_a_name(signals: TextSignals, shared_data: Path):
    with (shared_data / "products" / "wdc-offer-titles.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    names = (shared_data / "company-names-zh" / "company-short-names-28W.txt").read_text(encoding="utf-8-sig")
    beside_goods = [f"新款 {name} 包包" for name in names.split()[::20]]
    for texts in (titles, beside_goods):
        assert sum(map(bool, houses_in(signals, texts, HINT))) / len(texts) <= 0.005


def test_real_titles_that_name_nobody_accuse_nobody(signals: TextSignals, spellings, shared_data: Path):
    with (shared_data / "products" / "wdc-offer-titles.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    names = {row["brand_latin"] for row in spellings}
    alarms = 0
    for title, houses in zip(titles, houses_in(signals, titles), strict=True):
        folded = title.casefold()
        alarms += any(not any(word in folded for word in name.casefold().split()) for name in houses & names)
    assert alarms / len(titles) <= 0.005


def test_replica_words_are_rare_in_real_titles(signals: TextSignals, shared_data: Path):
    with (shared_data / "products" / "wdc-offer-titles.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    measured = signals.measure(pa.RecordBatch.from_pydict({"title": titles}))
    accused = sum(any(s.name in ("text.replica_word", "text.contact_outside") for s in row) for row in measured)
    assert accused / len(titles) <= 0.001

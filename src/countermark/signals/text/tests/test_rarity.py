"""Words that are common in titles or company names point to no house alone."""

import csv
from pathlib import Path

import pytest

from countermark.model import Portfolio
from countermark.signals.text import TextSignals
from countermark.signals.text.build_rarity import build, common_in_companies, common_in_titles
from countermark.signals.text.evidence import MARK
from countermark.signals.text.tests.houses import value_of, word_mark
from countermark.signals.text.words import frequent_words, is_common

DATA = Path(__file__).parents[6] / "shared" / "data"
GENERIC = ("H", "CD", "NY", "Boss", "Coach", "Orange", "Equipment", "华泰")


def test_a_word_is_common_when_titles_write_it_in_lower_case_and_a_name_is_not():
    titles = ["Corvane shoes for men", "Halcyr shoes for women", "Ondrelle shoes with laces"] * 4
    assert set(common_in_titles(titles)) == {"shoes", "for"}
    assert common_in_titles(["all in lower case here"] * 20) == {}


def test_a_stretch_is_common_when_many_companies_begin_or_end_with_it():
    assert common_in_companies(["华泰甲", "华泰乙"] * 20 + ["珂梵", "Abc华泰"]) == {"华泰": 40}


def test_the_table_holds_words_only(tmp_path: Path):
    titles, companies, houses, target = (tmp_path / name for name in ("t.csv", "c.txt", "h.csv", "r.tsv"))
    titles.write_text("title\n" + "Corvane shoes halcyr\n" * 9, encoding="utf-8")
    houses.write_text("brand_latin\nHalcyr\n", encoding="utf-8")
    companies.write_text("华泰甲\n" * 40, encoding="utf-8")
    assert build(titles, companies, houses, target) == 4
    rows = [line for line in target.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert rows == ["shoes\t9", "华泰\t40", "华泰甲\t40", "泰甲\t40"]


@pytest.mark.parametrize("mark", GENERIC)
def test_a_generic_mark_never_fires_fully_alone(mark: str):
    signals = TextSignals(Portfolio(rights=(word_mark("Maison Aurelle", mark, "Aurelline"),)))
    assert value_of(MARK, f"new {mark} bag", signals=signals) <= 0.3
    assert value_of(MARK, f"Aurelline {mark} bag", signals=signals) == 1.0


def test_the_shipped_table_is_small_and_adds_to_the_everyday_words():
    assert 100 < len(frequent_words()) < 5_000
    assert sum(not is_common(word) for word in frequent_words()) > 50


@pytest.mark.skipif(not DATA.is_dir(), reason="no real data beside the project (../shared/data)")
def test_no_real_house_of_the_replica_list_became_a_common_word():
    with (DATA / "lexicon" / "brand_variants.csv").open(encoding="utf-8", newline="") as file:
        latin = {row["brand_latin"].lower() for row in csv.DictReader(file)}
    assert latin & frequent_words() == set()

"""Words for goods, and what is looked at around a piece of a name."""

import csv
from pathlib import Path

import pytest

from countermark.signals.text.build_seen import build, counted, seen_in
from countermark.signals.text.goods import end_of, goods_in, goods_words, start_of
from countermark.signals.text.surroundings import around
from countermark.signals.text.words import describes_no_goods, names_of_people, seen_in_titles

ANY: frozenset[int] = frozenset()


def test_goods_are_read_in_three_languages_with_their_class() -> None:
    assert [g.word for g in goods_in("montres et sacs 手表")] == ["手表", "montres", "sacs"]
    assert {goods_words()[word] for word in ("watch", "手表", "montre")} == {14}
    assert start_of("手提包包邮") == ("手提包", 18)
    assert end_of("new bags") == ("bags", 18)
    assert start_of("bagatelle") is None


def test_no_chinese_word_for_goods_has_one_character() -> None:
    assert [word for word in goods_words() if not word.isascii() and len(word) < 2] == []


@pytest.mark.parametrize(
    ("text", "piece", "goods", "beside"),
    [
        ("新款 甲乙 包包", "甲乙", "包包", True),
        ("甲乙 新款 包包", "甲乙", "包包", True),
        ("包包 甲乙", "甲乙", "包包", True),
        ("甲乙 2024 包邮 现货 包包", "甲乙", "包包", False),
        ("Orvo steel watch", "Orvo", "watch", False),
    ],
)
def test_the_next_goods_are_found_and_whether_they_are_next(text: str, piece: str, goods: str, beside: bool) -> None:
    start = text.index(piece)
    seen = around(text, start, start + len(piece), ANY, beside=False)
    assert seen == (goods, beside)
    assert (around(text, start, start + len(piece), ANY, beside=True) is not None) is beside


@pytest.mark.parametrize("text", ["甲乙丙 包包", "丙甲乙 包包", "甲乙 海报", "甲乙" + " x" * 40 + " 包包"])
def test_part_of_a_longer_name_or_far_from_goods_is_nothing(text: str) -> None:
    start = text.index("甲乙")
    assert around(text, start, start + 2, ANY, beside=False) is None


def test_goods_of_another_class_are_none() -> None:
    assert around("甲乙 包包", 0, 2, frozenset({14}), beside=False) is None
    assert around("甲乙 包包 手表", 0, 2, frozenset({14}), beside=False) is not None


def test_everyday_words_of_goods_and_trade_are_told_from_names_and_life() -> None:
    assert all(map(describes_no_goods, ("franck", "north", "paris")))
    assert not any(map(describes_no_goods, ("stone", "jean", "chrome", "sale", "watch")))
    assert {"franck", "凯文"} <= names_of_people()


def test_a_word_that_stands_beside_one_other_is_a_piece_of_a_name_and_not_counted(tmp_path: Path) -> None:
    titles = ["Morvane Ondelle watch", "Deco bag", "Morvane Ondelle bag", "Deco shoes"] * 30
    assert "deco" in seen_in(titles)
    assert "morvane" not in seen_in(titles)
    source, target = tmp_path / "t.csv", tmp_path / "seen.tsv"
    source.write_text("title\n" + "\n".join(titles) + "\n", encoding="utf-8")
    assert build(source, target) == len(seen_in(title for title in titles if counted(title)))


def test_the_shipped_table_holds_words_only() -> None:
    assert 100 < len(seen_in_titles()) < 2_000
    assert all(word.isascii() and word.isalpha() for word in seen_in_titles())


@pytest.mark.real_data
def test_most_category_words_of_a_replica_shop_are_goods_we_know(shared_data: Path) -> None:
    with (shared_data / "lexicon" / "category_words_zh.csv").open(encoding="utf-8", newline="") as file:
        words = [word for row in csv.DictReader(file) for word in row["words"].split(",")]
    assert sum(bool(goods_in(word)) for word in words) / len(words) >= 0.85

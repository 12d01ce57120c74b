"""Pieces of names: hints that stand beside goods, as words by themselves, and are shared among the houses they fit."""

import pytest

from countermark.model import Portfolio
from countermark.signals.text import TextSignals, pieces
from countermark.signals.text.evidence import DISGUISED, MARK, NAME_PART
from countermark.signals.text.piece_finder import IS_EVERYDAY, IS_RARE
from countermark.signals.text.tests.houses import HOUSES, found, value_of, word_mark

MAKERS = TextSignals(
    Portfolio(
        rights=(
            word_mark("Franck Ondelin", "Franck Ondelin", "法穆岚"),
            word_mark("Orvo Halden", "Orvo Halden", classes=(14,)),
            word_mark("NorthKliff", "NorthKliff", "乐斯科夫"),
            word_mark("Adivas", "Adivas", "阿迪瓦斯"),
            word_mark("Baolun", "Baolun", "暴龙"),
            word_mark("Stone Harbour", "Stone Harbour"),
        )
    )
)


@pytest.mark.parametrize(
    ("title", "piece", "value"),
    [
        ("新款 Franck 手表", "Franck", 0.25),
        ("新款Franck手表", "Franck", 0.25),
        ("新款 𝐍𝐨𝐫𝐭𝐡 羽绒服", "𝐍𝐨𝐫𝐭𝐡", 0.25),
        ("Orvo watch for men", "Orvo", 0.5),
        ("montre Orvo acier", "Orvo", 0.5),
        ("新款 穆岚 包包", "穆岚", 0.5),
        ("新款穆岚女包", "穆岚", 0.5),
        ("新款 法岚 包包", "法岚", 0.5),
        ("👜 迪瓦 男士 运动鞋", "迪瓦", 0.5),
        ("新款 保龙 眼镜", "保龙", 0.25),
        ("新款 阿狄 运动鞋", "阿狄", 0.25),
        ("新款 Nort 羽绒服", "Nort", 0.5),
        ("新款 avidas 运动鞋", "avidas", 0.25),
        ("新款 adavis 运动鞋", "adavis", 0.25),
        ("A阿 运动鞋", "A阿", 0.5),
        ("新款 阿男 运动鞋", "阿男", 0.25),
        ("Fr* 手表", "Fr*", 0.25),
        ("乐～ 羽绒服", "乐～", 0.25),
    ],
)
def test_a_piece_beside_goods_is_a_hint_with_its_exact_place(title: str, piece: str, value: float) -> None:
    assert value_of(NAME_PART, title, signals=MAKERS) == value
    assert found(NAME_PART, title, signals=MAKERS) == [piece]


@pytest.mark.parametrize(
    "title",
    [
        "Franck watch",
        "Franck Provost 手表",
        "新款 Franck 新款 Paris 手表",
        "North jacket for men",
        "Orvo bag for women",
        "Orvo & Sons watch",
        "O'Orvo watch",
        "Orvo-Line watch",
        "Paul Orvo watch",
        "穆岚的信",
        "新款 穆岚娜 包包",
        "新款 阿穆岚 包包",
        "暴龙 恐龙玩具",
        "新款 Nort 海报",
        "Nort jacket",
        "adavis shoes",
        "Stone 戒指",
        "新款 阿递瓷器 运动会",
        "F* 手表",
        "Fr* watch",
        "Fr* 海报",
        "迪 运动鞋",
    ],
)
def test_a_piece_without_goods_in_another_name_or_among_its_own_words_is_none(title: str) -> None:
    assert value_of(NAME_PART, title, signals=MAKERS) == 0


@pytest.mark.parametrize("title", ["法穆岚 穆岚 包包", "Franck Ondelin Franck 手表", "NorthKliff 羽绒服 乐斯"])
def test_a_whole_name_in_the_same_listing_says_more(title: str) -> None:
    assert value_of(NAME_PART, title, signals=MAKERS) == 0
    assert value_of(MARK, title, signals=MAKERS) > 0


def test_a_piece_is_never_the_second_clue_of_another() -> None:
    signals = TextSignals(Portfolio(rights=(word_mark("Orvo Halden", "Orvo Halden", "时"),)))
    assert [s.name for s in signals.measure_text("Orvo 时 手表")] == [NAME_PART]


def test_pieces_are_shared_among_the_houses_they_fit_and_with_many_they_point_to_none() -> None:
    def houses(count: int) -> TextSignals:
        rights = (word_mark(f"House {n}", f"Orvo {chr(97 + n) * 6}") for n in range(count))
        return TextSignals(Portfolio(rights=tuple(rights)))

    two = houses(2).measure_text("Orvo watch")
    assert [(s.brand, s.value, s.facts["houses"]) for s in two] == [("House 0", 0.25, "2"), ("House 1", 0.25, "2")]
    assert len(houses(pieces.MOST_HOUSES).measure_text("Orvo watch")) == pieces.MOST_HOUSES
    assert houses(pieces.MOST_HOUSES + 1).measure_text("Orvo watch") == []


def test_the_facts_say_what_it_is_a_piece_of_how_rare_and_beside_what() -> None:
    rare, everyday = (MAKERS.measure_text(title)[0].facts for title in ("新款 穆岚 手提包", "新款 Franck 手表"))
    assert (rare["mark"], rare["how"], rare["rarity"], rare["goods"]) == (
        "法穆岚",
        pieces.CHARACTERS,
        IS_RARE,
        "手提包",
    )
    assert (everyday["how"], everyday["rarity"], everyday["houses"]) == (pieces.WORD, IS_EVERYDAY, "1")


def test_goods_must_be_of_a_class_that_the_house_has_rights_in() -> None:
    assert value_of(NAME_PART, "Orvo watch", signals=MAKERS) == 0.5
    assert value_of(NAME_PART, "Orvo jacket", signals=MAKERS) == 0


def test_a_word_near_a_name_may_drop_or_exchange_letters_and_have_no_new_ones() -> None:
    assert value_of(NAME_PART, "新款 Corve 包包") == 0.25
    assert value_of(NAME_PART, "新款 Halr 手表") == 0.25
    assert value_of(NAME_PART, "新款 Halxyz 手表") == 0


def test_descriptions_are_not_searched() -> None:
    assert HOUSES.measure_text("女包", description="黛儿 女包") == []


def test_a_word_written_backwards_is_a_disguise_from_six_letters_on() -> None:
    assert value_of(DISGUISED, "enavroC bag") == 0.8
    assert found(DISGUISED, "new ellerdnO, silk") == ["ellerdnO"]
    assert value_of(DISGUISED, "savida shoes", signals=MAKERS) == 0.8
    short = TextSignals(Portfolio(rights=(word_mark("Orvol", "Orvol"),)))
    assert value_of(DISGUISED, "lovro shoes", signals=short) == 0

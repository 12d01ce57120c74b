"""Chinese names in which one character was exchanged for one that looks like it."""

from pathlib import Path

import pytest

from countermark.model import Brand, Portfolio, Right, RightKind, Text
from countermark.signals.text import TextSignals
from countermark.signals.text.build_shapes import ALIKE, ideographs, likeness
from countermark.signals.text.shapes import shapes

FONTS = [Path("/usr/share/fonts/opentype/noto") / name for name in ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")]


@pytest.fixture(scope="module")
def signals() -> TextSignals:
    rights = tuple(
        Right(brand="Corvane", kind=RightKind.TRADEMARK, title=name, mark=Text(name, "zh"))
        for name in ("柯普达", "普达", "柯晋达特")
    )
    return TextSignals(Portfolio(brands=(Brand(name="Corvane"),), rights=rights))


def values(signals: TextSignals, title: str) -> list[tuple[str, str, float]]:
    found = signals.measure_text(title)
    return [(one.facts["found"], one.facts["tricks"], one.value) for one in found if "tricks" in one.facts]


def test_one_character_that_looks_alike_is_found_where_it_stands(signals: TextSignals) -> None:
    (seen,) = [one for one in signals.measure_text("正品柯晋达手袋") if one.facts.get("mark") == "柯普达"]
    assert (seen.facts["found"], seen.facts["tricks"], seen.value) == ("柯晋达", "characters that look alike", 0.7)
    assert (seen.spans[0].start, seen.spans[0].end) == (2, 5)


def test_the_name_itself_and_names_with_two_others_are_none(signals: TextSignals) -> None:
    assert values(signals, "柯普达手袋") == []
    assert values(signals, "河晋达手袋") == [("晋达", "characters that look alike", 0.3)]


def test_another_name_of_the_portfolio_is_no_disguise_of_this_one() -> None:
    rights = tuple(
        Right(brand="Corvane", kind=RightKind.TRADEMARK, title=name, mark=Text(name, "zh"))
        for name in ("柯普达", "柯晋达")
    )
    both = TextSignals(Portfolio(brands=(Brand(name="Corvane"),), rights=rights))
    assert values(both, "柯晋达手袋") == []


def test_of_two_characters_it_needs_a_second_clue(signals: TextSignals) -> None:
    assert values(signals, "晋达手袋") == [("晋达", "characters that look alike", 0.3)]
    assert values(signals, "晋达手袋 高仿") == [("晋达", "characters that look alike", 0.7)]


def test_the_table_names_pairs_that_people_confuse_and_no_character_itself() -> None:
    table = shapes()
    for one, other in ("己已", "未末", "士土", "普晋", "戊戌", "大太", "人入", "儿几", "王玉", "毫亳"):
        assert other in table[one]
    assert all(letter not in near for letter, near in table.items())
    assert len(ideographs()) == 6763


@pytest.mark.skipif(not all(font.exists() for font in FONTS), reason="needs Noto CJK fonts (Debian: fonts-noto-cjk)")
def test_the_shipped_table_says_what_the_letters_look_like() -> None:
    pytest.importorskip("PIL.ImageFont")
    letters = ideographs()[:300]
    alike = likeness(letters, tuple(FONTS))
    for place, letter in enumerate(letters):
        listed = {other for other in letters if other in shapes().get(letter, "")}
        # Another release of a font moves a hair of a stroke.
        assert all(alike[place, letters.index(other)] > ALIKE - 0.05 for other in listed)
    assert (alike > ALIKE).sum() < 300

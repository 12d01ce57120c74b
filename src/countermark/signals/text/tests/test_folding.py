"""Folds: idempotent, exact about where each character came from, and gentle with plain text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.signals.text import alphabets
from countermark.signals.text.codes import CharacterFold, codes_of, origins, text_of
from countermark.signals.text.folding import latin, plain, skeleton

FOLDS = {"plain": plain, "latin": latin, "skeleton": skeleton}
# Ordinary text, and characters that our tables change, in one strategy: the second sort is rare by chance.
CHANGED = st.sampled_from(sorted({*alphabets.confusables(), *alphabets.STYLED, *alphabets.BORROWED, *"ﬁßæ㈱Ⅷ™ͅﾞ"}))
TEXTS = st.lists(st.characters() | CHANGED, max_size=40).map("".join)
anyfold = pytest.mark.parametrize("fold", FOLDS.values(), ids=FOLDS)


@anyfold
@settings(deadline=None)
@given(text=TEXTS)
@example(text="ϓ̈ﬃⒸᶜ🅲🇨" + "\u200b\u202e")
def test_folding_twice_changes_nothing_more(fold, text: str):
    once = fold()(text)
    assert fold()(once) == once


@anyfold
@settings(deadline=None)
@given(text=TEXTS)
def test_offsets_rise_stay_in_range_and_name_the_character_that_was_folded(fold, text: str):
    folded = fold().text(text)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= offset < len(text) for offset in folded.offsets)
    by_origin: dict[int, str] = {}
    for character, offset in zip(folded.text, folded.offsets, strict=True):
        by_origin[offset] = by_origin.get(offset, "") + character
    assert all(by_origin.get(place, "") == fold()(character) for place, character in enumerate(text))


@anyfold
@settings(deadline=None)
@given(first=TEXTS, second=TEXTS)
def test_a_fold_of_two_texts_is_the_two_folds(fold, first: str, second: str):
    assert fold()(first + second) == fold()(first) + fold()(second)


@pytest.mark.parametrize("fold", [plain, latin])
@settings(deadline=None)
@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_lower_case_ascii_stays_as_it_is(fold, text: str):
    assert fold()(text.lower()) == text.lower()
    assert fold()(text) == text.lower()


@anyfold
@settings(deadline=None)
@given(character=st.characters() | CHANGED)
def test_one_character_folds_alike_alone_and_in_a_batch(fold, character: str):
    assert fold().character(character) == fold()(character)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("CORVÁNE", "corvane"),
        ("ＣＯＲＶＡＮＥ", "corvane"),
        ("ﬁne Straße Œuvre Łódź", "fine strasse oeuvre lodz"),
        ("LONGİNES ıI", "longines ii"),
        ("Corvane™", "corvane "),
        ("珂梵", "珂梵"),
        ("٤٥", "45"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_plain_folds_what_nobody_hides_behind(text: str, folded: str):
    assert plain()(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "Соrvаnе",
        "СОRVАNЕ",
        "𝐂𝐨𝐫𝐯𝐚𝐧𝐞",
        "𝒞𝓸𝔯𝕧𝖆𝗻ℯ",
        "🅲🅾🆁🆅🅰🅽🅴",
        "🇨🇴🇷🇻🇦🇳🇪",
        "ⓒⓞⓡⓥⓐⓝⓔ",
        "⒞⒪⒭⒱⒜⒩⒠",
        "ᴄᴏʀᴠᴀɴᴇ",
        "ᶜᵒʳᵛᵃⁿᵉ",
        "C\u200bo\u200dr\ufeffv\u2060ane",
        "\u202aCorvane\u202c",
        "C̶o̶r̶v̶a̶n̶e̶",
        "C\ufe0forvane",
    ],
)
def test_latin_reads_tricks_as_a_reader_does(text: str):
    assert latin()(text) == "corvane"
    assert plain()(text) != "corvane"


@pytest.mark.parametrize("text", ["c0rvane", "C O R V A N E", "c.o.r.v.@.n.e", "Соrvаnе", "corvane!"[:-1]])
def test_skeletons_of_a_mark_and_of_its_disguises_are_one(text: str):
    assert skeleton()(text) == skeleton()("corvane")


def test_skeletons_do_not_tell_i_from_l_or_one():
    assert len({skeleton()(text) for text in ("halcyr", "haIcyr", "ha1cyr", "ha|cyr", "ha!cyr")}) == 1


def test_a_span_covers_every_original_character_of_a_stretch():
    folded = latin().text("x ﬁ\u200bne y")
    start = folded.text.index("fine")
    assert folded.span(start, start + 4) == (2, 6)


def test_dropped_characters_leave_no_origin():
    codes, ends = latin().codes(codes_of("a\u200bb"))
    assert text_of(codes) == "ab"
    assert origins(ends, codes_of("\0\1").astype("int64")).tolist() == [0, 2]


def test_lone_surrogates_from_hostile_json_do_not_break_a_fold():
    assert plain()("a\ud800b") == "a\ud800b"


def test_a_fold_that_never_settles_is_cut_off():
    growing = CharacterFold(lambda c: c + "x" if c == "a" else c, [ord("a")])
    assert growing("a").startswith("ax")

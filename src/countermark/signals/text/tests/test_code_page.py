"""Our code page: nothing is lost by a character that stands in it."""

import numpy as np
import pytest

from countermark.signals.text.code_page import CHARACTERS, in_page, places
from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import is_hidden, latin, plain, skeleton
from countermark.signals.text.masks import _mask_table
from countermark.signals.text.views import CLINGING, GAP, Block, classes


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_character_of_the_page_is_read_alike_by_all_and_hides_nothing(character: str):
    folded = plain().character(character)
    kind = classes()[ord(character)]
    assert (len(folded) == 1 and folded.isascii()) or (folded == character and kind == GAP)
    assert latin().character(character) == folded
    assert len(skeleton().character(character)) <= 1
    assert skeleton().character(character).isascii()
    assert classes()[ord(folded)] == kind
    assert not _mask_table()[ord(folded)]
    assert not _mask_table()[ord(character)]
    assert not is_hidden(character)
    assert ord(character) not in CLINGING


def test_each_character_has_one_octet_beyond_ascii_and_none_the_last():
    assert len(places()) == len(CHARACTERS)
    assert set(places().values()) == set(range(0x80, 0x80 + len(CHARACTERS)))
    assert len(CHARACTERS) < 0x80


def test_a_text_of_the_page_is_one_octet_a_character_and_others_are_not():
    assert in_page("Łódź 40 €") == bytes(places().get(c, ord(c) & 0x7F) for c in "Łódź 40 €")
    assert in_page("珂梵") is None
    assert in_page("\ufffe") is None
    assert in_page("\ud800") is None


@pytest.mark.parametrize("fold", [plain(), skeleton()], ids=["plain", "skeleton"])
def test_the_page_is_folded_as_wide_characters_are(fold):
    text = f" {CHARACTERS} Corvane "
    block = Block([text], [0], ["title"])
    assert block.codes.dtype == np.uint8
    (narrow, kept), (wide, came_from) = fold.codes(block.codes), fold.codes(codes_of(block.joined))
    of_octet = {octet: ord(character) for character, octet in places().items()}
    assert [of_octet.get(code, code) for code in narrow.tolist()] == wide.tolist()
    assert (kept is None) == (came_from is None)
    assert kept is None or kept.tolist() == came_from.tolist()


@pytest.mark.parametrize("table", [classes(), _mask_table()], ids=["classes", "masks"])
def test_tables_say_the_same_of_the_page_and_of_wide_characters(table):
    block = Block([f"{CHARACTERS} Corvane 40"], [0], ["title"])
    assert table.of(block.codes).tolist() == table.of(codes_of(block.joined)).tolist()

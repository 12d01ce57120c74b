"""The shipped table is what the script makes of Unicode's file, and nothing in it is a surprise."""

from pathlib import Path

import pytest

from countermark.signals.text.alphabets import TABLE, confusables
from countermark.signals.text.build_confusables import build, read_as

SOURCE = """\ufeff# confusables.txt
# Version: 99.0.0
0421 ;\t0043 ;\tMA\t# ( С → C ) CYRILLIC CAPITAL LETTER ES → LATIN CAPITAL LETTER C
0061 ;\t0430 ;\tMA\t# an ASCII source
00E9 ;\t0065 0301 ;\tMA\t# folds anyway
3007 ;\t004F ;\tMA\t# East Asian
2225 ;\t006C 006C ;\tMA\t# a sign, no letter
0461 ;\t0072 006E ;\tMA\t# rn
broken line
0636 ;\t0637 ;\tMA\t# not Latin
"""


def test_only_foreign_letters_that_pass_for_latin_ones_are_kept(tmp_path: Path):
    source, target = tmp_path / "confusables.txt", tmp_path / "out.tsv"
    source.write_text(SOURCE, encoding="utf-8")
    assert build(source, target) == 2
    lines = target.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["0421\tc", "0461\tm"]
    assert "99.0.0" in lines[1]


@pytest.mark.parametrize(("text", "letters"), [("É", "e"), ("rn", "m"), ("珂", ""), ("a-b", ""), ("", "")])
def test_a_prototype_is_read_in_lower_case_ascii(text: str, letters: str):
    assert read_as(text) == letters


def test_the_shipped_table_has_its_notice_and_only_lower_case_ascii_readings():
    assert "Unicode" in TABLE.with_name("CONFUSABLES-LICENSE.txt").read_text(encoding="utf-8")
    assert len(confusables()) > 700
    for character, letters in confusables().items():
        assert not character.isascii()
        assert letters.isascii()
        assert letters.isalnum()
        assert letters == letters.lower()


@pytest.mark.real_data
def test_the_shipped_table_is_made_from_the_published_file(shared_data: Path, tmp_path: Path):
    build(shared_data / "confusables" / "unicode-confusables.txt", tmp_path / "table.tsv")
    assert (tmp_path / "table.tsv").read_bytes() == TABLE.read_bytes()

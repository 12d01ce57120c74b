"""The shipped table is what the script makes of Unicode's file, and nothing in it is a surprise."""

import hashlib
import lzma
import unicodedata
from pathlib import Path

import pytest

from countermark.signals.text.alphabets import TABLE, confusables
from countermark.signals.text.build_confusables import build, passes_for_latin, prototypes, read_as
from countermark.signals.text.folding import latin

PUBLISHED = Path(__file__).with_name("unicode-confusables-18.0.0.txt.xz")
SHA_256 = "6ed3ee967c9dfdf6677d563c9985182fbc50a2efb7d6059cd57b2e2ce18f5b92"

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


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="is made with the oldest Python that runs this")
def test_the_shipped_table_is_made_from_the_published_file(tmp_path: Path):
    assert hashlib.sha256(lzma.decompress(PUBLISHED.read_bytes())).hexdigest() == SHA_256
    assert SHA_256 in TABLE.with_name("CONFUSABLES-LICENSE.txt").read_text(encoding="utf-8")
    build(PUBLISHED, tmp_path / "table.tsv")
    assert (tmp_path / "table.tsv").read_bytes() == TABLE.read_bytes()


@pytest.mark.parametrize(
    ("written", "read"),
    [("\U0001ccd6\U0001ccd7\U0001ccf2", "ab2"), ("\U00016eb6", "b"), ("Ԛ", "q"), ("Ⱬ", "z"), ("ʩ", "fn")],
)
def test_letters_newer_than_python_and_pairs_newer_than_unicode_15_are_read(written: str, read: str):
    assert latin()(written) == read


@pytest.mark.real_data
def test_what_an_older_version_reads_as_latin_is_read_so_still_but_for_what_unicode_withdrew(shared_data: Path):
    older = (shared_data / "confusables" / "unicode-confusables.txt").read_text(encoding="utf-8-sig").splitlines()
    rows = [(code, read_as(prototype), name) for code, prototype, name in prototypes(older)]
    read = [chr(code) for code, letters, name in rows if passes_for_latin(code, letters, name)]
    assert len(read) > 700
    assert {one for one in read if not read_as(latin()(one))} == {"ͺ", "ẚ", "𐔜"}

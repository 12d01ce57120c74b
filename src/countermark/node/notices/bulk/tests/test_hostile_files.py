"""Files of notices that are no such files, or hide something: told by their place, never kept unread."""

import pytest

from countermark.node.kernel.errors import Invalid
from countermark.node.notices.bulk import reading


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-finding-column"),
        (b"PK\x03\x04finding", "no-finding-column"),
        (b"<html>finding</html>", "no-finding-column"),
        ("finding\nfnd_1".encode("utf-16"), "not-text"),
        (b'finding,explanation\nfnd_1,"open\n', "not-csv"),
        (b"finding,explanation\nfnd_1," + b"x" * 1_000_000, "not-csv"),
        (b"finding,finding\na,b\n", "column-twice"),
        (b"finding,signer\na,Ada Quill\n", "column-unknown"),
        (b"finding\n" + b"," * 200_000, "no-rows"),
        (b"finding\n" + b"fnd_1\n" * 10_001, "too-many-rows"),
    ],
)
def test_what_is_no_file_of_notices_is_refused_as_a_whole(data, code):
    with pytest.raises(Invalid) as refused:
        reading.read_file(data)
    assert [one.code for one in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("fnd_2,FR,a\0b", "not-text"),
        ("fnd_2,FR,\u202edaer uoy sa ton", "not-shown"),
        ("fnd_2,FR,\x1b[2Jcleared", "not-shown"),
        ("fnd_2,\u2066FR,plain", "not-shown"),
        ("fnd_\u200b2,FR,plain", "not-shown"),
        ("fnd_2,FR,plain,more", "row-cells"),
        (",FR,plain", "finding-missing"),
        (f"{'f' * 41},FR,plain", "too-long"),
    ],
)
def test_a_row_that_hides_something_is_left_out_and_the_others_are_kept(cell, code):
    found = reading.read_file(f"finding,country,explanation\nfnd_1,FR,good\n{cell}\nfnd_3,FR,good\n".encode())
    assert [one.finding for one in found.rows] == ["fnd_1", "fnd_3"]
    assert found.numbers == (1, 3)
    assert [(one.field, one.code) for one in found.refused] == [("row 2", code)]


def test_a_formula_is_text_and_lines_of_a_cell_stay():
    found = reading.read_file(b"finding;explanation\nfnd_1;\"=cmd|' /C calc'!A0\nsecond line\"\n")
    assert found.rows[0].explanation == "=cmd|' /C calc'!A0\nsecond line"

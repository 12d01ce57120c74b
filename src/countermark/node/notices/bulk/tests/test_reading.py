"""Files of notices: what is wrong is named by row and column, and nothing is guessed."""

import pytest

from countermark.node.kernel.errors import Invalid
from countermark.node.notices.bulk.choosing import Row
from countermark.node.notices.bulk.reading import read_rows


def test_columns_are_read_by_name_and_empty_lines_do_not_count():
    data = '\ufefffinding,Country,explanation\r\nfnd_1,FR,"one, two"\r\n\r\nfnd_2\r\n'.encode()
    assert read_rows(data) == [Row(finding="fnd_1", country="FR", explanation="one, two"), Row(finding="fnd_2")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no column"),
        (b"listing\nlst_1\n", "no column"),
        (b"finding,price\nfnd_1,3\n", "price"),
        (b"finding,finding\nfnd_1,3\n", "twice"),
        (b"finding\nfnd_1,FR\n", "Row 1 has 2 cells"),
        (b"finding,country\n,FR\n", "Row 1 names no finding"),
        (b"finding,right\nfnd_1," + b"x" * 41 + b"\n", "Column right of row 1"),
        (b'finding\n"fnd_1\n', "cannot be read as CSV"),
        (b"finding\nfnd_\xff\n", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data, says):
    with pytest.raises(Invalid, match=says):
        read_rows(data)

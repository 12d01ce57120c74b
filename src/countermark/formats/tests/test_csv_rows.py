"""CSV from everywhere: rows survive whatever stands in their neighbours."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats import Limits, UnreadableSource
from countermark.formats.csv_rows import CsvRecords
from countermark.formats.streams import ByteStream

HEAD = "id,title,price,currency\n"


def records(text: str | bytes, limits: Limits | None = None) -> list[tuple[list[str], str]]:
    data = text if isinstance(text, bytes) else text.encode()
    reader = CsvRecords(ByteStream(io.BytesIO(data), "a.csv"), limits or Limits(), ",")
    return list(reader)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_names_it_parts(write, read, mark: str) -> None:
    path = write(
        "a.csv",
        mark.join(["id", "title", "price", "currency"]) + "\n" + mark.join(["1", "Tote", "12.50", "EUR"]) + "\n",
    )
    found = read(path)
    assert found.problems == []
    assert found.listings[0].title.value == "Tote"
    assert str(found.listings[0].price) == "12.50 EUR"


def test_a_title_may_hold_line_ends_quotes_and_delimiters(write, read) -> None:
    found = read(write("a.csv", HEAD + '1,"Tote, ""Pont""\r\nin black",12,EUR\r\n2,Scarf,9,EUR\r\n'))
    assert found.problems == []
    assert [listing.title.value for listing in found.listings] == ['Tote, "Pont"\r\nin black', "Scarf"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides_the_encoding(write, read, encoding: str) -> None:
    found = read(write("a.csv", (HEAD + "1,珂梵 été,12,EUR\n").encode(encoding)))
    assert found.problems == []
    assert found.listings[0].title.value == "珂梵 été"


def test_a_latin1_row_is_told_and_the_others_kept(write, read) -> None:
    found = read(write("a.csv", HEAD.encode() + b"1,Foulard d'\xe9t\xe9,12,EUR\n2,Tote,12,EUR\n"))
    assert found.ids == ["2"]
    (problem,) = found.problems
    assert (problem.row, problem.code, problem.mend) == (1, "not-utf8", "Save the file as UTF-8.")


def test_a_quote_that_never_closes_costs_its_own_row_only(write, read) -> None:
    rows = "".join(f"{n},Tote {n},12,EUR\n" for n in range(2, 500))
    found = read(write("a.csv", HEAD + '1,"Tote,12,EUR\n' + rows))
    assert found.codes == [(1, "broken-quotes")]
    assert len(found.listings) == 498


def test_a_quote_that_closes_far_below_swallows_nothing(write, read) -> None:
    found = read(write("a.csv", HEAD + '1,"Tote,12,EUR\n2,Scarf,9,EUR\n3,Watch,5,EUR\n4,"Belt,7,EUR\n5,Bag,3,EUR\n'))
    assert found.ids == ["2", "3", "5"]
    assert found.codes == [(1, "broken-quotes"), (4, "broken-quotes")]


def test_a_quote_in_the_middle_of_a_plain_cell_is_only_a_quote(write, read) -> None:
    found = read(write("a.csv", HEAD + '1,Tablet 7" case,12,EUR\n'))
    assert found.listings[0].title.value == 'Tablet 7" case'


def test_a_row_with_too_few_or_too_many_cells_is_told(write, read) -> None:
    found = read(write("a.csv", HEAD + "1,Tote\n2,Tote,1,EUR,x\n3,Tote,1,EUR,,\n4,Tote,1,EUR\n"))
    assert found.ids == ["3", "4"]
    assert found.codes == [(1, "wrong-number-of-cells"), (2, "wrong-number-of-cells")]
    assert "2 cells where the header has 4" in found.problems[0].message


def test_blank_rows_are_passed_over_and_counted(write, read) -> None:
    found = read(write("a.csv", HEAD + "\n,,,\n3,,1,EUR\n"))
    assert found.codes == [(3, "missing-title")]


def test_a_line_beyond_the_limit_is_passed_over_and_the_next_rows_kept(write, read) -> None:
    text = HEAD + "1,Tote,1,EUR\n2," + "x" * 5000 + ",1,EUR\n3,Tote,1,EUR\n"
    found = read(write("a.csv", text), limits=Limits(record_bytes=1000))
    assert found.ids == ["1", "3"]
    assert found.codes == [(2, "row-too-long")]


def test_a_record_over_many_lines_beyond_the_limit_is_told(write, read) -> None:
    text = HEAD + '1,"' + "xxxxxxxxx\n" * 500 + '",1,EUR\n900,Tote,1,EUR\n'
    found = read(write("a.csv", text), limits=Limits(record_bytes=1000))
    assert found.ids == ["900"]
    assert found.codes[0] == (1, "broken-quotes")


def test_a_cell_beyond_any_text_is_told_as_that(write, read) -> None:
    found = read(write("a.csv", HEAD + "1," + "x" * 200_000 + ",1,EUR\n2,Tote,1,EUR\n"))
    assert found.ids == ["2"]
    assert found.codes == [(1, "cell-too-long")]


def test_a_nul_in_a_title_is_told(write, read) -> None:
    found = read(write("a.csv", HEAD + "1,To\0te,1,EUR\n2,Tote,1,EUR\n"))
    assert found.ids == ["2"]
    assert found.codes == [(1, "broken-text")]


def test_line_ends_of_old_machines_are_understood(write, read) -> None:
    assert read(write("a.csv", HEAD.replace("\n", "\r") + "1,Tote,1,EUR\r2,Scarf,1,EUR\r")).ids == ["1", "2"]


def test_a_hostile_file_of_open_quotes_is_read_in_linear_time() -> None:
    # Every line ends inside quotes, whether it begins inside or outside: each could send us back to its neighbour.
    line = 'a,"' + "b" * 50 + "\n"
    text = HEAD + line * 40_000
    assert sum(1 for _ in records(text, Limits(record_bytes=100_000))) <= 40_001


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,Tote,12,EUR\n", "no-known-columns"),
        ("title,price\nTote,1\n", "missing-column"),
        ("id,price\n1,1\n", "missing-column"),
        ('"id,title\n1,Tote\n', "broken-quotes"),
        ("", "empty-file"),
        ("\n", "no-known-columns"),
    ],
)
def test_a_file_without_a_usable_header_is_refused_with_its_mend(write, read, text: str, code: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        read(write("a.csv", text))
    assert refused.value.problem.code == code
    assert refused.value.problem.mend


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=8)


@given(st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), max_size=6))
def test_what_the_standard_library_writes_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["id", "title", "x"], *rows])
    assert records(text.getvalue()) == [(["id", "title", "x"], ""), *((row, "") for row in rows)]


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    for cells_read, code in records(b"id,title\n" + data):
        assert bool(cells_read) != (code not in ("", "wrong-number-of-cells", "not-utf8"))

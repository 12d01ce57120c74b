"""Checking whole columns and checking row by row come to the same listings and the same problems."""

from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.formats.columns import SYNONYMS
from countermark.formats.limits import Limits
from countermark.formats.listing_check import check_chunk
from countermark.formats.listing_row import Place, RowRules
from countermark.formats.raw import RawChunk
from countermark.formats.seen import Seen

PLACE = Place("shop.csv", datetime(2026, 5, 1, tzinfo=UTC), "Bazaar", "en")
RULES = RowRules(Limits(), datetime(2026, 6, 1, tzinfo=UTC))

#: Values near the edges of every rule, beside texts of any kind.
EDGES = [
    "", " ", "0", "1", "12", "12.50", "0.5", "007", "1.299", "1,299", "1,299.00", "129 EUR", "129.00 USD",
    "¥199", "EUR", "eur", "XXX", "USD", "€", "CN", "cn", "UK", "FR", "new", "NEW", "used", "二手",
    "https://schema.org/UsedCondition", "weird", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00",
    "2026-02-31T12:00:00Z", "1989-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2026-03-01T12:00:00+08:00",
    "2020-01-01", "2020-02-31", "1890-01-01", "a.jpg", "a.jpg|b.jpg", "[\"a.jpg\"]", "[1]", "图.jpg",
    "https://x.example/a", "http://é", "ftp://x", "12345678", "123456789012X", "fr", "zh-Hans", "zh_Hans",
    "!!", "a\0b", "a\x07b", " padded ", "\u3000wide", "x\u200by", "x" * 2001, "中" * 700, "out_of_stock",
    "in stock", "9" * 16, "999999999999", "9999999999999", "-1", "nan", "\x1c", "\x85", "tab\there",
]  # fmt: skip
values = st.none() | st.sampled_from(EDGES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
fields = st.sampled_from([name for name in SYNONYMS if name != "image_hashes"])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[str | None]]:
    count = draw(st.integers(1, 4))
    column = st.lists(values, min_size=count, max_size=count)
    table = draw(st.dictionaries(fields, column, max_size=8))
    table.setdefault("external_id", [f"id-{n}" for n in range(count)])
    table.setdefault("title", ["Corvane tote"] * count)
    return table


@settings(max_examples=400, deadline=None)
@example({"external_id": ["id-0"], "title": ["Corvane tote"], "price_currency": ["a\0b"]})
@example({"external_id": ["id-0"], "title": ["Corvane tote"], "availability": ["a\0b"]})
@example({"external_id": ["id-0"], "title": ["Corvane tote"], "availability": ["x" * 10_000]})
@example(
    {"external_id": ["id-0"], "title": ["Corvane tote"], "sale_price": ["1 EUR"], "sale_price_dates": ["2020-01-01"]}
)
@given(tables())
def test_whole_columns_and_single_rows_agree(table: dict[str, list[str | None]]) -> None:
    count = len(table["title"])
    rows = [{name: column[at] for name, column in table.items() if column[at] is not None} for at in range(count)]
    numbers = list(range(1, count + 1))
    by_columns = RawChunk(PLACE, numbers, {name: pa.array(column, pa.string()) for name, column in table.items()})
    by_rows = RawChunk(PLACE, odd=list(zip(numbers, rows, strict=True)))
    with Seen() as one, Seen() as other:
        fast, fast_numbers, fast_problems = check_chunk(by_columns, RULES, one)
        slow, slow_numbers, slow_problems = check_chunk(by_rows, RULES, other)
    assert fast.to_pylist() == slow.to_pylist()
    assert fast_numbers == slow_numbers
    assert fast_problems == slow_problems
    fast.validate(full=True)


def test_rows_keep_their_order_when_some_go_row_by_row() -> None:
    titles = ["a", "b\0", "ccc", "d" * 1999 + "é", "e"]
    chunk = RawChunk(PLACE, [1, 2, 3, 4, 5], {"external_id": pa.array(list("12345")), "title": pa.array(titles)})
    chunk.odd = [(6, {"external_id": "6", "title": "f"})]
    with Seen() as seen:
        batch, numbers, problems = check_chunk(chunk, RULES, seen)
    assert batch.column("external_id").to_pylist() == ["1", "3", "4", "5", "6"]
    assert numbers == [1, 3, 4, 5, 6]
    assert [(problem.row, problem.code) for problem in problems] == [(2, "broken-text")]

"""Columns are known by many names, whatever their case and spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.columns import SYNONYMS, field_of, map_columns, normalise_name


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("ID", "external_id"),
        ("\ufeffitem_id", "external_id"),
        ("Image Link", "images"),
        ("g:additional_image_link", "more_images"),
        ("Catégorie", "category"),
        ("Seller Name", "seller_name"),
        ("seller-id", "seller_external_id"),
        ("首图", None),
        ("标题", "title"),
        ("Captured At", "captured_at"),
        ("captured_at_utc", "captured_at_utc"),
        ("weight", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_column_is_known_by_its_usual_names(name: str, field: str | None) -> None:
    assert field_of(name) == field


def test_no_name_stands_for_two_fields() -> None:
    names = [name for names in SYNONYMS.values() for name in names]
    assert len(names) == len(set(names))


def test_every_name_in_the_table_is_found_as_it_is_written() -> None:
    for field, names in SYNONYMS.items():
        for name in names:
            assert normalise_name(name) == name
            assert field_of(name) == field


def test_the_better_name_wins_whichever_stands_first() -> None:
    assert map_columns(["sku", "external_id", "title"])["external_id"] == 1
    assert map_columns(["external_id", "sku", "title"])["external_id"] == 0


def test_of_two_columns_with_one_name_the_left_one_counts() -> None:
    assert map_columns(["title", "Title"])["title"] == 0


@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_header_is_mapped_without_a_fall(names: list[str]) -> None:
    for index in map_columns(names).values():
        assert 0 <= index < len(names)

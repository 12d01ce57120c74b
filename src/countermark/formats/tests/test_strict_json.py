"""JSON is read by its standard, and with the two refusals that honest files never meet."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.strict_json import NotJson, NumberText, read_json


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[NaN]", "not-json"),
        ("[-Infinity]", "not-json"),
        ('{"a": 1, "a": 1}', "duplicate-key"),
        ('{"a": {"b": 1, "b": 2}}', "duplicate-key"),
        ("[" * 100_000, "too-deep"),
        ("[" * 65 + "]" * 65, "too-deep"),
        ('{"a":' * 70 + "1" + "}" * 70, "too-deep"),
        ("{'a': 1}", "not-json"),
        ("[1,]", "not-json"),
        ("", "not-json"),
        (b"\xff", "not-utf8"),
        (b'"\xed\xa0\x80"', "not-utf8"),
        ('"\n"', "not-json"),
        ("[01]", "not-json"),
        ("1 2", "not-json"),
    ],
)
def test_what_is_not_strictly_json_is_refused(text: str | bytes, code: str) -> None:
    with pytest.raises(NotJson) as refused:
        read_json(text)
    assert refused.value.code == code


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    assert read_json(json.dumps(["[" * 500, '\\"[{' * 100])) == ["[" * 500, '\\"[{' * 100]


def test_numbers_stay_as_they_were_written() -> None:
    numbers = read_json("[1.10, 1e3, 123456789012345678901234567890]")
    assert isinstance(numbers, list)
    assert numbers == ["1.10", "1e3", "123456789012345678901234567890"]
    assert all(isinstance(number, NumberText) for number in numbers)


def test_a_number_of_a_million_digits_costs_nothing() -> None:
    assert read_json("9" * 1_000_000) == "9" * 1_000_000


@pytest.mark.parametrize("hostile", ["[" * 65 + '"\\' * 300_000, "[" * 65 + '\\"' * 300_000, "[" * 65 + '"' * 300_001])
def test_a_hostile_line_is_judged_in_linear_time(hostile: str) -> None:
    with pytest.raises(NotJson):
        read_json(hostile)


plain = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_anything_else_is_refused_and_never_a_fall(text: str | bytes) -> None:
    try:
        read_json(text)
    except NotJson as refused:
        assert refused.code


@pytest.mark.real_data
def test_the_published_suite_agrees(shared_data: Path) -> None:
    files = sorted((shared_data / "vectors" / "json" / "test_parsing").glob("*.json"))
    assert len(files) > 300
    accepted, refused = set(), set()
    for path in files:
        try:
            read_json(path.read_bytes(), unique_keys=False)
        except NotJson:
            refused.add(path.name)
        else:
            accepted.add(path.name)
    assert not [name for name in accepted if name.startswith("n_")]
    assert not [name for name in refused if name.startswith("y_")]


@pytest.mark.real_data
def test_of_the_published_suite_only_doubled_keys_are_refused_beyond_the_grammar(shared_data: Path) -> None:
    doubled = set()
    for path in sorted((shared_data / "vectors" / "json" / "test_parsing").glob("y_*.json")):
        try:
            read_json(path.read_bytes())
        except NotJson as refused:
            assert refused.code == "duplicate-key"
            doubled.add(path.name)
    assert doubled == {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}

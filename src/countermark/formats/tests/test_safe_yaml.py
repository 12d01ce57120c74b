"""YAML is read as plain text values, without obeying anything in it."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.problems import Unfit
from countermark.formats.safe_yaml import read_mapping, read_yaml
from countermark.model import InvalidRecord


def test_scalars_stay_as_they_were_written() -> None:
    text = "a: no\nb: 009\nc: 1.10\nd: 12:30\ne: ~\nf:\ng: 'null'\nh: 2026-03-01\ni: [on, 0x1f]"
    assert read_yaml(text.encode()) == {
        "a": "no",
        "b": "009",
        "c": "1.10",
        "d": "12:30",
        "e": None,
        "f": None,
        "g": "null",
        "h": "2026-03-01",
        "i": ["on", "0x1f"],
    }


def test_a_file_of_ours_has_the_types_of_yaml() -> None:
    text = b"a: no\nb: 0.5\nc: 7\nd: '7'\ne:\nf: [on, word]"
    assert read_mapping(text, "x") == {"a": False, "b": 0.5, "c": 7, "d": "7", "e": None, "f": [True, "word"]}


@pytest.mark.parametrize("text", [b"a: &x 1\nb: *x", b"a: 1\na: 2", b"yes: 1", b"a: !!str 1", b"<<: {a: 1}", b"- a"])
def test_a_file_of_ours_may_hold_nothing_that_means_two_things(text: bytes) -> None:
    with pytest.raises(InvalidRecord):
        read_mapping(text, "x")


def test_an_alias_stands_for_what_its_anchor_names() -> None:
    assert read_yaml(b"a: &x [1, {b: 2}]\nc: *x\n") == {"a": ["1", {"b": "2"}], "c": ["1", {"b": "2"}]}


def bomb(levels: int) -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bomb(9), "yaml-too-many"),
        (bomb(40), "yaml-too-many"),
        (b"a: &a [*a]", "not-yaml"),
        (b"a: *b", "not-yaml"),
        (b"[" * 30 + b"]" * 30, "too-deep"),
        (b"\n".join(b"a%d: &a%d [%s]" % (n, n, b"*a%d" % (n - 1) if n else b"x") for n in range(40)), "too-deep"),
        (b"a: 1\na: 2", "duplicate-key"),
        (b"a: !!python/object/apply:os.system [ls]", "yaml-tag"),
        (b"a: !ours x", "yaml-tag"),
        (b"? [a]\n: b", "not-yaml"),
        (b"a: 1\n---\nb: 2", "not-yaml"),
        (b"a: [1", "not-yaml"),
        (b"\xff\xfe\x00\xd8", "not-yaml"),
        (b"a: \x07", "not-yaml"),
        (b"a:\n\t- b", "not-yaml"),
    ],
)
def test_hostile_and_broken_yaml_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_yaml(text)
    assert refused.value.code == code


def test_a_broken_line_is_named() -> None:
    with pytest.raises(Unfit) as refused:
        read_yaml(b"a: 1\nb: [1\nc: 2\n")
    assert "line" in refused.value.words["reason"]


trees = st.recursive(
    st.text(
        alphabet=st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\x7f\x85\xa0"), max_size=8
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(trees)
def test_what_yaml_writes_is_read_back(tree: object) -> None:
    assert read_yaml(yaml.safe_dump(tree, allow_unicode=True).encode()) == tree


@given(st.text(max_size=60) | st.text(alphabet="&*a:[]{}!-\n \"'|>%", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_yaml(text.encode("utf-8", "surrogatepass"))
    except Unfit as refused:
        assert refused.code

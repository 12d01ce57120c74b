"""A policy file is read strictly: an error names the key and says how to mend it."""

import hashlib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from countermark.judge import load_policy, parse_policy
from countermark.judge.policy import SHIPPED, Curve
from countermark.judge.policy_file import check_against
from countermark.judge.tests.material import SPECS
from countermark.model import InvalidRecord, Kind, SignalSpec

SHIPPED_BYTES = SHIPPED.read_bytes()
REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "policy.md"


def changed(path: str, value: object) -> bytes:
    """The shipped policy with one key set (or, with None, removed); a number in the path indexes a list."""
    policy = yaml.safe_load(SHIPPED_BYTES)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place = policy
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return yaml.safe_dump(policy, sort_keys=False).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidRecord) as refused:
        parse_policy(data)
    assert refused.value.mend
    return str(refused.value)


def test_the_shipped_policy_is_read_with_the_hash_of_its_bytes() -> None:
    policy = load_policy()
    assert policy.digest == hashlib.sha256(SHIPPED_BYTES).hexdigest()
    assert policy.source == SHIPPED_BYTES
    assert parse_policy(policy.source) == policy


def test_the_shipped_policy_weighs_every_signal_to_its_side() -> None:
    check_against(load_policy(), SPECS)


def test_every_weight_and_section_stands_in_the_reference() -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    policy = load_policy()
    missing = [n for n, curve in policy.weights.items() if f"| `{n}` | {curve.largest:+g} |" not in page]
    assert missing == []
    for heading in ("version", "base_rate", "weights", "levels", "report", "kinds", "harm"):
        assert f"## `{heading}`" in page
    for kind, weight in policy.harm.kinds.items():
        assert f"| `{kind}` | {weight:g} |" in page


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("weights", None, "policy, weights: it is missing."),
        ("harm", None, "policy, harm: it is missing."),
        ("moods", 1, "policy, moods: there is no such key."),
        ("version", 2, "policy, version: 2 is not a format that this engine reads."),
        ("version", "1", "policy, version: '1' is not a whole number."),
        ("base_rate", "-2,6", "policy, base_rate: '-2,6' is not a number."),
        ("base_rate", True, "policy, base_rate: True is not a number."),
        ("base_rate", float("nan"), "policy, base_rate: nan is not a number."),
        ("base_rate", -21, "policy, base_rate: -21 is not between -20 and 20."),
        ("report", 0.5, "policy, report: it is above levels.medium."),
        ("report", -0.1, "policy, report: -0.1 is not between 0 and 1."),
        ("levels/hihg", 0.9, "policy, levels.hihg: there is no such key."),
        ("levels/high", None, "policy, levels.high: it is missing."),
        ("levels/medium", 0.9, "policy, levels.medium: it is not below levels.high."),
        ("levels", 3, "policy, levels: it holds no keys."),
        ("weights/text.mark", "much", "policy, weights.text.mark: 'much' is not a number."),
        ("weights/text.mark", 1000, "policy, weights.text.mark: 1000 is not between"),
        ("weights/text.mark", [], "policy, weights.text.mark: it is not a list, or an empty one."),
        ("weights/text.mark", [0.5], "policy, weights.text.mark: it is not a list"),
        ("weights/text.mark", [[0.5]], "policy, weights.text.mark: [0.5] is not a pair."),
        ("weights/text.mark", [[0, 1]], "policy, weights.text.mark: a pair stands at value 0"),
        ("weights/text.mark", [[0.5, 1], [0.5, 2]], "policy, weights.text.mark: the values do not rise"),
        ("weights/text.mark", [[0.5, 2], [1, 1]], "policy, weights.text.mark: the log-odds turn back"),
        ("weights/text.mark", [[0.5, -1], [1, 1]], "policy, weights.text.mark: the log-odds turn back"),
        ("kinds", [], "policy, kinds: it is not a list, or an empty one."),
        ("kinds/0", "obvious_fake", "policy, kinds[1]: it holds no keys."),
        ("kinds/0/kind", "fake", "policy, kinds[1].kind: 'fake' is not a kind."),
        ("kinds/0/kind", None, "policy, kinds[1].kind: it is missing."),
        ("kinds/0/unless", ["text.mark"], "policy, kinds[1].unless: there is no such key."),
        ("kinds/0/any", ["text.mood"], "policy, kinds[1].any: 'text.mood' has no weight and is no condition."),
        ("kinds/0/any", ["text.mark >= much"], "policy, kinds[1].any: 'much' is not a number."),
        ("kinds/0/any", ["text.mark >= 2"], "policy, kinds[1].any: 2.0 is not between 0 and 1."),
        ("kinds/0/any", ["condition.used >= 0.5"], "policy, kinds[1].any: condition.used has no value."),
        ("kinds/0/outweighed", "maybe", "policy, kinds[1].outweighed: 'maybe' is neither true nor false."),
        ("kinds/3", {"kind": "masked_mark"}, "policy, kinds[4]: it holds always, so no later rule is ever read."),
        ("kinds/8/all", ["text.mark"], "policy, kinds: the last rule does not hold always."),
        ("harm/largest_stock", 0, "policy, harm.largest_stock: 0 is not between 1 and"),
        ("harm/largest_stock", 1.5, "policy, harm.largest_stock: 1.5 is not a whole number."),
        ("harm/kinds/obvious_fake", None, "policy, harm.kinds.obvious_fake: it is missing."),
        ("harm/kinds/grey_market", 2, "policy, harm.kinds.grey_market: 2 is not between 0 and 1."),
    ],
)
def test_a_key_that_is_wrong_is_named(path: str, value: object, named: str) -> None:
    assert refusal(changed(path, value)).startswith(named)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "the file holds no keys"),
        (b"- 1\n", "the file holds no keys"),
        (b"\xff\xfe", "not UTF-8"),
        (b"a: [1\n", "line 2, column 1"),
        (b"version: 1\nversion: 1\n", "line 2, column 1: the key 'version' stands here for the second time"),
        (b"a: &x 1\nb: *x\n", "line 2, column 4: an alias"),
        (b"? [a]\n: 1\n", "a key is not a plain word"),
        (b"yes: 1\n", "a key is not a plain word"),
        (b"a: !!python/object/apply:os.system [ls]\n", "line 1"),
        (b"a: 2026-99-99\n", "not plain YAML"),
        (b"a: \x00\n", "not plain YAML"),
        (b"[" * 50_000, "policy"),
        (b"#" * 300_000, "larger than"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(data: bytes, named: str) -> None:
    assert named in refusal(data)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_in_words_never_with_a_crash(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse_policy(data)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecord, match=r"mine\.yaml cannot be read"):
        load_policy(tmp_path / "mine.yaml")


def test_a_signal_without_weight_and_a_weight_without_signal_are_both_refused() -> None:
    with pytest.raises(InvalidRecord, match=r"weights\.text\.mood: the signal has no weight"):
        check_against(load_policy(), [*SPECS, spec("text.mood", "for")])
    with pytest.raises(InvalidRecord, match=r"weights\.text\.mark: this engine has no such signal"):
        check_against(load_policy(), [s for s in SPECS if s.name != "text.mark"])


def spec(name: str, speaks: str) -> SignalSpec:
    return SignalSpec(name=name, version=1, speaks=speaks, unit="", meaning="", wrong_when="", sentence="")


@pytest.mark.parametrize(
    ("path", "value", "mend"),
    [("text.mark", -0.1, "positive"), ("seller.authorised", [[0.7, 2.0], [1.0, 6.0]], "negative")],
)
def test_a_weight_to_the_wrong_side_is_refused(path: str, value: object, mend: str) -> None:
    with pytest.raises(InvalidRecord, match=rf"weights\.{path}.*{mend}"):
        check_against(parse_policy(changed(f"weights/{path}", value)), SPECS)


def test_a_weight_of_zero_ignores_a_signal_on_either_side() -> None:
    check_against(parse_policy(changed("weights/text.mark", 0)), SPECS)


@pytest.mark.parametrize(
    ("points", "value", "log_odds"),
    [
        (((1.0, 2.0),), 0.25, 0.5),
        (((0.7, -2.0), (1.0, -6.0)), 0.7, -2.0),
        (((0.7, -2.0), (1.0, -6.0)), 0.35, -1.0),
        (((0.7, -2.0), (1.0, -6.0)), 0.85, -4.0),
        (((0.7, -2.0), (1.0, -6.0)), 1.0, -6.0),
        (((0.5, 3.0),), 0.9, 3.0),
        (((0.5, 3.0),), 0.0, 0.0),
    ],
)
def test_a_curve_runs_straight_through_its_points(
    points: tuple[tuple[float, float], ...], value: float, log_odds: float
) -> None:
    assert Curve(points).at(value) == pytest.approx(log_odds)


heights = st.lists(st.floats(0, 20), min_size=1, max_size=5)


@given(heights, st.floats(0, 1), st.floats(0, 1))
def test_a_curve_that_is_let_in_never_turns_back(steps: list[float], one: float, other: float) -> None:
    rising = sorted(steps)
    curve = Curve(tuple(((n + 1) / len(rising), height) for n, height in enumerate(rising)))
    assert curve.is_monotone()
    assert curve.at(min(one, other)) <= curve.at(max(one, other))


def test_every_kind_can_come_out_of_the_shipped_table() -> None:
    assert {rule.kind for rule in load_policy().kinds} == set(Kind)

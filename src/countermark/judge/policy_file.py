"""Read a policy file strictly: what is missing, unknown or contradictory is refused by name, with how to mend it."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from countermark.formats.safe_yaml import read_mapping
from countermark.judge.learned import read_learned
from countermark.judge.policy import (
    CONDITION_PREFIX,
    SHIPPED,
    Curve,
    Harm,
    KindRule,
    Levels,
    Policy,
    Term,
)
from countermark.model import Condition, InvalidRecord, Kind, SignalSpec

#: The format of policy files that this engine reads.
VERSION = 1
SECTIONS = ("version", "base_rate", "weights", "levels", "report", "kinds", "harm")
#: Log-odds beyond this are certainty (1 in 10^8), which no measurement gives.
LARGEST_LOG_ODDS = 20.0
CONDITIONS = frozenset(CONDITION_PREFIX + condition for condition in Condition)


def load_policy(path: Path | None = None) -> Policy:
    """Read a policy file; the shipped one by default.

    Raises:
        InvalidRecord: when it cannot be read, or a key is missing, unknown, twice there, or has a value that the trade
            could not mean. The error names the key and says how to mend it.
    """
    path = path or SHIPPED
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidRecord("policy", f"{path.name} cannot be read.", "Check that the file is there.") from error
    return parse_policy(data)


def parse_policy(data: bytes) -> Policy:
    """Read a policy from the bytes of its file, as kept beside findings; errors as `load_policy`."""
    raw = read_mapping(data, "policy")
    _keys("", raw, needed=SECTIONS, optional=("learned",))
    version = _whole("version", raw["version"], 1, 10**6)
    if version != VERSION:
        raise _bad("version", f"{version} is not a format that this engine reads.", f"Write {VERSION}.")
    weights = _weights(raw["weights"])
    levels = _levels(raw["levels"])
    report = _number("report", raw["report"], 0, 1)
    if report > levels.medium:
        raise _bad("report", "it is above levels.medium.", "A word for a risk that is never reported says nothing.")
    return Policy(
        base_rate=_number("base_rate", raw["base_rate"], -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS),
        weights=weights,
        levels=levels,
        report=report,
        kinds=_kinds(raw["kinds"], frozenset(weights) | CONDITIONS),
        harm=_harm(raw["harm"]),
        learned=read_learned(raw["learned"]) if "learned" in raw else None,
        digest=hashlib.sha256(data).hexdigest(),
        source=data,
    )


def check_against(policy: Policy, specs: Iterable[SignalSpec]) -> None:
    """See that policy and engine speak of the same signals, each with a weight to its own side.

    Raises:
        InvalidRecord: naming the first signal without a weight, the first weight without a signal, or a wrong sign.
    """
    by_name = {spec.name: spec for spec in specs}
    for name in sorted(policy.weights.keys() - by_name.keys()):
        raise _bad(f"weights.{name}", "this engine has no such signal.", f"Known: {', '.join(sorted(by_name))}.")
    for name in sorted(by_name.keys() - policy.weights.keys()):
        raise _bad(f"weights.{name}", "the signal has no weight.", "Give it one; 0 ignores the signal.")
    for name, curve in policy.weights.items():
        speaks = by_name[name].speaks
        if curve.largest and (curve.largest > 0) is not (speaks == "for"):
            sign = "positive" if speaks == "for" else "negative"
            raise _bad(f"weights.{name}", f"the signal speaks {speaks} infringement.", f"Make its log-odds {sign}.")


def _bad(key: str, message: str, mend: str) -> InvalidRecord:
    return InvalidRecord(f"policy, {key}" if key else "policy", message, mend)


def _keys(key: str, raw: Mapping[str, object], *, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
    allowed = (*needed, *optional)
    inside = f"{key}." if key else ""
    for name in raw:
        if name not in allowed:
            raise _bad(f"{inside}{name}", "there is no such key.", f"Known here: {', '.join(allowed)}.")
    for name in needed:
        if name not in raw:
            raise _bad(f"{inside}{name}", "it is missing.", "Copy it from the shipped policy and adapt it.")


def _mapping(key: str, raw: object) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise _bad(key, "it holds no keys.", "Write its keys below it, each with two more spaces.")
    return raw


def _list(key: str, raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise _bad(key, "it is not a list, or an empty one.", "Write [one, two], or lines that begin with a dash.")
    return raw


def _number(key: str, raw: object, low: float, high: float) -> float:
    # A bool is an int to Python, and YAML reads `yes` as one.
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise _bad(key, f"{raw!r} is not a number.", "Write a plain number, for example 0.4.")
    if not low <= raw <= high:
        raise _bad(key, f"{raw} is not between {low:g} and {high:g}.", "Choose a number in that range.")
    return float(raw)


def _whole(key: str, raw: object, low: int, high: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _bad(key, f"{raw!r} is not a whole number.", "Write a whole number.")
    return int(_number(key, raw, low, high))


def _weights(raw: object) -> dict[str, Curve]:
    return {name: _curve(f"weights.{name}", given) for name, given in _mapping("weights", raw).items()}


def _curve(key: str, raw: object) -> Curve:
    if not isinstance(raw, list):
        return Curve(((1.0, _number(key, raw, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)),))
    points = tuple(_point(key, pair) for pair in _list(key, raw))
    values = [value for value, _ in points]
    if values != sorted(set(values)):
        raise _bad(key, "the values do not rise from pair to pair.", "Put the pairs in order, each value once.")
    curve = Curve(points)
    if not curve.is_monotone():
        raise _bad(key, "the log-odds turn back or change sign.", "More of a signal may never count less.")
    return curve


def _point(key: str, raw: object) -> tuple[float, float]:
    pair = _list(key, raw)
    if len(pair) != 2:
        raise _bad(key, f"{raw!r} is not a pair.", "Write [value, log-odds], for example [0.7, -2.0].")
    value = _number(key, pair[0], 0, 1)
    if value == 0:
        raise _bad(key, "a pair stands at value 0, where nothing counts.", "Start above 0; the line begins at (0, 0).")
    return value, _number(key, pair[1], -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)


def _levels(raw: object) -> Levels:
    given = _mapping("levels", raw)
    _keys("levels", given, needed=("high", "medium"))
    levels = Levels(
        high=_number("levels.high", given["high"], 0, 1), medium=_number("levels.medium", given["medium"], 0, 1)
    )
    if levels.medium >= levels.high:
        raise _bad("levels.medium", "it is not below levels.high.", "Choose a smaller number.")
    return levels


def _kinds(raw: object, known: frozenset[str]) -> tuple[KindRule, ...]:
    rules = tuple(_rule(f"kinds[{n}]", given, known) for n, given in enumerate(_list("kinds", raw), start=1))
    if not rules[-1].holds_always():
        raise _bad("kinds", "the last rule does not hold always.", "End the table with a kind and nothing else.")
    for number, rule in enumerate(rules[:-1], start=1):
        if rule.holds_always():
            raise _bad(f"kinds[{number}]", "it holds always, so no later rule is ever read.", "Give it a condition.")
    return rules


def _rule(key: str, raw: object, known: frozenset[str]) -> KindRule:
    given = _mapping(key, raw)
    _keys(key, given, needed=("kind",), optional=("all", "any", "none", "outweighed"))
    outweighed = given.get("outweighed", False)
    if not isinstance(outweighed, bool):
        raise _bad(f"{key}.outweighed", f"{outweighed!r} is neither true nor false.", "Write true, or leave it out.")
    terms = {
        part: tuple(_term(f"{key}.{part}", term, known) for term in _list(f"{key}.{part}", given[part]))
        for part in ("all", "any", "none")
        if part in given
    }
    return KindRule(kind=_kind(f"{key}.kind", given["kind"]), outweighed=outweighed, **terms)


def _kind(key: str, raw: object) -> Kind:
    if raw not in set(Kind):
        raise _bad(key, f"{raw!r} is not a kind.", f"Known: {', '.join(Kind)}.")
    return Kind(str(raw))


def _term(key: str, raw: object, known: frozenset[str]) -> Term:
    name, _, least = (part.strip() for part in str(raw).partition(">="))
    if name not in known:
        raise _bad(key, f"{name!r} has no weight and is no condition.", f"Known: {', '.join(sorted(known))}.")
    if not least:
        return Term(name)
    if name in CONDITIONS:
        raise _bad(key, f"{name} has no value.", "Write the condition alone.")
    try:
        return Term(name, _number(key, float(least), 0, 1))
    except ValueError as error:
        if isinstance(error, InvalidRecord):
            raise
        raise _bad(key, f"{least!r} is not a number.", f"Write for example {name} >= 0.5.") from error


def _harm(raw: object) -> Harm:
    given = _mapping("harm", raw)
    _keys("harm", given, needed=("largest_stock", "unknown_price_share", "kinds"))
    kinds = _mapping("harm.kinds", given["kinds"])
    _keys("harm.kinds", kinds, needed=tuple(Kind))
    return Harm(
        largest_stock=_whole("harm.largest_stock", given["largest_stock"], 1, 10**9),
        unknown_price_share=_number("harm.unknown_price_share", given["unknown_price_share"], 0, 1000),
        kinds={kind: _number(f"harm.kinds.{kind}", kinds[kind], 0, 1) for kind in Kind},
    )

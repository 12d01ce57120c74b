"""How codes read inside sentences."""

from collections.abc import Iterable

from countermark.node.exchange.rules.actions import NODE

_SPELLED = {"rights_holder": "rights holder", "payment": "payment platform", NODE: "node itself"}


def spelled(code: str) -> str:
    """A code as words: `rights_holder` -> `rights holder`."""
    return _SPELLED.get(code, code.replace("_", " "))


def listed(codes: Iterable[str], last: str = "and") -> str:
    """Codes as a list in a sentence: `analyst, counsel and officer`; `nobody` when there are none."""
    words = [spelled(code) for code in codes]
    if len(words) < 2:
        return words[0] if words else "nobody"
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, unit: str) -> str:
    """`1 day`, `90 days`."""
    return f"{number} {unit}" if number == 1 else f"{number:,} {unit}s"

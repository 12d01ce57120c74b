"""What an organisation sets itself where a norm gives no number."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from countermark.formats.safe_yaml import read_mapping
from countermark.law.counting import Days
from countermark.law.counting_rules import shipped_counting_rules
from countermark.law.periods import Unit, read_period
from countermark.model import InvalidRecord

SHIPPED = Path(__file__).with_name("targets.yaml")
_FORMAT = "countermark-targets/1"


def read_targets(data: bytes, name: str = "targets.yaml") -> Mapping[str, str]:
    """Read service targets: `regime/rule` to `COUNT: period`, for example `BD: 2 working days`.

    Raises:
        InvalidRecord: not such a file, or a target that cannot be counted.
    """
    content = read_mapping(data, name)
    targets = content.get("targets")
    if content.get("format") != _FORMAT or not isinstance(targets, dict):
        raise InvalidRecord(name, "it is not a file of targets.", f"Write `format: {_FORMAT}` and `targets:`.")
    for rule, target in targets.items():
        _check(f"{name}, {rule}", target)
    return targets


def _check(where: str, target: object) -> None:
    how_id, _, period = str(target).partition(": ")
    how = shipped_counting_rules().get(how_id)
    if how is None or how.days is Days.NONE:
        raise InvalidRecord(where, f"{target!r} names no way of counting.", "Write for example `BD: 2 working days`.")
    if (read_period(period).unit is Unit.WORKING_DAYS) != (how.days is Days.WORKING):
        raise InvalidRecord(where, f"{how_id} does not count {period}.", "Choose the way of counting that does.")


@cache
def shipped_targets() -> Mapping[str, str]:
    """The targets that come with this version; an organisation replaces them by its own."""
    return read_targets(SHIPPED.read_bytes())

"""The table of ways to count, as it ships."""

from functools import cache
from pathlib import Path

import msgspec

from countermark.formats.safe_yaml import read_mapping
from countermark.law.counting import CountingRule
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

SHIPPED = Path(__file__).with_name("counting.yaml")
_FORMAT = "countermark-counting/1"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    rules: tuple[CountingRule, ...]


def read_counting_rules(data: bytes, name: str = "counting.yaml") -> dict[str, CountingRule]:
    """Read a table of counting rules.

    Raises:
        InvalidRecord: not such a file, an id twice, or a rule without a source.
    """
    try:
        file = convert(read_mapping(data, name), _File)
    except msgspec.ValidationError as error:
        raise InvalidRecord(name, f"{error}.", "Compare it with the shipped counting.yaml.") from error
    if file.format != _FORMAT:
        raise InvalidRecord(name, f"the format is {file.format[:40]!r}.", f"Write `format: {_FORMAT}`.")
    rules: dict[str, CountingRule] = {}
    for rule in file.rules:
        if rule.id in rules:
            raise InvalidRecord(name, f"the rule {rule.id} stands twice.", "Keep one.")
        if not rule.sources:
            raise InvalidRecord(name, f"the rule {rule.id} has no source.", "Name norm and tag.")
        rules[rule.id] = rule
    return rules


@cache
def shipped_counting_rules() -> dict[str, CountingRule]:
    """The ways of counting that come with this version."""
    return read_counting_rules(SHIPPED.read_bytes())

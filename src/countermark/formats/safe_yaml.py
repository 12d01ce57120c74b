"""YAML from hands we do not trust: plain values only, every scalar as the text it was written as."""

from dataclasses import dataclass
from typing import TypeAlias

import yaml

from countermark.formats.problems import Unfit

#: Text, lists and mappings; what a text means (a number, a day) is for the reader of the field to say. So `no` stays
#: Norway, `009` stays a class and `1.10` stays an amount.
YamlValue: TypeAlias = "str | list[YamlValue] | dict[str, YamlValue] | None"

_DEPTH = 24
_NODES = 500_000
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(data: bytes) -> YamlValue:
    """Read one YAML document. An alias stands for a copy of what its anchor names, and counts as one.

    Raises:
        Unfit: not-yaml, yaml-too-many, yaml-tag, duplicate-key or too-deep.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(data, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Unfit("not-yaml", reason=f"line {line}: {error.problem}") from error
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise Unfit("not-yaml", reason=str(error).split("\n", 1)[0][:120]) from error
    return builder.document


@dataclass(slots=True)
class _Node:
    """A value with how many values it unfolds to, and how deep."""

    value: YamlValue
    count: int = 1
    height: int = 0
    anchor: str | None = None
    key: str | None = None  # of a mapping: the key that waits for its value


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self) -> None:
        self.document: YamlValue = None
        self._begun = False
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            self._put(self._meant(event.anchor or "", line), line)
        elif isinstance(event, yaml.ScalarEvent):
            _check_tag(event.tag)
            self._put(_Node(_scalar(event), anchor=event.anchor), line)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            _check_tag(event.tag)
            empty: YamlValue = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self._open.append(_Node(empty, anchor=event.anchor))
            self._check_depth(0)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._put(self._open.pop(), line)

    def _meant(self, anchor: str, line: int) -> _Node:
        found = self._anchors.get(anchor)
        if found is None:  # unknown, or not finished: a value cannot hold itself
            raise Unfit("not-yaml", reason=f"line {line}: *{anchor[:40]} names nothing that stands before it")
        return _Node(found.value, found.count, found.height)

    def _put(self, node: _Node, line: int) -> None:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        if not self._open:
            if self._begun:
                raise Unfit("not-yaml", reason="there is a second document")
            self.document, self._begun = node.value, True
            return
        parent = self._open[-1]
        parent.count += node.count
        parent.height = max(parent.height, node.height + 1)
        self._check_depth(node.height)
        if sum(each.count for each in self._open) > _NODES:
            raise Unfit("yaml-too-many", limit=f"{_NODES:,}")
        if isinstance(parent.value, list):
            parent.value.append(node.value)
        elif isinstance(parent.value, dict):
            _put_in_mapping(parent, parent.value, node.value, line)

    def _check_depth(self, height: int) -> None:
        if len(self._open) + height > _DEPTH:
            raise Unfit("too-deep", limit=str(_DEPTH))


def _put_in_mapping(parent: _Node, mapping: dict[str, YamlValue], value: YamlValue, line: int) -> None:
    if parent.key is not None:
        mapping[parent.key] = value
        parent.key = None
    elif not isinstance(value, str):
        raise Unfit("not-yaml", reason=f"line {line}: a key is not a word")
    elif value in mapping:
        raise Unfit("duplicate-key", key=f"{value[:60]!r} (line {line})")
    else:
        parent.key = value


def _check_tag(tag: str | None) -> None:
    if tag not in (None, "!"):
        raise Unfit("yaml-tag", tag=str(tag).lstrip("!")[-40:])


def _scalar(event: yaml.ScalarEvent) -> str | None:
    plain, _ = event.implicit
    return None if plain and event.value in _EMPTY else str(event.value)

"""YAML, the one way in: plain values, no tags, no key twice, bounded size and depth; nothing in it is obeyed.

`read_yaml` is for files from hands we do not trust: every scalar stays the text it was written as. `read_mapping` is
for our own files that decide about people (the policy, the words of a report): scalars have their YAML types, and
aliases are refused, since nothing there may mean two things.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from countermark.formats.problems import Unfit
from countermark.model import InvalidRecord

#: Text, lists and mappings; what a text means (a number, a day) is for the reader of the field to say. So `no` stays
#: Norway, `009` stays a class and `1.10` stays an amount.
YamlValue: TypeAlias = "str | list[YamlValue] | dict[str, YamlValue] | None"

#: Of PyYAML's own parser or of libyaml's: line and column, from 0; None where neither can tell.
_Mark: TypeAlias = Any

_DEPTH = 24
_NODES = 500_000
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


#: Larger than any policy a person could read, in bytes.
LARGEST = 256 * 1024


class _Refused(Exception):
    """What a document may not hold, and where."""

    def __init__(self, code: str, what: str, mark: _Mark = None, **words: str) -> None:
        super().__init__(what)
        self.code, self.what, self.mark, self.words = code, what, mark, words

    @property
    def line(self) -> int:
        """From 1; 0 when nobody can tell."""
        return self.mark.line + 1 if self.mark else 0


def read_yaml(data: bytes) -> YamlValue:
    """Read one YAML document. An alias stands for a copy of what its anchor names, and counts as one.

    Raises:
        Unfit: not-yaml, yaml-too-many, yaml-tag, duplicate-key or too-deep.
    """
    try:
        document: YamlValue = _read(data, _Builder(_as_written, aliases=True))
    except _Refused as refused:
        words = refused.words
        if refused.code == "not-yaml":
            words = {"reason": f"line {refused.line}: {refused.what}" if refused.mark else refused.what}
        elif refused.code == "duplicate-key":
            words = {"key": f"{words['key']} (line {refused.line})"}
        raise Unfit(refused.code, **words) from refused
    return document


def read_mapping(data: bytes, name: str) -> dict[str, Any]:
    """Read a file of ours whose top is a mapping; scalars as YAML 1.1 types them.

    Args:
        data: UTF-8 bytes of the file.
        name: what to call it in errors.

    Raises:
        InvalidRecord: with line and column, when it is not such a file.
    """
    if len(data) > LARGEST:
        raise InvalidRecord(name, f"the file is larger than {LARGEST:,} bytes.", "Check that it is the right file.")
    try:
        document = _read(data.decode("utf-8"), _Builder(_Typed(), aliases=False))
    except UnicodeDecodeError as error:
        raise InvalidRecord(name, "the file is not UTF-8 text.", "Save it as UTF-8.") from error
    except _Refused as refused:
        mark = refused.mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidRecord(name, f"it is not plain YAML: {where}{refused.what}.", "Mend that line.") from refused
    if not isinstance(document, dict):
        raise InvalidRecord(name, "the file holds no keys.", "Start from a copy of the shipped policy.")
    return document


def _read(data: bytes | str, builder: "_Builder") -> Any:
    try:
        for event in yaml.parse(data, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _Refused("not-yaml", error.problem or "it cannot be parsed", error.problem_mark) from error
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise _Refused("not-yaml", str(error).split("\n", 1)[0][:120]) from error
    return builder.document


@dataclass(slots=True)
class _Node:
    """A value with how many values it unfolds to, and how deep."""

    value: Any
    count: int = 1
    height: int = 0
    anchor: str | None = None
    key: str | None = None  # of a mapping: the key that waits for its value


class _Builder:
    """Builds the tree from events, without recursion.

    Args:
        scalar: what a scalar means.
        aliases: whether an alias may stand for a copy of what its anchor names.
    """

    def __init__(self, scalar: Callable[[yaml.ScalarEvent], Any], *, aliases: bool) -> None:
        self.document: Any = None
        self._scalar, self._aliases = scalar, aliases
        self._begun = False
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: yaml.Event) -> None:
        mark: _Mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self._put(self._meant(event.anchor or "", mark), mark)
        elif isinstance(event, yaml.ScalarEvent):
            _check_tag(event.tag, mark)
            self._put(_Node(self._scalar(event), anchor=event.anchor), mark)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            _check_tag(event.tag, mark)
            empty: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self._open.append(_Node(empty, anchor=event.anchor))
            self._check_depth(0)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._put(self._open.pop(), mark)

    def _meant(self, anchor: str, mark: _Mark) -> _Node:
        if not self._aliases:
            raise _Refused("not-yaml", "an alias (*name) is used", mark)
        found = self._anchors.get(anchor)
        if found is None:  # unknown, or not finished: a value cannot hold itself
            raise _Refused("not-yaml", f"*{anchor[:40]} names nothing that stands before it", mark)
        return _Node(found.value, found.count, found.height)

    def _put(self, node: _Node, mark: _Mark) -> None:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        if not self._open:
            if self._begun:
                raise _Refused("not-yaml", "there is a second document")
            self.document, self._begun = node.value, True
            return
        parent = self._open[-1]
        parent.count += node.count
        parent.height = max(parent.height, node.height + 1)
        self._check_depth(node.height)
        if sum(each.count for each in self._open) > _NODES:
            raise _Refused("yaml-too-many", "it holds too many values", limit=f"{_NODES:,}")
        if isinstance(parent.value, list):
            parent.value.append(node.value)
        else:
            _put_in_mapping(parent, node.value, mark)

    def _check_depth(self, height: int) -> None:
        if len(self._open) + height > _DEPTH:
            raise _Refused("too-deep", "it is nested too deeply", limit=str(_DEPTH))


def _put_in_mapping(parent: _Node, value: Any, mark: _Mark) -> None:
    if parent.key is not None:
        parent.value[parent.key] = value
        parent.key = None
    elif not isinstance(value, str):
        raise _Refused("not-yaml", "a key is not a plain word", mark)
    elif value in parent.value:
        key = repr(value[:60])
        raise _Refused("duplicate-key", f"the key {key} stands here for the second time", mark, key=key)
    else:
        parent.key = value


def _check_tag(tag: str | None, mark: _Mark) -> None:
    if tag not in (None, "!"):
        shown = str(tag).lstrip("!")[-40:]
        raise _Refused("yaml-tag", f"the tag !{shown} is not read", mark, tag=shown)


def _as_written(event: yaml.ScalarEvent) -> str | None:
    plain, _ = event.implicit
    return None if plain and event.value in _EMPTY else str(event.value)


class _Typed:
    """Gives a scalar its type of YAML 1.1, as PyYAML's safe loader resolves and builds it."""

    def __init__(self) -> None:
        self._loader: Any = yaml.SafeLoader("")

    def __call__(self, event: yaml.ScalarEvent) -> Any:
        tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        made = self._loader.yaml_constructors.get(tag) or self._loader.yaml_constructors[None]
        begin: _Mark = event.start_mark
        end: _Mark = event.end_mark
        return made(self._loader, yaml.ScalarNode(tag, event.value, begin, end))

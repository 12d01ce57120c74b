"""YAML read strictly: no key twice, no aliases, bounded size. It decides about people: nothing may be ambiguous."""

from typing import Any

import yaml

from countermark.model import InvalidRecord

#: Larger than any policy a person could read.
LARGEST = 256 * 1024


class _StrictLoader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "an alias (*name) is used", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "a key is not a plain word", key_node.start_mark)
            if key_node.value in seen:
                message = f"the key {key_node.value!r} stands here for the second time"
                raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def read_mapping(data: bytes, name: str) -> dict[str, object]:
    """Read a file whose top is a mapping.

    Args:
        data: UTF-8 bytes of the file.
        name: what to call it in errors.

    Raises:
        InvalidRecord: with line and column, when it is not such a file.
    """
    if len(data) > LARGEST:
        raise InvalidRecord(name, f"the file is larger than {LARGEST:,} bytes.", "Check that it is the right file.")
    try:
        # The loader is a SafeLoader: it builds plain values only.
        read = yaml.load(data.decode("utf-8"), Loader=_StrictLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise InvalidRecord(name, "the file is not UTF-8 text.", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise InvalidRecord(name, "the file is nested too deeply.", "Compare it with the shipped policy.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidRecord(name, f"it is not plain YAML: {_where(error)}.", "Mend that line.") from error
    if not isinstance(read, dict):
        raise InvalidRecord(name, "the file holds no keys.", "Start from a copy of the shipped policy.")
    return read


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it cannot be parsed"
    return f"line {mark.line + 1}, column {mark.column + 1}: {what}" if mark else str(what)

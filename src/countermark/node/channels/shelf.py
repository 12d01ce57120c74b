"""Which connectors there are: every folder of `connectors` that has an object CONNECTOR."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from countermark.node.channels.connector import Connector
from countermark.node.kernel.errors import Invalid

_FOLDER = "countermark.node.channels.connectors"


@cache
def all_connectors() -> Mapping[str, Connector]:
    """By id, in the order of their names.

    Raises:
        RuntimeError: a folder whose connector has another id than its folder, or none.
    """
    found: dict[str, Connector] = {}
    # By name: nothing here knows any of them, and a folder more needs no line here.
    folder = import_module(_FOLDER)
    for module in iter_modules(folder.__path__):
        made = getattr(import_module(f"{_FOLDER}.{module.name}"), "CONNECTOR", None)
        if made is None or made.id != module.name:
            raise RuntimeError(f"connectors/{module.name} has no CONNECTOR of that id.")
        found[module.name] = made
    return MappingProxyType(dict(sorted(found.items())))


def connector(name: str) -> Connector:
    """The connector of an id; Invalid."""
    found = all_connectors().get(name)
    if found is None:
        raise Invalid.of("connector", "connector-unknown", "There is no such connector.", "Choose one of the list.")
    return found

"""What describes the objects on a shelf: the four markings, both sides, our extension."""

from typing import Any

from countermark.node.exchange.facades import marking
from countermark.node.exchange.facades.ids import stix_id
from countermark.node.exchange.facades.planning import Step
from countermark.proof.entries import read_moment

#: When version 1 of the extension was written down; it never changes.
_WRITTEN = "2026-11-28T00:00:00.000Z"
AUTHOR = stix_id("identity", "countermark")
EXTENSION = stix_id("extension-definition", "1.0.0")
SCHEMA = "docs/reference/facades.md#the-extension"
#: Kind of organisation -> sector of STIX 2.1, 10.12.
_SECTORS = {"rights_holder": "retail", "marketplace": "technology", "payment": "financial-services"}


def party_id(party: str) -> str:
    """Identity of a side, the same under every agreement."""
    return stix_id("identity", "party", party)


def frame_steps(parties: tuple[str, str]) -> list[Step]:
    """What stands first on every shelf."""
    written = {one: read_moment(str(said["created"])) for one, said in marking.definitions().items()}
    written |= dict.fromkeys((AUTHOR, EXTENSION), read_moment(_WRITTEN))
    made = [Step(f"f:{one}", one, at=moment) for one, moment in written.items()]
    return made + [Step(f"f:{party_id(one)}", party_id(one)) for one in parties]


def frame_object(identifier: str, created: str, names: dict[str, tuple[str, str]]) -> dict[str, Any] | None:
    """One of them; None when it is none.

    Args:
        identifier: its STIX id.
        created: when the shelf was made, as STIX writes times.
        names: party -> name and kind of organisation.
    """
    if identifier in marking.definitions():
        return marking.definitions()[identifier]
    if identifier == AUTHOR:
        return _identity(AUTHOR, _WRITTEN, "Countermark", "system")
    if identifier == EXTENSION:
        return _extension()
    for party, (name, kind) in names.items():
        if identifier == party_id(party):
            made = _identity(identifier, created, name or party, "organization")
            return made | {"sectors": [_SECTORS[kind]]} if kind in _SECTORS else made
    return None


def _identity(identifier: str, created: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": identifier,
        "created": created,
        "modified": created,
        "name": name,
        "identity_class": kind,
    }


def _extension() -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created_by_ref": AUTHOR,
        "created": _WRITTEN,
        "modified": _WRITTEN,
        "name": "Countermark: what two organisations said to one another about counterfeits",
        "description": "Names the signed entry behind an object, under which agreement and purpose it was said, how "
        "long it may be kept, and its fields. The signed entry counts, not this object.",
        "schema": SCHEMA,
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }

"""TLP for classes of data: whoever receives an object sees how far it may go."""

from typing import Any

from countermark.proof.entries import DataClass

#: Ids and words of the four markings are set by STIX 2.1, 7.2.1.4. What is personal goes no further than its reader.
_TLP = {
    "white": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "red": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
COLOURS = {
    DataClass.PUBLIC: "white",
    DataClass.TRADER_PUBLIC: "green",
    DataClass.PSEUDONYM: "amber",
    DataClass.PERSONAL: "red",
    DataClass.SENSITIVE: "red",
}


def marking_of(data_class: DataClass) -> str:
    """Id of the marking of a class."""
    return _TLP[COLOURS[data_class]]


def tlp_tag(data_class: DataClass) -> str:
    """The same as MISP writes it; PUBLIC is what TLP 2.0 calls clear, which both names stand for."""
    return f"tlp:{COLOURS[data_class]}"


def definitions() -> dict[str, dict[str, Any]]:
    """Id -> the four marking definitions, word for word."""
    return {
        identifier: {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": identifier,
            "created": "2017-01-20T00:00:00.000Z",
            "definition_type": "tlp",
            "name": f"TLP:{colour.upper()}",
            "definition": {"tlp": colour},
        }
        for colour, identifier in _TLP.items()
    }

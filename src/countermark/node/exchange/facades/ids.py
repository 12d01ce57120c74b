"""Ids that follow from what was signed, so that both nodes, and every reading, give the same."""

from typing import Any
from uuid import UUID, uuid5

from countermark.proof.canonical import canonical

#: Ours; the one of STIX for cyber-observables is set by STIX 2.1, 2.9.
NAMESPACE = UUID("5b8a3f0e-6c1d-5c0f-9a43-2f0d6f3c7e11")
_OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")


def stix_id(kind: str, *parts: str) -> str:
    """`kind--UUID`, UUID version 5 over what it is made from, mostly the id of an entry."""
    return f"{kind}--{uuid5(NAMESPACE, ':'.join((kind, *parts)))}"


def observable_id(kind: str, contributing: dict[str, Any]) -> str:
    """Id of a cyber-observable, the same at everybody who sees it (STIX 2.1, 2.9)."""
    return f"{kind}--{uuid5(_OBSERVABLES, canonical(contributing).decode())}"


def shelf_id(agreement: str, reader: str) -> UUID:
    """Id of what one side reads of an agreement."""
    return uuid5(NAMESPACE, f"shelf:{agreement}:{reader}")


def event_id(shelf: UUID, block: int) -> UUID:
    """Id of a MISP event."""
    return uuid5(NAMESPACE, f"event:{shelf}:{block}")


def attribute_id(entry_id: str, name: str, number: int) -> UUID:
    """Id of a MISP attribute: of one value of one field of an entry."""
    return uuid5(NAMESPACE, f"attribute:{entry_id}:{name}:{number}")

"""A MISP feed from what was said: a manifest, events of bounded size, hashes for correlation. Pure."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermark.node.exchange.facades.ids import attribute_id
from countermark.node.exchange.facades.marking import tlp_tag
from countermark.node.exchange.facades.stix import Version
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.proof.entries import DataClass

_LINK, _OTHER, _PERSON, _MONEY = "External analysis", "Other", "Person", "Financial fraud"
_TEXT = ("text", _OTHER)
#: Field -> type and category as MISP knows them. What is not here stays in the other facades.
_TYPES: dict[ItemKind, dict[str, tuple[str, str]]] = {
    ItemKind.LISTING: {
        "url": ("url", "Network activity"),
        "title": _TEXT,
        "marketplace": _TEXT,
        "external_id": _TEXT,
        "product_code": _TEXT,
        "seller_token": _TEXT,
        "seller_shop_id": _TEXT,
        "picture_hashes": ("sha256", _LINK),
        "seller_name": ("text", _PERSON),
        "seller_phone": ("phone-number", _PERSON),
        "seller_email": ("email", _PERSON),
    },
    ItemKind.FINDING: {
        "kind": _TEXT,
        "level": _TEXT,
        "status": _TEXT,
        "risk": ("float", _OTHER),
        "brand": _TEXT,
        "right_number": _TEXT,
        "reasons_for": ("comment", _OTHER),
        "reasons_against": ("comment", _OTHER),
    },
    ItemKind.CASE: {"title": _TEXT, "summary": ("comment", _OTHER)},
    ItemKind.COMMENT: {"text": ("comment", _OTHER)},
    ItemKind.NOTICE: {
        "urls": ("url", "Network activity"),
        "explanation": ("comment", _OTHER),
        "right_number": _TEXT,
        "decision": _TEXT,
    },
    ItemKind.SELLER: {
        "shop_url": ("link", _LINK),
        "shop_id": _TEXT,
        "trader_name": _TEXT,
        "name": ("text", _PERSON),
        "phone": ("phone-number", _PERSON),
        "email": ("email", _PERSON),
        "bank_account": ("bank-account-nr", _MONEY),
    },
}
#: STIX type and label say which fields a version can have had, when its words are gone.
_KINDS = {"infrastructure": (ItemKind.LISTING,), "incident": (ItemKind.CASE,)}
_NOTES = (ItemKind.FINDING, ItemKind.COMMENT, ItemKind.NOTICE, ItemKind.SELLER)
_MANY = frozenset({"picture_hashes", "reasons_for", "reasons_against", "urls"})
#: Values of one field that are told as gone.
_SLOTS = 20
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


@dataclass(frozen=True, slots=True)
class EventHead:
    """What the manifest says of an event.

    Attributes:
        block: which objects belong to it.
        uuid: of the event.
        info: its title.
        made, changed: of its first object, and of the newest.
        author: name of our organisation, which hands the feed out, and its id.
        strictest: class of what the event can hold for this reader.
    """

    block: int
    uuid: UUID
    info: str
    made: datetime
    changed: datetime
    author: tuple[str, UUID]
    strictest: DataClass


def manifest(heads: Iterable[EventHead]) -> dict[str, Any]:
    """`manifest.json`: id of an event -> its head."""
    return {str(head.uuid): _head(head) for head in heads}


def event(head: EventHead, versions: Sequence[Version]) -> dict[str, Any]:
    """`<uuid>.json`: one event with its attributes."""
    attributes = [one for version in versions for one in attributes_of(version)]
    return {
        "Event": {
            "uuid": str(head.uuid),
            **_head(head),
            "published": True,
            "publish_timestamp": _timestamp(head.changed),
            "Attribute": attributes,
        }
    }


def attributes_of(one: Version) -> Iterator[dict[str, Any]]:
    """Attributes of one object; after its first version also that fields are gone, so that no old value stays."""
    words = None if one.revoked else one.words
    if one.type in {"url", "relationship"}:
        return
    told: set[tuple[str, int]] = set()
    if words is not None and words.kind is not None:
        for name, (kind, category) in _TYPES.get(words.kind, {}).items():
            for number, value in enumerate(_values(words.fields.get(name))):
                told.add((name, number))
                made = _attribute(one, name, number, _typed(kind, value), category, value)
                yield made | {"Tag": [{"name": tlp_tag(words.classes[name])}]}
    if one.version == one.created:
        return
    kinds = (words.kind,) if words and words.kind else _KINDS.get(one.type, _NOTES)
    for name in dict.fromkeys(name for kind in kinds for name in _TYPES.get(kind, {})):
        for number in range(_SLOTS if name in _MANY else 1):
            if (name, number) not in told:
                yield _attribute(one, name, number, "text", _OTHER, "withdrawn") | {"deleted": True}


def hashes(head: EventHead, versions: Iterable[Version]) -> Iterator[str]:
    """Lines of `hashes.csv`: MD5 of a value, as MISP correlates, and the event that has it."""
    for version in versions:
        for one in attributes_of(version):
            if not one["deleted"]:
                digest = hashlib.md5(str(one["value"]).encode(), usedforsecurity=False).hexdigest()
                yield f"{digest},{head.uuid}\n"


def _head(head: EventHead) -> dict[str, Any]:
    name, identifier = head.author
    return {
        "info": head.info,
        "date": head.made.date().isoformat(),
        "timestamp": _timestamp(head.changed),
        "analysis": "1",
        "threat_level_id": "4",
        "Orgc": {"name": name, "uuid": str(identifier)},
        "Tag": [{"name": tlp_tag(head.strictest)}],
    }


def _attribute(one: Version, name: str, number: int, kind: str, category: str, value: str) -> dict[str, Any]:
    return {
        "uuid": str(attribute_id(one.stix_id, name, number)),
        "type": kind,
        "category": category,
        "value": value,
        "comment": f"{one.subject} {name}",
        "to_ids": False,
        "deleted": False,
        "disable_correlation": category == _OTHER,
        "timestamp": _timestamp(one.version),
    }


def _typed(kind: str, value: str) -> str:
    return "iban" if kind == "bank-account-nr" and _IBAN.fullmatch(value.replace(" ", "")) else kind


def _values(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _timestamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))

"""A team that shared things, and a token that reads them (tests, benchmarks)."""

import msgspec

from countermark.node.exchange.facades import tokens
from countermark.node.exchange.factories import KeysInMemory, Side, Team, make_team
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.rules.fields import FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import Terms, standard_terms, write_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.canonical import canonical
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass
from countermark.proof.ijson import Plain

PURPOSE = "counterfeit-removal"
#: Fields that the standard draft leaves out, so that there is something personal to hide.
_PERSONS = {"seller_name": DataClass.PERSONAL, "seller_phone": DataClass.PERSONAL, "seller_email": DataClass.PERSONAL}


def sharing_terms() -> Terms:
    """The standard draft of a brand and a marketplace, with names of shops; both may share listings and findings."""
    terms = standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)
    both = (OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)
    items = dict(terms.items)
    for kind in (ItemKind.LISTING, ItemKind.FINDING):
        more = _PERSONS if kind is ItemKind.LISTING else {}
        items[kind] = msgspec.structs.replace(items[kind], fields={**items[kind].fields, **more}, shared_by=both)
    return msgspec.structs.replace(terms, items=items)


def make_sharing_team(keys: KeysInMemory | None = None) -> Team:
    """A team under these terms; the caller puts the node's keys back with `set_keys(None)`."""
    return make_team(write_terms(sharing_terms()), keys)


def share(side: Side, kind: str, subject: str, item: ItemKind, /, **fields: Plain) -> FeedEntry:
    """Say an item with some fields, openly or beside as the exchange itself would."""
    classes = {name: FIELDS[item][name].least for name in fields}
    content: dict[str, Plain] = {
        "v": 1,
        "kind": str(item),
        "fields": dict(fields),
        "classes": {name: str(one) for name, one in classes.items()},
    }
    order = list(DataClass)
    said: dict[str, object] = {"purpose": PURPOSE, "data_class": max(classes.values(), key=order.index)}
    if any(FIELDS[item][name].beside for name in fields):
        said["beside"] = Carried.with_salt(canonical(content))
    else:
        said["data"] = content
    return side.say(kind, subject, **said)


def share_listing(side: Side, number: int, /, **fields: Plain) -> FeedEntry:
    """A listing of Bazaar."""
    told: dict[str, Plain] = {
        "marketplace": "Bazaar",
        "external_id": f"B-{number}",
        "url": f"https://bazaar.example/item/{number}",
        "title": f"Quilted bag {number}",
    }
    return share(side, "listing.shared", f"lst_{number}", ItemKind.LISTING, **(told | fields))


def share_finding(side: Side, number: int, /, **fields: Plain) -> FeedEntry:
    """A finding on a listing of Bazaar."""
    told: dict[str, Plain] = {
        "finding_id": f"fnd_{number}",
        "listing_id": f"lst_{number}",
        "brand": "Maison Aurelle",
        "kind": "obvious_fake",
        "risk": "0.930000",
        "level": "high",
        "status": "alleged",
        "reasons_for": ["The price is a tenth of the usual one."],
    }
    return share(side, "finding.shared", f"fnd_{number}", ItemKind.FINDING, **(told | fields))


def withdraw(side: Side, subject: str) -> FeedEntry:
    """Take something back."""
    return side.say("withdrawn", subject, data={"why": "mistake"}, data_class=DataClass.PUBLIC)


def make_token(side: Side, *, personal: bool = False, agreement: str = "") -> str:
    """A token of the side's administrator."""
    return tokens.add(side.administrator, name="Watchtower", personal=personal, agreement=agreement)

"""A brand and a marketplace that work on joint cases, on one database (tests, the gallery, benchmarks)."""

from random import Random

import msgspec

from countermark.node.cases.handlers import HANDLERS
from countermark.node.exchange import applying
from countermark.node.exchange.factories import Side, Team, make_team
from countermark.node.exchange.models import Inbound
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import Terms, standard_terms, write_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.entries import DataClass

PURPOSE = "counterfeit-removal"


def open_terms() -> Terms:
    """The standard draft, with what it leaves out on purpose: names of authors, the content of files, shop names."""
    terms = standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)
    more = {
        ItemKind.CASE: {"author_name": DataClass.PERSONAL},
        ItemKind.COMMENT: {"author_name": DataClass.PERSONAL},
        ItemKind.FILE: {"author_name": DataClass.PERSONAL, "content": DataClass.PERSONAL},
        ItemKind.LISTING: {"seller_name": DataClass.PERSONAL},
    }
    return with_fields(terms, more)


def with_fields(terms: Terms, more: dict[ItemKind, dict[str, DataClass]]) -> Terms:
    """Terms that name more fields."""
    items = {
        kind: msgspec.structs.replace(item, fields={**item.fields, **more.get(kind, {})})
        for kind, item in terms.items.items()
    }
    return msgspec.structs.replace(terms, items=items)


def make_joint_team(terms: Terms | None = None) -> Team:
    """Two sides whose agreement is in force; the caller puts the node's keys back with `set_keys(None)`."""
    return make_team(write_terms(terms or open_terms()))


def exchange(team: Team, random: Random | None = None) -> None:
    """Let both sides fetch and apply everything; subjects in a random order when a source of chance is given."""
    for side in (team.brand, team.market):
        team.pull(side)
    apply_all(random)


def apply_all(random: Random | None = None) -> None:
    """Apply what waits on either side, as the workers do."""
    while True:
        waiting = [row.pk for row in applying._free().filter(state=Inbound.State.QUEUED)]
        if not waiting:
            return
        key = random.choice(waiting) if random else waiting[0]
        Inbound.objects.filter(pk=key).update(state=Inbound.State.RUNNING, claimed_by="test")
        applying.apply_one(key, "test", HANDLERS)


def failed(side: Side) -> list[tuple[str, str]]:
    """(code, reason) of what a side could not apply."""
    rows = Inbound.objects.filter(organisation_id=side.organisation_id, state=Inbound.State.FAILED).order_by("id")
    return list(rows.values_list("code", "reason"))

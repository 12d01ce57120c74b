"""A brand and a marketplace that work on joint cases, on one database (tests, the gallery, benchmarks)."""

from random import Random

import msgspec

from countermark.node.cases.handlers import HANDLERS
from countermark.node.evidence import collecting, custody
from countermark.node.evidence.models import Evidence, EvidenceFile
from countermark.node.evidence.store import store
from countermark.node.exchange import applying
from countermark.node.exchange.factories import Side, Team, make_team
from countermark.node.exchange.models import Inbound
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import Terms, standard_terms, write_terms
from countermark.node.kernel.time import now
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.entries import DataClass, write_moment
from countermark.proof.seals import SEALED, Seal, SealedFile, digest

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


def make_sealed(side: Side) -> Evidence:
    """A piece of evidence of one file, sealed as a worker seals one, without a page that is asked for."""
    row = Evidence.objects.get(public_id=collecting.request_capture(side.administrator, "https://shop.example/1"))
    data, moment = b"a page", now()
    file = SealedFile("data/page.html", store().keep_evidence(data), len(data))
    seal = Seal(row.public_id, write_moment(moment), "Maison Aurelle", (file,)).to_bytes()
    Evidence.objects.filter(pk=row.pk).update(seal=seal.decode(), sealed_at=moment, state=Evidence.State.DONE)
    EvidenceFile(evidence=row, name="page.html", sha256=file.sha256, size=file.size).save()
    custody.add(row, "worker", SEALED, {"seal": digest(seal), "files": "1"})
    row.refresh_from_db()
    return row

"""Notices between a brand and a marketplace on one database, for tests and benchmarks."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

from countermark.model import Kind
from countermark.node.exchange import applying
from countermark.node.exchange.factories import Side, Team, make_team
from countermark.node.exchange.rules.terms import standard_terms, write_terms
from countermark.node.findings.factories import make_finding
from countermark.node.findings.models import Finding
from countermark.node.kernel.time import now
from countermark.node.listings.factories import make_listing
from countermark.node.notices import drafting, filing, sending
from countermark.node.notices.drafting import Choice
from countermark.node.notices.handlers import HANDLERS
from countermark.node.notices.models import Notice
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.rights.factories import make_right
from countermark.node.rights.models import Right

_numbers = count(1)
EXPLANATION = "The offer uses the word mark Corvane for bags that the house never made."


def make_agreed_team(*territories: str) -> Team:
    """Two organisations under standard terms, which also cover `territories`."""
    terms = write_terms(standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE))
    terms["territories"] = sorted({*terms["territories"], *territories})
    if "CN" in territories:
        for purpose in terms["purposes"]:
            purpose["bases"] += [_pipl(side) for side in terms["sides"]]
    return make_team(terms)


def _pipl(side: str) -> dict[str, str]:
    return {"side": side, "law": "PIPL", "article": "Art. 13(3)", "words": "Needed for a duty under the law."}


def make_ground_for_notice(member: Member, **right: object) -> Finding:
    """A finding that a notice can rest on: a right read from a register, an offer seen today at an address."""
    return _ground(member, make_right(member, **({"source": "ST.96"} | right)))


def _ground(member: Member, right: Right) -> Finding:
    number = next(_numbers)
    listing = make_listing(
        member,
        external_id=f"offer-{number}",
        url=f"https://bazaar.example/offer-{number}",
        captured_at=now() - timedelta(hours=1),
    )
    return make_finding(member, listing, right_id=right.core_id, kind=Kind.UNAUTHORISED_USE)


def make_grounds_for_notices(member: Member, many: int) -> list[Finding]:
    """Many findings of one right, each on an offer of its own."""
    made = make_right(member, source="ST.96")
    return [_ground(member, made) for _ in range(many)]


def make_choice(member: Member, finding: Finding, **more: object) -> Choice:
    """What a person would choose and sign; `more` as in `Choice`."""
    given: dict[str, object] = {"explanation": EXPLANATION, "signer": "Ada Quill"}
    prepared = drafting.prepare(member, finding.core_id, Choice(**(given | more)))  # type: ignore[arg-type]
    given["fields"] = {one.id: "Maison Aurelle, 1 Rue Exemple, Paris" for one in prepared.fields}
    given["declared"] = {one.id: one.version for one in prepared.declarations}
    return Choice(**(given | more))  # type: ignore[arg-type]


def file_one(team: Team, finding: Finding | None = None, **more: object) -> str:
    """A notice that the brand has filed and whose wait is over; gives its id."""
    member = team.brand.analyst
    finding = finding or make_ground_for_notice(member)
    made = filing.file(member, finding.core_id, make_choice(member, finding, **more))
    filing.send_now(member, made)
    sending.send_due()
    return made


def pass_on(team: Team, side: Side, handlers: Mapping[str, applying.Handler] = HANDLERS) -> list[str]:
    """Let a side fetch and apply what the other said; gives the state of each entry that was applied."""
    team.pull(side)
    states = []
    while (key := applying.claim_inbound("worker of a test")) is not None:
        states.append(applying.apply_one(key, "worker of a test", handlers))
    return states


def notice_of(side: Side, notice_id: str) -> Notice:
    """The notice as it stands at a side."""
    return Notice.objects.get(organisation_id=side.organisation_id, public_id=notice_id)

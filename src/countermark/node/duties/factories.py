"""A notice that a marketplace has upheld against a shop that it knows, and a second partner, for tests."""

from dataclasses import replace

from countermark.node.cases import handlers as cases
from countermark.node.duties import handlers as duties
from countermark.node.exchange import applying
from countermark.node.exchange.agreeing import arriving, drafting, signing
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.documents import Signature as SignatureDocument
from countermark.node.exchange.factories import Side, Team, _side
from countermark.node.exchange.models import AgreementSignature, Feed
from countermark.node.exchange.pages import page_after
from countermark.node.exchange.receiving import receive
from countermark.node.exchange.rules.terms import standard_terms, write_terms
from countermark.node.listings.factories import make_listing
from countermark.node.notices import deciding
from countermark.node.notices import handlers as notices
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Deed
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.agreements import sign_agreement

_HANDLERS = {**cases.HANDLERS, **notices.HANDLERS, **duties.HANDLERS}


def make_upheld(team: Team) -> tuple[Notice, str]:
    """A notice that the marketplace upheld against a shop of its own; the row at the marketplace, the seller's link."""
    finding = make_ground_for_notice(team.brand.analyst)
    make_listing(team.market.administrator, external_id=finding.listing.external_id, url=finding.listing.url)
    name = file_one(team, finding)
    pass_on(team, team.market)
    link = deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    pass_on(team, team.brand)
    return notice_of(team.market, name), link


def make_payment_partner(team: Team) -> tuple[Side, Side]:
    """A payment platform that has agreed with the marketplace of a team: (the marketplace there, the platform)."""
    keys = team.market.keys
    payer = _side("Alto Pay", "payment", "alto-pay", keys)
    terms = write_terms(standard_terms(OrganisationKind.MARKETPLACE, OrganisationKind.PAYMENT))
    row = drafting.draft(team.market.administrator, payer.card, terms)
    drafting.offer(team.market.administrator, row.name)
    arriving.take_offer(payer.organisation_id, opened(latest(row, 1)), team.market.administrator.organisation_kind)
    market = replace(team.market, agreement_name=row.name)
    payer.agreement_name = row.name
    for side, other in ((market, payer), (payer, market)):
        _sign(side, other)
    return market, payer


def _sign(side: Side, other: Side) -> None:
    signing.confirm_fingerprint(side.administrator, side.agreement_name)
    version = latest(side.agreement, side.agreement.pending)
    signing.sign(
        side.administrator,
        side.agreement_name,
        version.digest,
        sign_agreement(opened(version), side.keys.organisation(side.organisation_id)),
    )
    given = AgreementSignature.objects.filter(version__agreement=side.agreement, party=side.card.party.id)
    row = given.select_related("version").order_by("-id")[0]
    document = SignatureDocument(
        agreement=side.agreement_name, digest=row.version.digest, party=row.party, signature=row.signature
    )
    arriving.take_signature(other.organisation_id, document, row.party)


def bring(speaker: Side, listener: Side) -> list[str]:
    """Let one side fetch and apply what another said under their agreement; gives the state of each entry."""
    ours = Feed.objects.get(agreement=speaker.agreement, ours=True)
    theirs = Feed.objects.get(agreement=listener.agreement, ours=False)
    receive(listener.agreement, page_after(ours, theirs.seq), asked_after=theirs.seq)
    states = []
    while (key := applying.claim_inbound("worker of a test")) is not None:
        states.append(applying.apply_one(key, "worker of a test", _HANDLERS))
    return states

"""Offers, signatures and refusals that a partner's node brings. Nothing here makes anything count by itself."""

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.agreeing.drafting import close_discussion
from countermark.node.exchange.agreeing.signing import come_into_force, keep_signature
from countermark.node.exchange.agreeing.versions import identity_of, keep_version, latest, opened
from countermark.node.exchange.documents import Refusal, Signature
from countermark.node.exchange.models import Agreement, AgreementVersion, Standing
from countermark.node.exchange.signing import public_keys_of
from countermark.node.exchange.states import DISCUSSED, AgreementState
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import Party
from countermark.proof.refusals import Refused

#: Offers of strangers that may wait for an answer, and documents of one discussion.
MOST_OFFERS, MOST_DOCUMENTS = 20, 50
#: An offer opens the discussion, also anew after it was declined.
_OPENED_BY_OFFER = (*DISCUSSED, AgreementState.DECLINED)


@transaction.atomic
def take_offer(organisation_id: int, document: SignedTerms, kind: OrganisationKind) -> Agreement:
    """Keep an offer, to be read by people. The caller has checked that the sender holds the http key it names.

    Raises:
        Refused: the offer is not for us, or names another key for a partner whom we know.
        Conflict: too many offers wait, or the version is not the one to discuss.
    """
    theirs = _check_for_us(organisation_id, document)
    row = Agreement.objects.select_for_update().filter(organisation_id=organisation_id, name=document.id).first()
    row = _new(organisation_id, document, theirs, kind) if row is None else _known(row, document, theirs)
    known = AgreementVersion.objects.filter(agreement=row, digest=document.digest).exists()
    if known and row.pending == document.version:
        # It lay before our people already: whoever brings it a thousand times says nothing more.
        return row
    version = keep_version(row, document, theirs.id)
    row.pending = document.version
    if row.state in _OPENED_BY_OFFER:
        row.state, row.since = AgreementState.RECEIVED, now()
    row.save(update_fields=["pending", "state", "since"])
    _note(row, "agreement.offer_received", version)
    return row


@transaction.atomic
def take_signature(organisation_id: int, signature: Signature, sender: str) -> bool:
    """Keep a partner's signature; says whether the version is in force now.

    Raises:
        NotFound: no such agreement with this sender, or no such version.
        Refused: bad-signature.
    """
    row, version = _find(organisation_id, signature.agreement, signature.digest, sender)
    if signature.party != sender:
        raise Refused("wrong-signer", "A node brings its own organisation's signature.")
    keep_signature(version, sender, signature.signature)
    _note(row, "agreement.partner_signed", version)
    if version.number == row.pending and version.pk == latest(row, row.pending).pk:
        return come_into_force(row, version)
    return row.version >= version.number


@transaction.atomic
def take_refusal(organisation_id: int, refusal: Refusal, sender: str) -> None:
    """Note that the partner declined what is under discussion.

    Raises:
        NotFound: no such agreement with this sender, or no such version.
    """
    row, version = _find(organisation_id, refusal.agreement, refusal.digest, sender)
    if version.number == row.pending:
        close_discussion(row)
    _note(row, "agreement.partner_declined", version)


def _check_for_us(organisation_id: int, document: SignedTerms) -> Party:
    """Make sure that one party of a document is us as we are; gives the other."""
    identity = identity_of(organisation_id)
    ours = next((party for party in document.parties if party.id == identity.party), None)
    if ours is None or (ours.node, ours.key) != (identity.node, identity.key):
        raise Refused("wrong-signer", "The offer names another organisation or another key than ours.")
    known = {(key.purpose, key.key) for key in public_keys_of(organisation_id)}
    if not {(key.purpose, key.key) for key in ours.keys} <= known:
        raise Refused("unknown-key", "The offer names a key for us that is not ours.")
    return next(party for party in document.parties if party.id != identity.party)


def _new(organisation_id: int, document: SignedTerms, theirs: Party, kind: OrganisationKind) -> Agreement:
    if document.version != 1:
        raise Conflict("An agreement begins with version 1.")
    waiting = Agreement.objects.filter(organisation_id=organisation_id, state=AgreementState.RECEIVED, version=0)
    if waiting.count() >= MOST_OFFERS:
        raise Conflict("Too many offers wait for an answer here. Ask the organisation to look at them.")
    row = Agreement.objects.create(
        organisation_id=organisation_id,
        name=document.id,
        partner=theirs.id,
        partner_name=theirs.name[:200],
        partner_kind=kind,
        partner_node=theirs.node[:200],
        state=AgreementState.RECEIVED,
    )
    Standing.objects.create(agreement=row)
    return row


def _known(row: Agreement, document: SignedTerms, theirs: Party) -> Agreement:
    before = opened(AgreementVersion.objects.filter(agreement=row).order_by("-id")[0])
    keys = {party.id: (party.key, party.node) for party in before.parties}
    if keys.get(theirs.id) != (theirs.key, theirs.node):
        raise Refused("wrong-signer", "The offer names another key or node for a partner than before.")
    if row.state == AgreementState.ENDED or document.version != row.version + 1:
        raise Conflict(f"Version {document.version} is not the one to discuss.")
    if AgreementVersion.objects.filter(agreement=row, number=document.version).count() >= MOST_DOCUMENTS:
        raise Conflict("Too many documents for one version: decline it and begin anew.")
    return row


def _find(organisation_id: int, name: str, digest: str, sender: str) -> tuple[Agreement, AgreementVersion]:
    row = (
        Agreement.objects.select_for_update()
        .filter(organisation_id=organisation_id, name=name[:40], partner=sender)
        .first()
    )
    version = AgreementVersion.objects.filter(agreement=row, digest=digest[:64]).first() if row else None
    if row is None or version is None:
        raise NotFound("agreement", name)
    return row, version


def _note(row: Agreement, action: str, version: AgreementVersion) -> None:
    audit.record(
        actor="worker",
        organisation=row.organisation_id,
        action=action,
        target=row.name,
        detail={"partner": row.partner, "digest": version.digest, "number": version.number},
    )

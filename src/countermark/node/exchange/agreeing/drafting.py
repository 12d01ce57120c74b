"""Draft an agreement, offer it, answer an offer with another, decline."""

import re
import secrets
from collections.abc import Mapping

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.agreeing.parcels import send
from countermark.node.exchange.agreeing.versions import identity_of, latest, opened, our_party, write_version
from countermark.node.exchange.documents import Card, Refusal, offer_of
from countermark.node.exchange.models import Agreement, AgreementVersion, Standing
from countermark.node.exchange.states import CLOSED, DISCUSSED, IN_FORCE, AgreementState
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.ijson import Plain

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: Longest reason for declining, suspending or ending.
LONGEST_REASON = 1000


def locked(member: Member, name: str) -> Agreement:
    """The agreement of that id, locked; call it in a transaction.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound.
    """
    member.require(Permission.AGREEMENTS_MANAGE)
    found: Agreement | None = (
        Agreement.objects.select_for_update().filter(organisation_id=member.organisation_id, name=name[:40]).first()
    )
    if found is None:
        raise NotFound("agreement", name)
    return found


@transaction.atomic
def draft(member: Member, card: Card, terms: Mapping[str, Plain]) -> Agreement:
    """Begin an agreement with the organisation that a card introduces.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE); Conflict, no keys yet; Invalid, the card is our own.
    """
    member.require(Permission.AGREEMENTS_MANAGE)
    ours = our_party(member.organisation_id)
    theirs = card.party
    if theirs.id == ours.id or theirs.key == ours.key or theirs.node == ours.node:
        raise Invalid.of("address", "our-own", "This is your own node.", "Give the address of the partner's node.")
    row = Agreement.objects.create(
        organisation_id=member.organisation_id,
        name=_name(ours.id, theirs.id),
        partner=theirs.id,
        partner_name=theirs.name[:200],
        partner_kind=card.kind,
        partner_node=theirs.node[:200],
        pending=1,
    )
    Standing.objects.create(agreement=row)
    version = write_version(row, 1, (ours, theirs), terms, ours.id)
    note(member, "agreement.drafted", row, version)
    return row


@transaction.atomic
def rewrite(member: Member, name: str, terms: Mapping[str, Plain]) -> AgreementVersion:
    """Write the terms of the version under discussion anew: a draft, or our answer to the partner's offer.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, nothing is under discussion.
    """
    row = locked(member, name)
    if not row.pending:
        raise Conflict("Nothing is under discussion. Begin an amendment first.")
    before = opened(latest(row, row.pending))
    version = write_version(row, row.pending, before.parties, terms, identity_of(member.organisation_id).party)
    if row.state in DISCUSSED:
        _move(row, AgreementState.DRAFT)
    note(member, "agreement.rewritten", row, version)
    return version


@transaction.atomic
def offer(member: Member, name: str) -> Agreement:
    """Send the version under discussion to the partner, to be read and signed.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, there is nothing of ours to send.
    """
    row = locked(member, name)
    if not row.pending or row.state in CLOSED:
        raise Conflict("There is nothing to offer.")
    version = latest(row, row.pending)
    send(row, "offer", offer_of(opened(version), member.organisation_kind))
    if row.state in DISCUSSED:
        _move(row, AgreementState.OFFERED)
    note(member, "agreement.offered", row, version)
    return row


@transaction.atomic
def begin_amendment(member: Member, name: str, terms: Mapping[str, Plain]) -> AgreementVersion:
    """Write the next version of an agreement in force; the present one stays in force until both have signed.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, not in force or an amendment is under discussion.
    """
    row = locked(member, name)
    if row.state not in IN_FORCE or row.pending:
        raise Conflict("Only an agreement in force is amended, one amendment at a time.")
    before = opened(latest(row, row.version))
    ours = our_party(member.organisation_id)
    parties = tuple(ours if party.id == ours.id else party for party in before.parties)
    row.pending = row.version + 1
    row.save(update_fields=["pending"])
    version = write_version(row, row.pending, (parties[0], parties[1]), terms, ours.id)
    note(member, "agreement.amendment_drafted", row, version)
    return version


@transaction.atomic
def decline(member: Member, name: str, reason: str) -> Agreement:
    """Decline what is under discussion, with a reason that the partner reads.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, nothing to decline; Invalid, no reason.
    """
    row = locked(member, name)
    words = check_reason(reason)
    if not row.pending:
        raise Conflict("There is nothing to decline.")
    version = latest(row, row.pending)
    send(row, "refusal", Refusal(agreement=row.name, digest=version.digest, reason=words))
    close_discussion(row)
    note(member, "agreement.declined", row, version)
    return row


def close_discussion(row: Agreement) -> None:
    """End the discussion of a version: an agreement in force stays so, one that never was is declined."""
    row.pending = 0
    row.save(update_fields=["pending"])
    if row.state in DISCUSSED:
        _move(row, AgreementState.DECLINED)


def check_reason(reason: str) -> str:
    """A reason in words, trimmed.

    Raises:
        Invalid: missing or too long.
    """
    words = " ".join(reason.replace("\0", "").split())
    if not words:
        raise Invalid.of("reason", "missing", "A reason is missing.", "Write in a sentence why.")
    if len(words) > LONGEST_REASON:
        raise Invalid.of("reason", "too-long", "The reason is too long.", f"Use at most {LONGEST_REASON} characters.")
    return words


def note(member: Member, action: str, row: Agreement, version: AgreementVersion | None = None) -> None:
    """Say in the trail who did what with an agreement."""
    detail: dict[str, str | int] = {"partner": row.partner}
    if version is not None:
        detail |= {"digest": version.digest, "number": version.number}
    audit.record(actor=member.actor, organisation=member.organisation_id, action=action, target=row.name, detail=detail)


def _move(row: Agreement, state: AgreementState) -> None:
    row.state, row.since = state, now()
    row.save(update_fields=["state", "since"])


def _name(ours: str, theirs: str) -> str:
    tail = "".join(secrets.choice(_LETTERS) for _ in range(6))
    short = [re.sub(r"-+$", "", one[:16]) for one in (ours, theirs)]
    return f"{short[0]}-{short[1]}-{tail}"

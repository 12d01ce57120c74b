"""Sign an agreement, take in the partner's signature, and let it come into force when both are there."""

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.agreeing.drafting import locked, note
from countermark.node.exchange.agreeing.parcels import send
from countermark.node.exchange.agreeing.versions import identity_of, latest, opened
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.documents import Signature
from countermark.node.exchange.models import Agreement, AgreementSignature, AgreementVersion, Feed
from countermark.node.exchange.states import CLOSED, DISCUSSED, AgreementState
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.proof.agreements import check_signature
from countermark.proof.refusals import Refused


@transaction.atomic
def confirm_fingerprint(member: Member, name: str) -> Agreement:
    """A person says: I have compared the fingerprint of the partner's key with the partner, aloud.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound.
    """
    row = locked(member, name)
    row.fingerprint_checked_by, row.fingerprint_checked_at = member.actor, now()
    row.save(update_fields=["fingerprint_checked_by", "fingerprint_checked_at"])
    note(member, "agreement.fingerprint_compared", row)
    return row


@transaction.atomic
def sign(member: Member, name: str, digest: str, signature: str) -> Agreement:
    """Keep our organisation's signature for the version under discussion, and send it to the partner.

    The signature is made with the organisation's key, which need not be on the node.

    Args:
        member: administrator.
        name: id of the agreement.
        digest: of the document that was read; another one under discussion meanwhile is refused.
        signature: 64 bytes, base64url.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, nothing to sign, other document, or fingerprints were
            not compared; Invalid, the signature is not by our organisation's key.
    """
    row = locked(member, name)
    if not row.pending or row.state in CLOSED:
        raise Conflict("There is nothing to sign.")
    version = latest(row, row.pending)
    if version.digest != digest:
        raise Conflict("The document has changed since you read it. Read it again before you sign.")
    if row.fingerprint_checked_at is None:
        raise Conflict("Compare the fingerprint of the partner's key aloud before you sign.", code="not-compared")
    party = identity_of(member.organisation_id).party
    try:
        keep_signature(version, party, signature)
    except Refused as refused:
        mend = "Sign this document with your organisation's key."
        raise Invalid.of("signature", refused.code, "This is not your organisation's signature.", mend) from refused
    send(row, "signature", Signature(agreement=row.name, digest=version.digest, party=party, signature=signature))
    note(member, "agreement.signed", row, version)
    come_into_force(row, version)
    return row


def keep_signature(version: AgreementVersion, party: str, signature: str) -> None:
    """Keep a signature after checking it with the key that the document names for that party.

    Raises:
        Refused: bad-signature, or wrong-signer when the document names no such party.
    """
    document = opened(version)
    signer = next((one for one in document.parties if one.id == party), None)
    if signer is None:
        raise Refused("wrong-signer", "The document names no such party.")
    check_signature(document, signer, signature)
    if not AgreementSignature.objects.filter(version=version, party=party).exists():
        AgreementSignature(version=version, party=party, signature=signature).save()


def come_into_force(row: Agreement, version: AgreementVersion) -> bool:
    """Let a version count from now on if both have signed it; says whether it does. In a transaction, row locked."""
    if version.signatures.count() < 2 or version.number != row.version + 1:
        return row.version >= version.number
    if row.version:
        _say(row, "agreement.amended", version)
    _put_in_force(row, version)
    if version.number == 1:
        _open_feeds(row, version)
        _say(row, "agreement.agreed", version)
    audit.record(
        actor="system",
        organisation=row.organisation_id,
        action="agreement.came_into_force",
        target=row.name,
        detail={"digest": version.digest, "number": version.number},
    )
    return True


def _put_in_force(row: Agreement, version: AgreementVersion) -> None:
    row.version, row.digest = version.number, version.digest
    row.pending = 0
    if row.state in DISCUSSED:
        row.state, row.since = AgreementState.AGREED, now()
    row.save(update_fields=["version", "digest", "pending", "state", "since"])


def _open_feeds(row: Agreement, version: AgreementVersion) -> None:
    document, ours = opened(version), identity_of(row.organisation_id).party
    for party in document.parties:
        Feed.objects.create(
            organisation_id=row.organisation_id,
            agreement=row,
            name=document.feed_of(party.id),
            publisher=party.id,
            ours=party.id == ours,
            version=version.number,
        )


def _say(row: Agreement, kind: str, version: AgreementVersion) -> None:
    say_for_exchange(row, kind, row.name, {"version": version.number, "digest": version.digest})

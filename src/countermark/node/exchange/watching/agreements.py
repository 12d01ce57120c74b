"""One agreement with its documents, signatures and fingerprints."""

from collections.abc import Sequence

import msgspec

from countermark.node.exchange.agreeing.lifecycle import notice_days
from countermark.node.exchange.agreeing.versions import opened
from countermark.node.exchange.models import Agreement, AgreementVersion
from countermark.node.exchange.shown import (
    AgreementRow,
    AgreementShown,
    PartyShown,
    SignatureShown,
    VersionShown,
)
from countermark.node.exchange.watching.key_lines import key_shown
from countermark.node.exchange.watching.rows import (
    MOST_AGREEMENTS,
    agreement_row,
    agreements_of,
    open_parcels,
    parcel_shown,
    talk_of,
)
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.proof.agreements import Party, SignedAgreement
from countermark.proof.encoding import to_base64url
from countermark.proof.key_ring import KnownKey

#: Documents shown of one agreement; older ones stay stored.
MOST_SHOWN = 20


def agreement_rows(organisation_id: int) -> tuple[AgreementRow, ...]:
    """All agreements, by the partner's name."""
    return tuple(agreement_row(row) for row in agreements_of(organisation_id)[:MOST_AGREEMENTS])


def agreement_shown(member: Member, name: str) -> AgreementShown:
    """One agreement.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    row = _row(member, name)
    versions = list(row.versions.prefetch_related("signatures").order_by("-id")[:MOST_SHOWN])
    shown = tuple(_version(one, row) for one in versions)
    read = next((one for one in versions if one.pk == row.discussed_pk), None) or _in_force(versions, row)  # type: ignore[attr-defined]
    terms = dict(opened(read).terms) if read else {}
    return AgreementShown(
        row=agreement_row(row),
        parties=_parties(read, row, member.organisation_kind) if read else (),
        versions=shown,
        compared_by=row.fingerprint_checked_by,
        parcels=tuple(parcel_shown(one) for one in open_parcels(member.organisation_id).filter(agreement=row)),
        talk=talk_of(row, terms),
        notice_days=notice_days(row) if row.version else 0,
    )


def document_of(member: Member, name: str, digest: str) -> bytes:
    """A document as it is signed elsewhere: canonical bytes; with the signatures around it once there are any.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    row = _row(member, name)
    version = row.versions.prefetch_related("signatures").filter(digest=digest[:64]).first()
    if version is None:
        raise NotFound("version", digest)
    signatures = {one.party: one.signature for one in version.signatures.all()}
    if not signatures:
        return bytes(version.document)
    signed = SignedAgreement(to_base64url(bytes(version.document)), signatures)
    return msgspec.json.encode(signed, order="deterministic") + b"\n"


def _row(member: Member, name: str) -> Agreement:
    member.require(Permission.EXCHANGE_VIEW)
    found = None
    if "\0" not in name:
        found = agreements_of(member.organisation_id).filter(name=name[:40]).first()
    if found is None:
        raise NotFound("agreement", name)
    return found


def _in_force(versions: Sequence[AgreementVersion], row: Agreement) -> AgreementVersion | None:
    """The version in force; the newest of all where there never was one."""
    return next((one for one in versions if one.digest == row.digest), versions[0] if versions else None)


def _version(version: AgreementVersion, row: Agreement) -> VersionShown:
    ours: str = row.our_party  # type: ignore[attr-defined]
    return VersionShown(
        number=version.number,
        digest=version.digest,
        at=version.at,
        by_us=version.proposed_by == ours,
        terms=dict(opened(version).terms),
        signatures=tuple(
            SignatureShown(party=one.party, ours=one.party == ours, at=one.at) for one in version.signatures.all()
        ),
        in_force=version.digest == row.digest,
        pending=version.pk == row.discussed_pk,  # type: ignore[attr-defined]
    )


def _parties(version: AgreementVersion, row: Agreement, kind: OrganisationKind) -> tuple[PartyShown, ...]:
    """Both sides, ours first."""
    ours: str = row.our_party  # type: ignore[attr-defined]
    sides = sorted(opened(version).parties, key=lambda party: party.id != ours)
    kinds = {True: kind, False: OrganisationKind(row.partner_kind)}
    return tuple(party_shown(party, kinds[party.id == ours], ours) for party in sides)


def party_shown(party: Party, kind: OrganisationKind, ours: str) -> PartyShown:
    """One side as its card or a document names it."""
    moment = now()
    known = [KnownKey(party.id, party.node, key) for key in party.keys]
    return PartyShown(
        id=party.id,
        name=party.name,
        node=party.node,
        kid=party.public.kid,
        spoken=party.public.spoken,
        kind=kind,
        ours=party.id == ours,
        keys=tuple(key_shown(one, ours, moment) for one in known),
    )

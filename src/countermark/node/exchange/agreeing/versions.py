"""Versions of an agreement: written once, found by digest."""

from collections.abc import Mapping
from functools import lru_cache

from countermark.node.exchange.models import Agreement, AgreementVersion, Identity
from countermark.node.exchange.rules.terms import Terms, read_terms
from countermark.node.exchange.signing import public_keys_of
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import Party
from countermark.proof.ijson import Plain, read_object
from countermark.proof.shapes import as_record


def identity_of(organisation_id: int) -> Identity:
    """Under which names an organisation speaks.

    Raises:
        Conflict: no key ceremony was held yet.
    """
    found: Identity | None = (
        Identity.objects.select_related("organisation").filter(organisation_id=organisation_id).first()
    )
    if found is None:
        raise Conflict("This node has no keys yet. Run “countermark node keys init” first.", code="no-identity")
    return found


def our_party(organisation_id: int) -> Party:
    """Our side of an agreement, with the keys of now."""
    identity = identity_of(organisation_id)
    keys = tuple(public_keys_of(organisation_id))
    return Party(identity.party, identity.organisation.name, identity.node, identity.key, keys)


def opened(version: AgreementVersion) -> SignedTerms:
    """What a version says."""
    return as_record(read_object(bytes(version.document)), SignedTerms, what="Agreement: ")


def readable_terms(version: AgreementVersion) -> Terms | None:
    """The terms that a version holds; None when they are of a kind that this node cannot read."""
    return _sides_and_terms(bytes(version.document))[1]


def parties_of(version: AgreementVersion) -> tuple[Party, Party]:
    """The two parties that a version names, in its order."""
    return _sides_and_terms(bytes(version.document))[0]


@lru_cache(maxsize=256)
def _sides_and_terms(document: bytes) -> tuple[tuple[Party, Party], Terms | None]:
    # Kept by its bytes, which never change: reading terms costs more than a page of entries.
    said = as_record(read_object(document), SignedTerms, what="Agreement: ")
    try:
        return said.parties, read_terms(said.terms)
    except Invalid:
        return said.parties, None


def latest(agreement: Agreement, number: int) -> AgreementVersion:
    """The newest document of a version number: an offer that was answered by another replaces it.

    Raises:
        Conflict: there is none.
    """
    found: AgreementVersion | None = (
        AgreementVersion.objects.filter(agreement=agreement, number=number).order_by("-id").first()
    )
    if found is None:
        raise Conflict("There is no such version of this agreement.")
    return found


def write_version(
    agreement: Agreement, number: int, parties: tuple[Party, Party], terms: Mapping[str, Plain], by: str
) -> AgreementVersion:
    """Write a version; the very same document again is the row that is there."""
    document = SignedTerms(v=1, id=agreement.name, version=number, parties=parties, terms=dict(terms))
    return keep_version(agreement, document, by)


def keep_version(agreement: Agreement, document: SignedTerms, by: str) -> AgreementVersion:
    """Keep a document, ours or a partner's."""
    known: AgreementVersion | None = AgreementVersion.objects.filter(
        agreement=agreement, digest=document.digest
    ).first()
    if known is not None:
        return known
    row = AgreementVersion(
        agreement=agreement,
        number=document.version,
        document=document.to_bytes(),
        digest=document.digest,
        proposed_by=by,
    )
    row.save()
    return row

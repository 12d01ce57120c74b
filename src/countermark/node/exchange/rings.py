"""Whose keys count under an agreement: from its signed versions, and from the entries that changed keys since."""

from countermark.node.exchange.models import Agreement, AgreementVersion, FeedEntry
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import SignedAgreement, open_agreement
from countermark.proof.encoding import to_base64url
from countermark.proof.key_ring import REVOKED, ROTATED, KeyRing


def signed_versions(agreement: Agreement) -> list[SignedAgreement]:
    """Every version that both organisations signed, oldest first."""
    versions = AgreementVersion.objects.filter(agreement=agreement).prefetch_related("signatures").order_by("id")
    found = []
    for version in versions:
        signatures = {one.party: one.signature for one in version.signatures.all()}
        if len(signatures) == 2:
            found.append(SignedAgreement(to_base64url(bytes(version.document)), signatures))
    return found


def ring_of(agreement: Agreement) -> KeyRing:
    """Every key that may sign under an agreement; signatures of the versions are checked again each time.

    Raises:
        Refused: a stored version does not hold, so somebody has changed the table.
    """
    return with_key_changes(agreement, KeyRing.of(terms_of(agreement)))


def terms_of(agreement: Agreement) -> list[SignedTerms]:
    """The versions that both organisations signed, opened; oldest first."""
    return [open_agreement(one) for one in signed_versions(agreement)]


def with_key_changes(agreement: Agreement, ring: KeyRing) -> KeyRing:
    """The ring after every rotation and revocation that stands in the two feeds."""
    changes = FeedEntry.objects.filter(feed__agreement=agreement, type__in=(ROTATED, REVOKED))
    for token in changes.order_by("id").values_list("token", flat=True):
        ring = ring.changed_by(token)
    return ring

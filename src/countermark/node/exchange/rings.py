"""Whose keys count under an agreement: from its signed versions, and from the entries that changed keys since."""

from threading import Lock

from django.db import connection
from django.db.models import QuerySet

from countermark.node.exchange.models import Agreement, AgreementVersion, FeedEntry
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import SignedAgreement, open_agreement
from countermark.proof.encoding import to_base64url
from countermark.proof.key_ring import REVOKED, ROTATED, KeyRing

_Stamp = tuple[int | str, ...]
_MOST_RINGS = 256
_rings: dict[_Stamp, KeyRing] = {}
_lock = Lock()


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
    """Every key that may sign under an agreement.

    Signatures of the versions are checked when a process first needs them, and again after each change.

    Raises:
        Refused: a stored version does not hold, so somebody has changed the table.
    """
    # What can change a ring: another version in force, or one more entry that changes keys in either feed. Named by the
    # id of that entry, not by its row: a row's number comes again after a transaction that was rolled back.
    with connection.cursor() as cursor:
        cursor.execute("SELECT keys_entry FROM exchange_feed WHERE agreement_id = %s ORDER BY ours", [agreement.pk])
        stamp = agreement.pk, agreement.version, agreement.digest, *(row[0] for row in cursor.fetchall())
    with _lock:
        found = _rings.get(stamp)
    if found is None:
        found = with_key_changes(agreement, KeyRing.of(terms_of(agreement)))
        with _lock:
            if len(_rings) >= _MOST_RINGS:
                _rings.clear()
            _rings[stamp] = found
    return found


def terms_of(agreement: Agreement) -> list[SignedTerms]:
    """The versions that both organisations signed, opened; oldest first."""
    return [open_agreement(one) for one in signed_versions(agreement)]


def with_key_changes(agreement: Agreement, ring: KeyRing) -> KeyRing:
    """The ring after every rotation and revocation that stands in the two feeds."""
    for token in _key_changes(agreement).order_by("id").values_list("token", flat=True):
        ring = ring.changed_by(token)
    return ring


def _key_changes(agreement: Agreement) -> QuerySet[FeedEntry]:
    return FeedEntry.objects.filter(feed__agreement=agreement, type__in=(ROTATED, REVOKED))

"""Tell partners of keys that were renewed or revoked: by entries that a key signs which they know already."""

from datetime import datetime

import structlog
from django.db import transaction

from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.logs import organisations_that_speak
from countermark.node.exchange.models import Agreement, Feed
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import public_keys_of, revoked_keys_of, signer_of
from countermark.node.exchange.states import IN_FORCE, TALKING, FeedState
from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.key_ring import REVOKED, ROTATED, KeyRing, revocation_data, rotation_data

log = structlog.get_logger(__name__)


def announce_key_changes(organisation_id: int) -> int:
    """Tell every partner of the keys that it does not know yet, and of those that it still trusts wrongly.

    Asked again it says nothing anew. An agreement under which no known key for entries is left is passed over: only an
    amendment, signed with the organisation's own key, brings new ones there.

    Returns:
        How many entries were appended.
    """
    return announce_renewed_keys(organisation_id) + announce_revoked_keys(organisation_id)


def announce_all_key_changes() -> None:
    """The same for every organisation of this node."""
    for organisation_id in organisations_that_speak():
        announce_key_changes(organisation_id)


def announce_renewed_keys(organisation_id: int) -> int:
    """Append `key.rotated` under every agreement for each key that may sign and that the partner does not know."""
    public = public_keys_of(organisation_id)
    said = 0
    for agreement in _speaking(organisation_id):
        with transaction.atomic():
            ring = _locked_ring(agreement)
            new = [key for key in public if key.public.kid not in ring.keys]
            if new and _may_sign(ring, public, agreement):
                # Keys for entries last: until then everything is signed by one that the partner surely knows.
                ordered = sorted(new, key=lambda key: (key.purpose is Purpose.ENTRIES, key.valid_from))
                said += sum(_rotate(agreement, key) for key in ordered)
    return said


def announce_revoked_keys(organisation_id: int) -> int:
    """Append `key.revoked` under every agreement for each key that was revoked here, and still counts there."""
    revoked = revoked_keys_of(organisation_id)
    public = public_keys_of(organisation_id) if revoked else []
    said = 0
    for agreement in _speaking(organisation_id) if revoked else []:
        with transaction.atomic():
            ring = _locked_ring(agreement)
            late = {kid: since for kid, since in revoked.items() if _counts_after(ring, kid, since)}
            if late and _may_sign(ring, public, agreement):
                for kid, since in late.items():
                    say_for_exchange(agreement, REVOKED, kid, revocation_data(kid, since))
                said += len(late)
    return said


def _speaking(organisation_id: int) -> list[Agreement]:
    # Also after the end: receipts for what is deleted then must be signed with a key that the partner knows.
    rows = Agreement.objects.filter(organisation_id=organisation_id, state__in=TALKING)
    return list(rows.filter(feeds__ours=True, feeds__state=FeedState.OPEN).distinct().order_by("pk"))


def _locked_ring(agreement: Agreement) -> KeyRing:
    """The ring under the lock of our feed, so that two processes do not say one thing twice."""
    Feed.objects.select_for_update().get(agreement=agreement, ours=True)
    return ring_of(agreement)


def _counts_after(ring: KeyRing, kid: str, since: datetime) -> bool:
    known = ring.keys.get(kid)
    return known is not None and (known.revoked is None or known.revoked > since)


def _signing_keys(ring: KeyRing, public: list[OperationalKey]) -> set[str]:
    """Keys for entries that may sign now and that the partner knows and trusts."""
    kids = {key.public.kid for key in public if key.purpose is Purpose.ENTRIES}
    return {kid for kid in kids if kid in ring.keys and ring.keys[kid].revoked is None}


def _may_sign(ring: KeyRing, public: list[OperationalKey], agreement: Agreement) -> bool:
    if _signing_keys(ring, public):
        return True
    if agreement.state in IN_FORCE:
        log.error("exchange.no_known_key", agreement=agreement.name, mend="amend the agreement")
    return False


def _rotate(agreement: Agreement, key: OperationalKey) -> int:
    kid = key.public.kid
    feed = Feed.objects.values_list("name", flat=True).get(agreement=agreement, ours=True)
    holder = signer_of(agreement.organisation_id, key.purpose, {kid})
    if holder.public.kid != kid:
        # It ended or was retired between two looks.
        return 0
    say_for_exchange(agreement, ROTATED, kid, rotation_data(feed, key, holder))
    return 1

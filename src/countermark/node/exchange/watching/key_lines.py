"""Whose keys count under many agreements at once, and which of them end soon."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from countermark.node.exchange.models import AgreementVersion, FeedEntry
from countermark.node.exchange.shown import KeyShown, KeyState
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import Party, Purpose, SignedAgreement, open_agreement
from countermark.proof.encoding import to_base64url
from countermark.proof.key_ring import REVOKED, ROTATED, KeyRing, KnownKey
from countermark.proof.refusals import Refused

#: A key is named this long before it ends.
WARN_BEFORE = timedelta(days=30)
_ORDER = tuple(Purpose)


@dataclass(slots=True)
class Signed:
    """What both sides signed under one agreement, checked again.

    Attributes:
        versions: opened, oldest first.
        ring: keys that count; empty when `broken`.
        broken: why what is stored does not hold; empty when it does.
    """

    versions: list[SignedTerms] = field(default_factory=list)
    ring: KeyRing = field(default_factory=KeyRing)
    broken: str = ""

    def terms(self, digest: str) -> dict[str, object]:
        """Terms of one version; empty when there is none."""
        return next((dict(one.terms) for one in self.versions if one.digest == digest), {})


def signed_under(agreements: Sequence[int]) -> dict[int, Signed]:
    """Signed versions and key rings of many agreements (rows), in three questions however many there are."""
    documents = _signed_documents(agreements)
    changes: dict[int, list[str]] = defaultdict(list)
    tokens = FeedEntry.objects.filter(feed__agreement__in=agreements, type__in=(ROTATED, REVOKED)).order_by("id")
    for agreement, token in tokens.values_list("feed__agreement_id", "token"):
        changes[agreement].append(token)
    return {one: _checked(documents[one], changes[one]) for one in agreements}


def _signed_documents(agreements: Sequence[int]) -> dict[int, list[SignedAgreement]]:
    found: dict[int, list[SignedAgreement]] = defaultdict(list)
    versions = AgreementVersion.objects.filter(agreement__in=agreements, signatures__isnull=False).distinct()
    for version in versions.prefetch_related("signatures").order_by("id"):
        signatures = {one.party: one.signature for one in version.signatures.all()}
        if len(signatures) == 2:
            found[version.agreement_id].append(SignedAgreement(to_base64url(bytes(version.document)), signatures))
    return found


def _checked(documents: Iterable[SignedAgreement], changes: Iterable[str]) -> Signed:
    made = Signed()
    try:
        for document in documents:
            made.versions.append(open_agreement(document))
        ring = KeyRing.of(made.versions)
        for token in changes:
            ring = ring.changed_by(token)
        made.ring = ring
    except Refused as refused:
        made.broken = str(refused)
    return made


def keys_of(ring: KeyRing, ours: str, moment: datetime, parties: Iterable[Party] = ()) -> tuple[KeyShown, ...]:
    """Keys of both sides as they are shown: ours first, by purpose, the newest first.

    Args:
        ring: whose keys.
        ours: our party id.
        moment: now.
        parties: their organisations' own keys are shown as well.
    """
    newest: dict[tuple[str, Purpose], KnownKey] = {}
    for known in sorted(ring.keys.values(), key=lambda one: one.key.start):
        if known.revoked is None and known.key.start <= moment:
            newest[known.party, known.key.purpose] = known
    shown = [key_shown(known, ours, moment, newest=known in newest.values()) for known in ring.keys.values()]
    shown += [organisation_key(party, ours) for party in parties]
    return tuple(sorted(shown, key=lambda one: (not one.ours, _ORDER.index(one.purpose), -_stamp(one.start))))


def key_shown(known: KnownKey, ours: str, moment: datetime, *, newest: bool = True) -> KeyShown:
    """One operational key."""
    public = known.key.public
    return KeyShown(
        ours=known.party == ours,
        purpose=known.key.purpose,
        kid=public.kid,
        spoken=public.spoken,
        start=known.key.start,
        until=known.key.end,
        revoked_at=known.revoked,
        state=_state(known, moment, newest=newest),
    )


def organisation_key(party: Party, ours: str) -> KeyShown:
    """An organisation's own key, which only a new agreement replaces."""
    return KeyShown(
        ours=party.id == ours,
        purpose=Purpose.ORGANISATION,
        kid=party.public.kid,
        spoken=party.public.spoken,
        start=None,
        until=None,
        revoked_at=None,
        state=KeyState.USED,
    )


def _state(known: KnownKey, moment: datetime, *, newest: bool) -> KeyState:
    if known.revoked is not None:
        return KeyState.REVOKED
    if known.key.start > moment:
        return KeyState.NOT_YET
    if known.key.end <= moment:
        return KeyState.ENDED
    if not newest:
        return KeyState.OLDER
    return KeyState.ENDS_SOON if known.key.end <= moment + WARN_BEFORE else KeyState.USED


def _stamp(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()

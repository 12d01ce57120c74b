"""Whose request this is: keys that may sign requests under an agreement, and requests that were here before."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.db import IntegrityError, transaction

from countermark.node.exchange.agreeing.versions import opened
from countermark.node.exchange.models import Agreement, AgreementVersion, Identity, Nonce
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.wire.nonces import MemoryFull
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.keys import PublicKey
from countermark.proof.refusals import Refused

#: What doors pass on to services without looking into it.
AgreementRow: TypeAlias = Agreement
KeyFinder = Callable[[str], tuple[PublicKey, str]]

#: Requests of one key that are remembered at once; its partner polls a few times a minute.
MOST_NONCES = 20_000


def agreement_called(name: str, host: str) -> Agreement:
    """The agreement that an address names, of the organisation that answers at that host.

    Raises:
        NotFound: no such agreement was ever signed or discussed here.
    """
    rows = Agreement.objects.filter(name=name[:40])
    row: Agreement | None = rows.filter(organisation_id=organisation_at(host)).first()
    if row is None:
        raise NotFound("agreement")
    return row


def organisation_at(host: str) -> int:
    """The organisation whose node answers at a host; a node that speaks for one alone answers at any name it has.

    Raises:
        NotFound: nobody here speaks to partners.
    """
    rows = dict(Identity.objects.values_list("node", "organisation_id"))
    if host in rows:
        return int(rows[host])
    if len(rows) == 1:
        return int(next(iter(rows.values())))
    raise NotFound("node")


def key_in_force(agreement: Agreement) -> KeyFinder:
    """Keys of the partner that may sign requests now, under an agreement that both signed."""

    def find(kid: str) -> tuple[PublicKey, str]:
        known = ring_of(agreement).keys.get(kid)
        if known is None or known.party != agreement.partner:
            raise Refused("unknown-key")
        if known.revoked is not None and known.revoked <= now():
            raise Refused("key-revoked")
        return _usable(known.key), known.party

    return find


def key_in_discussion(agreement: Agreement) -> KeyFinder:
    """Keys that the documents under discussion name for the partner: enough to bring a signature, not to read."""
    documents = [opened(one) for one in AgreementVersion.objects.filter(agreement=agreement)]
    return _named_by(documents, agreement.partner)


def key_in_offer(document: SignedTerms, ours: str) -> KeyFinder:
    """Keys that an offer names for its sender: it shows only that the sender holds what it offers."""
    sender = next((party.id for party in document.parties if party.id != ours), "")
    return _named_by([document], sender)


def _named_by(documents: list[SignedTerms], party: str) -> KeyFinder:
    keys = {
        key.public.kid: key
        for document in documents
        for side in document.parties
        if side.id == party
        for key in side.keys
    }

    def find(kid: str) -> tuple[PublicKey, str]:
        if kid not in keys:
            raise Refused("unknown-key")
        return _usable(keys[kid]), party

    return find


def _usable(key: OperationalKey) -> PublicKey:
    if key.purpose is not Purpose.HTTP:
        raise Refused("wrong-purpose", f"It is for {key.purpose}.")
    if not key.start <= now() < key.end:
        raise Refused("key-not-valid", f"Valid from {key.valid_from} until {key.valid_until}.")
    return key.public


class StoredNonces:
    """The nonces of all processes of a node, in its database."""

    def remember(self, kid: str, nonce: str, *, now: datetime, until: datetime) -> bool:
        """Whether this nonce of this key is new; remembered from here on.

        Raises:
            MemoryFull: the key has signed more requests than any honest node does.
        """
        if Nonce.objects.filter(kid=kid, until__gt=now).count() >= MOST_NONCES:
            raise MemoryFull
        try:
            with transaction.atomic():
                Nonce.objects.create(kid=kid, nonce=nonce, until=until)
        except IntegrityError:
            return False
        return True


def forget_nonces() -> int:
    """Forget requests that would be too old by now anyway; says how many."""
    return Nonce.objects.filter(until__lte=now()).delete()[0]

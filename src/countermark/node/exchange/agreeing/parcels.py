"""What waits to be sent to a partner's node outside of a feed: offers, signatures, refusals."""

import hashlib
from datetime import datetime

import msgspec

from countermark.node.exchange.models import Agreement, Parcel
from countermark.node.exchange.wire.backoff import is_due
from countermark.node.kernel.claims import State, claim, finish, give_back
from countermark.node.kernel.time import now

#: How long a worker may take to send one.
_LEASE_SECONDS = 60.0


def send(agreement: Agreement, kind: str, document: msgspec.Struct) -> Parcel:
    """Put a document on its way, in the transaction of the act; the same one again is sent once."""
    body = msgspec.json.encode(document)
    key = hashlib.sha256(kind.encode() + b"\n" + body).hexdigest()
    parcel, _ = Parcel.objects.get_or_create(agreement=agreement, key=key, defaults={"kind": kind, "body": body})
    if parcel.state in (State.FAILED, State.DONE):
        Parcel.objects.filter(pk=parcel.pk).update(state=State.QUEUED, next_try=now(), attempts=0, reason="")
    return parcel


def claim_parcel(agreement: Agreement, worker: str) -> Parcel | None:
    """The oldest parcel for a partner whose time has come, in order: a signature never overtakes its document."""
    first = Parcel.objects.filter(agreement=agreement, state__in=(State.QUEUED, State.RUNNING)).order_by("id").first()
    if first is None or not is_due(first.next_try, now()):
        return None
    return claim(Parcel.objects.filter(pk=first.pk), worker, _LEASE_SECONDS)


def delivered(parcel: Parcel, worker: str) -> None:
    """It arrived, and the partner took it."""
    finish(parcel, worker, State.DONE)


def refused(parcel: Parcel, worker: str, reason: str) -> None:
    """The partner will never take it: people must look."""
    finish(parcel, worker, State.FAILED, reason)


def later(parcel: Parcel, worker: str, moment: datetime) -> None:
    """The partner could not be reached; try again then."""
    if give_back(parcel, worker, count_try=True):
        Parcel.objects.filter(pk=parcel.pk).update(next_try=moment)

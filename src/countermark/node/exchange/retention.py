"""Delete what lies beside entries when its time is over, and say so: to the partner, and to whoever asks later."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet, Subquery

from countermark.node.audit import services as audit
from countermark.node.exchange.agreeing.versions import latest, readable_terms
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.keeping import KeyProblem
from countermark.node.exchange.models import Agreement, Beside, Deletion, Feed, Standing
from countermark.node.exchange.states import AgreementState, FeedState
from countermark.node.kernel.time import now
from countermark.proof.ijson import Plain

log = structlog.get_logger(__name__)

#: Entries whose bytes are deleted by one transaction, and named by one deletion receipt (64 hexadecimal digits each).
_AT_ONCE = 500


def delete_all_due() -> int:
    """Delete everything whose last day is over, and what an agreement's end leaves without ground.

    Returns:
        How many entries lost what lay beside them. Their commitments stay, so every proof still holds.
    """
    today = now().date()
    deleted = 0
    for agreement in Agreement.objects.exclude(version=0).order_by("pk"):
        while (count := _delete_some(agreement, today)) > 0:
            deleted += count
        tell_deletions(agreement)
    return deleted


def due(agreement: Agreement, today: date) -> QuerySet[Beside]:
    """What is to be deleted under an agreement on a day; a legal hold keeps what it names."""
    over = Q(retain_until__lt=today)
    if agreement.state == AgreementState.ENDED:
        over |= _without_ground(agreement, today)
    return Beside.objects.filter(over, entry__feed__agreement=agreement, held=False).order_by("pk")


def _without_ground(agreement: Agreement, today: date) -> Q:
    """What the end of an agreement leaves without ground: as its terms say, and without terms everything at once."""
    terms = readable_terms(latest(agreement, agreement.version))
    if terms is None:
        return Q(pk__isnull=False)
    if today < (agreement.since + timedelta(days=terms.ending.delete_days)).date():
        return Q(pk=None)
    # What has no date of its own goes as well: nothing says how long it might stay.
    return Q(entry__data_class__in=[str(one) for one in terms.ending.deletes]) | Q(retain_until=None)


def _delete_some(agreement: Agreement, today: date) -> int:
    with transaction.atomic():
        rows = list(due(agreement, today).select_related("entry").select_for_update(of=("self",))[:_AT_ONCE])
        if rows:
            delete_beside(agreement, rows, "retention")
        return len(rows)


def delete_beside(agreement: Agreement, rows: Sequence[Beside], reason: str) -> None:
    """Delete bytes and salts, note it for good, and give the partner a deletion receipt. In a transaction.

    Where nothing can be said now, because the feed stands still or no key signs, the data go all the same: their time
    is over. The receipt follows as soon as it can be signed.

    Args:
        agreement: under which they came or were said.
        rows: with their entries loaded.
        reason: retention, ended or request.
    """
    # Locked first, so that deletions are noted in the order in which they are told.
    Feed.objects.select_for_update().filter(agreement=agreement, ours=True).first()
    moment = now()
    Deletion.objects.bulk_create(Deletion(entry=row.entry, at=moment, reason=reason) for row in rows)
    Beside.objects.filter(pk__in=[row.pk for row in rows]).delete()
    tell_deletions(agreement)
    audit.record(
        actor="worker",
        organisation=agreement.organisation_id,
        action="exchange.data_deleted",
        target=agreement.name,
        detail={"entries": len(rows), "reason": reason},
    )


def tell_deletions(agreement: Agreement) -> int:
    """Give the partner receipts for every deletion that it was not told of; says for how many entries.

    A feed that stands still, or a node without a key that signs, says nothing: what is not told waits.
    """
    if not _untold(agreement).exists():
        return 0
    try:
        with transaction.atomic():
            return _tell(agreement)
    except KeyProblem as problem:
        log.warning("exchange.deletion_not_told", agreement=agreement.name, code=problem.code)
        return 0


def _untold(agreement: Agreement) -> QuerySet[Deletion]:
    told = Standing.objects.filter(agreement=agreement).values("deletions_told")
    rows = Deletion.objects.filter(entry__feed__agreement=agreement, pk__gt=Subquery(told))
    return rows.select_related("entry").order_by("pk")


def _tell(agreement: Agreement) -> int:
    ours = Feed.objects.select_for_update().filter(agreement=agreement, ours=True).first()
    if ours is None or ours.state == FeedState.FROZEN:
        return 0
    rows = list(_untold(agreement))
    for reason, some in groupby(rows, key=lambda row: row.reason):
        for entries in _slices([row.entry.entry_id for row in some]):
            named: list[Plain] = [*sorted(entries)]
            say_for_exchange(agreement, "retention.deleted", agreement.name, {"entries": named, "reason": reason})
    Standing.objects.filter(agreement=agreement).update(deletions_told=max(row.pk for row in rows))
    return len(rows)


def _slices(entries: Sequence[str]) -> Iterator[Sequence[str]]:
    return (entries[first : first + _AT_ONCE] for first in range(0, len(entries), _AT_ONCE))

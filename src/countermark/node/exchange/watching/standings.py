"""How things stand with every partner, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from countermark.node.exchange.models import (
    Agreement,
    Checkpoint,
    Contradiction,
    Cosignature,
    Feed,
    Inbound,
    Log,
    Refusal,
    Standing,
)
from countermark.node.exchange.shown import (
    ContradictionShown,
    KeyShown,
    LogShown,
    ParcelShown,
    PartnerStanding,
    RefusalShown,
    UnappliedShown,
    WitnessShown,
)
from countermark.node.exchange.watching.key_lines import Signed, keys_of, signed_under
from countermark.node.exchange.watching.rows import (
    MOST_AGREEMENTS,
    agreement_row,
    agreements_of,
    feed_shown,
    feeds_of,
    open_parcels,
    our_party_id,
    parcel_shown,
    talk_of,
)
from countermark.node.kernel.claims import State
from countermark.node.kernel.time import now

T = TypeVar("T")

#: Refusals, and entries that could not be applied, shown of each partner.
SHOWN_EACH = 10
#: Contradictions and parcels shown of all partners.
SHOWN_ALL = 200


def standings(organisation_id: int) -> tuple[PartnerStanding, ...]:
    """One for each agreement, by the partner's name; a dozen questions however many there are."""
    rows = list(agreements_of(organisation_id)[:MOST_AGREEMENTS])
    if not rows:
        return ()
    facts = _Facts(organisation_id, rows)
    return tuple(facts.of(row) for row in rows)


class _Facts:
    """Everything about all partners, read once."""

    def __init__(self, organisation_id: int, rows: list[Agreement]) -> None:
        self._moment = now()
        self._ours = our_party_id(organisation_id)
        self._signed = signed_under([row.pk for row in rows])
        self._feeds = _grouped((row.agreement_id, row) for row in feeds_of(organisation_id))
        self._refusals = _grouped((row.agreement_id, row) for row in _newest_refusals(organisation_id))
        self._unapplied = _grouped(_unapplied(organisation_id))
        self._counts = _counts(organisation_id)
        contradictions = Contradiction.objects.filter(organisation_id=organisation_id).defer("first", "second")
        self._contradictions = _grouped((one.agreement_id, one) for one in contradictions.order_by("-id")[:SHOWN_ALL])
        self._parcels: dict[int, list[ParcelShown]] = _grouped(
            (one.agreement_id, parcel_shown(one)) for one in open_parcels(organisation_id)[:SHOWN_ALL]
        )

    def of(self, row: Agreement) -> PartnerStanding:
        """One partner."""
        signed = self._signed[row.pk]
        feeds = {feed.ours: feed for feed in self._feeds[row.pk]}
        theirs = feeds.get(False)
        counts = self._counts[row.pk]
        return PartnerStanding(
            agreement=agreement_row(row),
            talk=talk_of(row, signed.terms(row.digest)),
            ours=feed_shown(feeds[True]) if True in feeds else None,
            theirs=feed_shown(theirs) if theirs else None,
            refusals=tuple(_refusal(one, theirs, row.standing) for one in self._refusals[row.pk]),
            refusals_total=int(getattr(next(iter(self._refusals[row.pk]), None), "total", 0)),
            unapplied=tuple(self._unapplied[row.pk]),
            unapplied_total=counts[State.FAILED],
            waiting=counts[State.QUEUED] + counts[State.RUNNING],
            contradictions=tuple(
                ContradictionShown(number=one.pk, what=one.what, place=one.place, at=one.at)
                for one in self._contradictions[row.pk]
            ),
            parcels=tuple(self._parcels[row.pk]),
            keys=self._keys(signed, row),
            broken=signed.broken,
        )

    def _keys(self, signed: Signed, row: Agreement) -> tuple[KeyShown, ...]:
        in_force = next((one for one in signed.versions if one.digest == row.digest), None)
        return keys_of(signed.ring, self._ours, self._moment, in_force.parties if in_force else ())


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _newest_refusals(organisation_id: int) -> Iterable[Refusal]:
    each = F("agreement_id")
    numbered = Refusal.objects.filter(organisation_id=organisation_id).annotate(
        place=Window(RowNumber(), partition_by=each, order_by=F("id").desc()),
        total=Window(Count("id"), partition_by=each),
    )
    newest: QuerySet[Refusal] = numbered.filter(place__lte=SHOWN_EACH).defer("token").order_by("-id")
    return newest


def _refusal(row: Refusal, theirs: Feed | None, standing: Standing) -> RefusalShown:
    """Solved: an entry whose place was filled since, or a checkpoint after which we have cosigned another one."""
    solved = theirs is not None and row.feed == theirs.name and row.seq <= theirs.seq
    if row.seq == 0:
        solved = standing.witnessed_them_at is not None and standing.witnessed_them_at > row.at
    return RefusalShown(feed=row.feed, seq=row.seq, code=row.code, detail=row.detail, at=row.at, solved=solved)


def _unapplied(organisation_id: int) -> Iterable[tuple[int, UnappliedShown]]:
    failed = (
        Inbound.objects.filter(organisation_id=organisation_id, state=State.FAILED)
        .select_related("entry__feed")
        .annotate(place=Window(RowNumber(), partition_by=F("entry__feed_id"), order_by=F("id").asc()))
        .filter(place__lte=SHOWN_EACH)
        .order_by("id")
    )
    for row in failed:
        entry = row.entry
        yield (
            entry.feed.agreement_id,
            UnappliedShown(
                entry_id=entry.entry_id,
                feed=entry.feed.name,
                seq=entry.seq,
                type=entry.type,
                subject=entry.subject,
                code=row.code,
                detail=row.reason,
                recorded_at=entry.recorded_at,
            ),
        )


def _counts(organisation_id: int) -> dict[int, dict[str, int]]:
    unfinished = Inbound.objects.filter(
        organisation_id=organisation_id, state__in=(State.QUEUED, State.RUNNING, State.FAILED)
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counted = unfinished.order_by().values_list("entry__feed__agreement_id", "state").annotate(n=Count("id"))
    for agreement, state, number in counted:
        found[agreement][state] = number
    return found


def log_shown(organisation_id: int) -> LogShown:
    """Our log, its newest checkpoint and its witnesses."""
    size = Log.objects.filter(organisation_id=organisation_id).values_list("size", flat=True).first() or 0
    newest = Checkpoint.objects.filter(organisation_id=organisation_id).order_by("-size").first()
    if newest is None:
        return LogShown(size=size, checkpoint_size=0, checkpoint_at=None, witnesses=())
    seen = Cosignature.objects.filter(checkpoint=newest).select_related("agreement").order_by("witnessed_at")
    return LogShown(
        size=size,
        checkpoint_size=newest.size,
        checkpoint_at=newest.at,
        witnesses=tuple(
            WitnessShown(partner_name=one.agreement.partner_name, node=one.agreement.partner_node, at=one.witnessed_at)
            for one in seen
        ),
    )

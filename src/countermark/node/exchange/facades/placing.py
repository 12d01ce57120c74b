"""Put entries of both feeds on the shelf of an agreement: one order, no gap, and a moment that only grows.

Neither row numbers nor times of entries can be a cursor: of two transactions the one that began first may end last, and
who read in between would never see it. Here places are given under a lock, to what is committed.
"""

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from countermark.node.exchange.agreeing.versions import identity_of
from countermark.node.exchange.facades import lenses
from countermark.node.exchange.facades.frame import frame_steps
from countermark.node.exchange.facades.ids import shelf_id
from countermark.node.exchange.facades.lens import Lens
from countermark.node.exchange.facades.payloads import said_by
from countermark.node.exchange.facades.planning import Known, Step, key_of, steps
from countermark.node.exchange.models import Agreement, Feed, FeedEntry, Placed, Shelf
from countermark.node.kernel.time import now

#: Entries taken in by one transaction.
AT_ONCE = 500
#: Objects of one MISP event.
BLOCK = 200
_TICK = timedelta(microseconds=1)
_MILLISECOND = timedelta(milliseconds=1)


def shelf_of(agreement: Agreement) -> Shelf:
    """The shelf of an agreement; a new one holds what describes it: markings, both sides, our extension."""
    known: Shelf | None = Shelf.objects.filter(agreement=agreement).first()
    if known is not None:
        return known
    party = identity_of(agreement.organisation_id).party
    with transaction.atomic():
        made, fresh = Shelf.objects.get_or_create(
            agreement=agreement, defaults={"public_id": shelf_id(agreement.name, party)}
        )
        if fresh:
            _Work(made).put(None, frame_steps((party, agreement.partner))).save()
    return made


def take_in(shelf: Shelf) -> bool:
    """Take in what was said since; says whether more waits. Whoever comes at the same time waits its turn."""
    if not _is_behind(shelf):
        return False
    with transaction.atomic():
        locked = Shelf.objects.select_for_update().get(pk=shelf.pk)
        agreement = Agreement.objects.get(pk=locked.agreement_id)
        rows = _new_rows(locked)
        if not rows:
            return False
        lens = lenses.for_placing(agreement)
        work = _Work(locked)
        work.expect(rows)
        for row in rows:
            _place(work, row, lens)
        work.save()
        return len(rows) == AT_ONCE


def _is_behind(shelf: Shelf) -> bool:
    """Whether a feed has more than was taken in, asked without a lock."""
    taken = Shelf.objects.values_list("ours_seq", "theirs_seq").get(pk=shelf.pk)
    feeds = Feed.objects.filter(agreement=shelf.agreement_id).values_list("ours", "seq")
    return any(seq > (taken[0] if ours else taken[1]) for ours, seq in feeds)


def _new_rows(shelf: Shelf) -> list[FeedEntry]:
    """Entries in the order of each feed; between the feeds by the moment at which they were stored here."""
    found: list[list[FeedEntry]] = []
    for feed in Feed.objects.filter(agreement=shelf.agreement_id):
        after = shelf.ours_seq if feed.ours else shelf.theirs_seq
        entries = FeedEntry.objects.filter(feed=feed, seq__gt=after).order_by("seq")
        found.append(list(entries.select_related("feed__agreement", "beside")[:AT_ONCE]))
    return list(heapq.merge(*found, key=lambda row: row.recorded_at))[:AT_ONCE]


def _place(work: "_Work", row: FeedEntry, lens: Lens) -> None:
    ours = row.feed.ours
    said = said_by(row, lens)
    work.put(row, steps(said, row.pk, work, ours=ours))
    if ours:
        work.shelf.ours_seq = row.seq
    else:
        work.shelf.theirs_seq = row.seq


class _Work:
    """One transaction's work on a shelf: what is there, what is new, and what it replaces."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._new: list[Placed] = []
        self._old: list[int] = []
        self._newest: dict[str, Placed | None] = {}
        self._feeds: dict[int, int] = {}

    def expect(self, rows: Iterable[FeedEntry]) -> None:
        """Load at once what most of these entries will ask for."""
        keys = {key for row in rows for key in (row.subject, *(key_of(row.subject, ours=one) for one in (True, False)))}
        self._newest.update(dict.fromkeys(keys))
        for placed in Placed.objects.filter(shelf=self.shelf, newest=True, key__in=keys):
            self._newest[placed.key] = placed
        self._feeds.update({row.pk: row.feed_id for row in rows})

    def newest(self, key: str) -> Known | None:
        """The newest version of a key."""
        if key not in self._newest:
            self._newest[key] = Placed.objects.filter(shelf=self.shelf, key=key[:130], newest=True).first()
        return cast("Known | None", self._newest[key])

    def with_words_of(self, entry_ids: list[str]) -> list[tuple[str, Known]]:
        """Everything whose words are in these entries."""
        feeds = Feed.objects.filter(agreement=self.shelf.agreement_id)
        named = FeedEntry.objects.filter(feed__in=feeds, entry_id__in=entry_ids[:1000])
        contents = set(named.values_list("pk", flat=True))
        rows = Placed.objects.filter(shelf=self.shelf, newest=True, content_id__in=contents).order_by("place")
        pending = [row.key for row in self._new if row.newest and row.content_id in contents]
        keys = dict.fromkeys([*rows.values_list("key", flat=True), *pending])
        found = [(key, self.newest(key)) for key in keys]
        return [(key, known) for key, known in found if known is not None]

    def same_feed(self, content_id: int, row: int) -> bool:
        """Whether two entries stand in one feed."""
        missing = [one for one in (content_id, row) if one not in self._feeds]
        if missing:
            self._feeds.update(FeedEntry.objects.filter(pk__in=missing).values_list("pk", "feed_id"))
        return self._feeds.get(content_id) == self._feeds.get(row)

    def put(self, cause: FeedEntry | None, made: Iterable[Step]) -> "_Work":
        """Add versions, each in the next place."""
        for step in made:
            known = cast("Placed | None", self.newest(step.key))
            if step.stix_id or (known is not None and not known.revoked):
                self._add(cause, step, known)
        return self

    def _add(self, cause: FeedEntry | None, step: Step, known: Placed | None) -> None:
        shelf = self.shelf
        shelf.place += 1
        shelf.added_at = max(now(), shelf.added_at + _TICK)
        identifier = step.stix_id or (known.stix_id if known else "")
        same = known if known is not None and known.stix_id == identifier else None
        version = _version(step.at or (cause.happened_at if cause else shelf.added_at), same)
        placed = Placed(
            shelf=shelf,
            place=shelf.place,
            added_at=shelf.added_at,
            key=step.key,
            stix_id=identifier,
            type=identifier.partition("--")[0],
            created=same.created if same else version,
            version=version,
            first=same is None,
            revoked=step.revoked,
            about=step.about,
            block=same.block if same else (shelf.place - 1) // BLOCK,
            cause=cause,
            content_id=step.content,
            state=dict(step.state),
        )
        if same is not None:
            self._replace(same)
        elif known is not None:
            # Another object under the same key: the old one stays, revoked, and is asked for by its own id.
            self._old_key(known)
        self._newest[step.key] = placed
        self._new.append(placed)

    def _replace(self, old: Placed) -> None:
        old.newest = False
        if old.pk is not None:
            self._old.append(old.pk)

    def _old_key(self, old: Placed) -> None:
        old.key = f"x:{old.stix_id}"
        if old.pk is not None:
            Placed.objects.filter(pk=old.pk).update(key=old.key)

    def save(self) -> None:
        """Write it down; call it in the transaction that locked the shelf."""
        Placed.objects.filter(pk__in=self._old).update(newest=False)
        Placed.objects.bulk_create(self._new, batch_size=200)
        self.shelf.save(update_fields=["place", "added_at", "ours_seq", "theirs_seq"])


def _version(happened: datetime, before: Placed | None) -> datetime:
    """When an object was changed, in milliseconds as STIX counts, and later than the version before."""
    moment = happened.replace(microsecond=happened.microsecond // 1000 * 1000)
    return moment if before is None else max(moment, before.version + _MILLISECOND)

"""Store what a partner said: checked and in order, before anything of it is applied."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.appending import CLOSING_TYPES, beside_row, entry_row
from countermark.node.exchange.heads import write_head
from countermark.node.exchange.models import Agreement, Contradiction, Feed, FeedEntry, Inbound, Refusal
from countermark.node.exchange.pages import Page, PageEntry
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.states import FeedState
from countermark.node.kernel.rows import insert_rows
from countermark.node.kernel.time import now
from countermark.proof.chains import Head
from countermark.proof.commitments import Carried
from countermark.proof.entries import MOST_TOKEN, SignedEntry, open_entry, read_moment
from countermark.proof.equivocation import entries_contradict
from countermark.proof.key_ring import REVOKED, ROTATED, KeyRing
from countermark.proof.refusals import Refused

#: How far a partner's clock may run ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=2)
#: Refused things noted of one partner within a day, and contradictions kept of it: more prove nothing more, and a
#: partner that sends nothing else must not fill our disk.
MOST_REFUSALS, MOST_CONTRADICTIONS = 100, 100


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one page.

    Attributes:
        stored: entries that were new and are kept now.
        known: entries that we had already.
        head: place up to which we have the feed now.
        refused: why the page was not taken to its end; None when it was.
        frozen: whether the feed stands still until people have looked.
    """

    stored: int
    known: int
    head: int
    refused: Refused | None = None
    frozen: bool = False

    @property
    def code(self) -> str:
        """Why it was refused, a code; empty when it was not."""
        return "" if self.refused is None else self.refused.code


@dataclass
class _Reader:
    """One feed while a page of it is stored."""

    agreement: Agreement
    feed: Feed
    ring: KeyRing
    head: Head
    moment: datetime
    taken: list[tuple[FeedEntry, SignedEntry, Carried | None]] = field(default_factory=list)

    def check_page(self, page: Page) -> None:
        """Make sure that it is a page of this feed."""
        if page.feed != self.feed.name:
            raise Refused("wrong-feed", "It is a page of another feed.")

    def take(self, given: PageEntry) -> bool:
        """Store one entry if it is new; says whether it was."""
        signed = open_entry(given.token, self.ring.find_for_entries)
        if signed.entry.seq <= self.head.seq and signed.entry.feed == self.feed.name:
            self._compare(signed)
            return False
        after = self.head.follow(signed)
        self._check(signed)
        carried = given.carried()
        if carried is not None:
            if signed.entry.reference is None:
                raise Refused("wrong-data", "It commits to nothing beside it.")
            carried.check(signed.entry.reference)
        self.taken.append((entry_row(self.feed, signed, given.leaf_salt, self.moment), signed, carried))
        self.head = after
        self._learn(signed)
        return True

    def keep(self) -> None:
        """Write what was taken and is not written yet."""
        taken, self.taken = self.taken, []
        store(self.feed, taken)

    def _check(self, signed: SignedEntry) -> None:
        version = self.ring.agreements[signed.entry.agreement].version
        if version < self.feed.version:
            raise Refused("wrong-agreement", f"Version {version} was replaced before.")
        said = read_moment(signed.entry.time)
        ended = self.agreement.ends_at
        if ended is not None and said >= ended and signed.entry.type not in CLOSING_TYPES:
            raise Refused("wrong-agreement", f"The agreement has ended; {signed.entry.type} was said after that.")
        if said > self.moment + CLOCK_TOLERANCE:
            raise Refused("later-than-seen", f"It says {signed.entry.time}; it is kept back until that time has come.")
        # No witness saw it before it came here: a revoked key counts for nothing from the day of its revocation.
        self.ring.check_not_revoked(signed, self.moment)

    def _learn(self, signed: SignedEntry) -> None:
        self.feed.version = self.ring.agreements[signed.entry.agreement].version
        if signed.entry.type in {ROTATED, REVOKED}:
            self.feed.keys_entry = signed.entry_id
            self.ring = self.ring.changed_by(signed.token)

    def _compare(self, signed: SignedEntry) -> None:
        """An entry for a place that we have: the same one again, or a second statement for one place."""
        self.keep()
        known = FeedEntry.objects.get(feed=self.feed, seq=signed.entry.seq)
        if known.entry_id != signed.entry_id:
            raise Contradicted(known.token, signed.token)


class Contradicted(Exception):
    """A partner signed two statements for one place."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__("Two signed statements stand for one place.")
        self.first, self.second = first, second


def receive(agreement: Agreement, page: Page, *, asked_after: int = 0) -> Received:
    """Store a page of the partner's feed.

    What holds is kept up to the first entry that does not; that one is noted as refused, with its reason. Entries
    that we have already are passed over; a second statement for one place freezes the feed and is kept as proof.

    Args:
        agreement: with that partner.
        page: as it was read.
        asked_after: the place after which this page was asked for, when it is the fresh answer to our question: a
            feed that ends before it went back in time. A page that may be old (twice delivered, from a file) has 0.

    Raises:
        Nothing for what a partner sends; errors of the database go through, and then nothing of the page is kept.
    """
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(agreement=agreement, ours=False)
        if feed.state == FeedState.FROZEN:
            return Received(0, 0, feed.seq, frozen=True)
        reader = _Reader(agreement, feed, ring_of(agreement), Head(feed.name, None, feed.seq, feed.digest), now())
        result = _take_all(reader, page, asked_after)
        _keep_head(reader, stored=result.stored)
    return result


def _take_all(reader: _Reader, page: Page, asked_after: int) -> Received:
    stored = known = 0
    try:
        reader.check_page(page)
        if page.head < asked_after:
            return _roll_back_seen(reader, page)
        for given in page.entries:
            if reader.take(given):
                stored += 1
            else:
                known += 1
    except Contradicted as fault:
        _freeze(reader, fault)
        return Received(stored, known, reader.head.seq, Refused("equivocation"), frozen=True)
    except Refused as refused:
        token = _refused_token(page.entries, stored + known)
        note_refusal(reader.agreement, reader.feed.name, reader.head.seq + 1, refused, token)
        return Received(stored, known, reader.head.seq, refused)
    return Received(stored, known, reader.head.seq)


def _keep_head(reader: _Reader, *, stored: int) -> None:
    reader.keep()
    if stored:
        reader.feed.seq, reader.feed.digest = reader.head.seq, reader.head.digest
        reader.feed.changed_at = reader.moment
        write_head(reader.feed)


def store(feed: Feed, taken: Sequence[tuple[FeedEntry, SignedEntry, Carried | None]]) -> None:
    """Write entries of one page, what lies beside them, and that they wait to be applied."""
    insert_rows([row for row, _, _ in taken])
    insert_rows([beside_row(row, signed, carried) for row, signed, carried in taken if carried is not None])
    owner = feed.organisation_id
    insert_rows([Inbound(entry=row, subject=row.subject, organisation_id=owner) for row, _, _ in taken])


def _roll_back_seen(reader: _Reader, page: Page) -> Received:
    """The partner has fewer entries than it gave us: its database went back in time."""
    freeze(reader.feed, "rolled-back")
    detail = f"The partner's feed ends at {page.head}; it had given us {reader.feed.seq} entries."
    refused = Refused("gap", detail)
    note_refusal(reader.agreement, reader.feed.name, reader.feed.seq, refused, "")
    return Received(0, 0, reader.feed.seq, refused, frozen=True)


def _freeze(reader: _Reader, fault: Contradicted) -> None:
    proof = entries_contradict(fault.first, fault.second, reader.ring.find_for_entries)
    keep_contradiction(reader.agreement, proof.what, proof.where, fault.first, fault.second)
    freeze(reader.feed, "equivocation")


def freeze(feed: Feed, reason: str) -> None:
    """Let a feed stand still until people have looked; says so in the trail."""
    nothing_proposed = {"thaw_by": "", "thaw_reason": "", "thaw_at": None}
    Feed.objects.filter(pk=feed.pk).update(state=FeedState.FROZEN, reason=reason, changed_at=now(), **nothing_proposed)
    feed.state, feed.reason = FeedState.FROZEN, reason
    audit.record(
        actor="worker",
        organisation=feed.organisation_id,
        action="feed.frozen",
        target=feed.name,
        detail={"reason": reason, "seq": feed.seq},
    )


def keep_contradiction(agreement: Agreement, what: str, place: str, first: str, second: str) -> Contradiction:
    """Keep the proof that a partner signed two things for one place; the same once, and no more than suffice."""
    digest = hashlib.sha256(f"{first}\n{second}".encode()).hexdigest()
    kept = Contradiction.objects.filter(agreement=agreement)
    known: Contradiction | None = kept.filter(digest=digest).first()
    if known is None and kept.count() >= MOST_CONTRADICTIONS:
        known = kept.order_by("-id").first()
    if known is not None:
        return known
    row = Contradiction(
        organisation_id=agreement.organisation_id,
        agreement=agreement,
        what=what,
        place=place[:200],
        first=first,
        second=second,
        digest=digest,
    )
    row.save()
    audit.record(
        actor="worker",
        organisation=agreement.organisation_id,
        action="exchange.contradiction",
        target=agreement.name,
        detail={"what": what, "place": place[:200]},
    )
    return row


def note_refusal(agreement: Agreement, feed: str, seq: int, refused: Refused, token: str) -> None:
    """Note what was not accepted; the same at the same place once until something changes, and in a day so many."""
    noted = Refusal.objects.filter(agreement=agreement)
    last = noted.order_by("-id").first()
    if last is not None and (last.feed, last.seq, last.code, last.token) == (feed, seq, refused.code, token):
        return
    earlier = noted.order_by("-id").values_list("at", flat=True)[MOST_REFUSALS - 1 : MOST_REFUSALS]
    if any(at > now() - timedelta(days=1) for at in earlier):
        return
    Refusal(
        organisation_id=agreement.organisation_id,
        agreement=agreement,
        feed=feed[:120],
        seq=seq,
        code=refused.code,
        detail=refused.detail[:300].replace("\0", ""),
        token=token,
    ).save()


def _refused_token(entries: Sequence[PageEntry], place: int) -> str:
    if place >= len(entries):
        return ""
    return entries[place].token[:MOST_TOKEN].replace("\0", "")

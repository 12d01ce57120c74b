"""Take a part of a feed out of the node as a file that a stranger can check without us."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from countermark.node.audit import services as audit
from countermark.node.exchange.models import Agreement, Checkpoint, Contradiction, Feed, FeedEntry, LogLeaf, Standing
from countermark.node.exchange.pages import beside_of
from countermark.node.exchange.rings import signed_versions
from countermark.node.exchange.trees import Tree
from countermark.node.exchange.watching.entries import feed_row, reach_of, receipts_after
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.encoding import to_base64url
from countermark.proof.extracts import Contradiction as ShownContradiction
from countermark.proof.extracts import Extract, ExtractEntry, Logged, Receipt
from countermark.proof.key_ring import REVOKED, ROTATED
from countermark.proof.log_proofs import LogProof

#: Entries in one file made while one waits.
MOST_ENTRIES = 1000


def extract_of(member: Member, name: str, first: int, last: int, *, with_beside: bool = False) -> Extract:
    """Entries of a feed with every proof that we hold.

    Args:
        member: may share.
        name: of the feed, ours or a partner's.
        first, last: places, both included; places beyond the end are left out.
        with_beside: with the bytes beside them, which are personal data.

    Returns:
        Signed versions, key changes, and for each entry: its proof from our log under the first checkpoint that the
        partner witnessed (ours only: we hold no other log), and the first receipt that covers it, with the proof that
        the receipt stands in its signer's log. What we do not hold is None, and the verifier says so.

    Raises:
        NotPermitted (EXCHANGE_SHARE, PERSONAL_DATA_VIEW), NotFound; Invalid, a range that is empty or too long.
    """
    member.require(Permission.EXCHANGE_SHARE)
    if with_beside:
        member.require(Permission.PERSONAL_DATA_VIEW)
    feed = feed_row(member, name)
    rows = _rows(feed, first, last)
    receipts = _Receipts(feed, rows)
    proofs = _LogProofs(feed.agreement, rows if feed.ours else receipts.used)
    made = Extract(
        agreements=tuple(signed_versions(feed.agreement)),
        key_changes=_key_changes(feed.agreement),
        entries=tuple(
            ExtractEntry(
                token=row.token,
                beside=beside_of(row) if with_beside else None,
                logged=proofs.of(row) if feed.ours else None,
                receipt=receipts.of(row, proofs),
            )
            for row in rows
        ),
    )
    detail = {"first": rows[0].seq, "last": rows[-1].seq, "with_beside": with_beside}
    _note(member, "feed.exported", feed.name, detail)
    return made


def contradiction_extract(member: Member, number: int) -> Extract:
    """The file that shows two signed statements for one place, with the keys to check both.

    Raises:
        NotPermitted (EXCHANGE_SHARE), NotFound.
    """
    member.require(Permission.EXCHANGE_SHARE)
    row = (
        Contradiction.objects.select_related("agreement")
        .filter(organisation_id=member.organisation_id, pk=min(number, 2**63 - 1))
        .first()
    )
    if row is None:
        raise NotFound("contradiction", str(number))
    _note(member, "contradiction.exported", row.agreement.name, {"what": row.what, "place": row.place})
    return Extract(
        agreements=tuple(signed_versions(row.agreement)),
        key_changes=_key_changes(row.agreement),
        contradictions=(ShownContradiction(row.what, row.first, row.second),),
    )


def _rows(feed: Feed, first: int, last: int) -> list[FeedEntry]:
    if not 0 < first <= last:
        raise Invalid.of("first", "empty-range", "The range is empty.", "Name a first place and a last one after it.")
    if last - first >= MOST_ENTRIES:
        mend = f"Take at most {MOST_ENTRIES} entries at once."
        raise Invalid.of("last", "too-many", "These are too many entries for one file.", mend)
    found = FeedEntry.objects.filter(feed=feed, seq__gte=first, seq__lte=last).select_related("beside")
    rows = list(found.order_by("seq"))
    if not rows:
        raise Invalid.of("first", "beyond-the-end", f"The feed ends at {feed.seq}.", "Name a place before that.")
    for row in rows:
        row.feed = feed
    return rows


def _key_changes(agreement: Agreement) -> tuple[str, ...]:
    changes = FeedEntry.objects.filter(feed__agreement=agreement, type__in=(ROTATED, REVOKED))
    return tuple(changes.order_by("id").values_list("token", flat=True))


class _Receipts:
    """For each entry the first receipt that covers it, with its path in the tree of the feed.

    Attributes:
        used: rows of the receipts that cover something.
    """

    def __init__(self, feed: Feed, rows: Sequence[FeedEntry]) -> None:
        self._feed = feed
        self._tree = Tree.of_feed(feed.pk)
        self._found: list[tuple[int, bytes, FeedEntry]] = []
        for receipt in self._covering(rows):
            reach = reach_of(receipt, feed.name)
            if reach is None or not self._holds(*reach):
                continue
            if not self._found or reach[0] > self._found[-1][0]:
                self._found.append((*reach, receipt))
            if reach[0] >= rows[-1].seq:
                break
        if self._found:
            self._tree.load(rows[0].seq - 1, rows[-1].seq - 1, feed.tree_size)

    @property
    def used(self) -> list[FeedEntry]:
        return [receipt for _, _, receipt in self._found]

    def of(self, row: FeedEntry, proofs: "_LogProofs") -> Receipt | None:
        """The first receipt for an entry, with its place in the log of who signed it."""
        found = next((one for one in self._found if one[0] >= row.seq), None)
        if found is None:
            return None
        reach, _root, receipt = found
        path = self._tree.inclusion(row.seq - 1, reach)
        return Receipt(
            token=receipt.token,
            index=row.seq - 1,
            path=tuple(to_base64url(one) for one in path),
            logged=_proof_of_partner(receipt) if self._feed.ours else proofs.of(receipt),
        )

    def _covering(self, rows: Sequence[FeedEntry]) -> Iterable[FeedEntry]:
        return receipts_after(rows[0]).select_related("receipt_proof").iterator(chunk_size=200)

    def _holds(self, reach: int, root: bytes) -> bool:
        """Whether a receipt was accepted: one under another root would make the whole file fail."""
        standing = Standing.objects.get(agreement=self._feed.agreement)
        accepted = standing.receipt_in_seq if self._feed.ours else standing.receipt_out_seq
        return 0 < reach <= min(accepted, self._feed.tree_size) and self._tree.root(reach) == root


def _proof_of_partner(receipt: FeedEntry) -> Logged | None:
    """What the partner proved of its receipt; None while it has not."""
    proven = getattr(receipt, "receipt_proof", None)
    return None if proven is None else Logged(to_base64url(bytes(receipt.leaf_salt)), proven.text)


class _LogProofs:
    """Proofs from our log, each under the first checkpoint that holds the entry and that the partner witnessed."""

    def __init__(self, agreement: Agreement, rows: Sequence[FeedEntry]) -> None:
        self._tree = Tree.of_log(agreement.organisation_id)
        leaves = LogLeaf.objects.filter(entry__in=[row.pk for row in rows])
        self._places = dict(leaves.values_list("entry_id", "index"))
        least = min(self._places.values(), default=0)
        seen = Checkpoint.objects.filter(
            organisation_id=agreement.organisation_id, size__gt=least, cosignatures__agreement=agreement
        )
        self._checkpoints = list(seen.order_by("size").prefetch_related("cosignatures")) if self._places else []
        self._sizes = [one.size for one in self._checkpoints]
        if self._sizes:
            most = max(self._places.values())
            self._tree.load(least, most, self._sizes[-1])

    def of(self, row: FeedEntry) -> Logged | None:
        """The proof for one entry; None when nobody has witnessed it yet."""
        index = self._places.get(row.pk)
        place = None if index is None else bisect_right(self._sizes, index)
        if index is None or place is None or place >= len(self._sizes):
            return None
        checkpoint = self._checkpoints[place]
        lines = "".join(one.line for one in sorted(checkpoint.cosignatures.all(), key=lambda one: one.pk))
        path = self._tree.inclusion(index, checkpoint.size)
        proof = LogProof(index, tuple(path), checkpoint.note + lines)
        return Logged(to_base64url(bytes(row.leaf_salt)), proof.text)


def _note(member: Member, action: str, target: str, detail: Mapping[str, str | int]) -> None:
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action=action, target=target[:80], detail=detail
    )

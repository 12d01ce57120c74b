"""Merkle trees whose nodes lie in the database: the node's log, and one tree for each feed."""

from collections.abc import Sequence

from django.db.models import Q

from countermark.node.exchange.models import TreeNode
from countermark.node.kernel.rows import insert_values
from countermark.proof.merkle import consistency_proof, grow, inclusion_proof, leaf_hash, root

#: Leaves whose proofs are read ahead in one question.
_AT_ONCE = 2000


class Tree:
    """A tree by name. What was read once is kept for the life of the object; make a new one for each act.

    Args:
        name: `log:<organisation>` or `feed:<row>`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._seen: dict[tuple[int, int], bytes] = {}

    @classmethod
    def of_log(cls, organisation_id: int) -> "Tree":
        """The log of an organisation."""
        return cls(f"log:{organisation_id}")

    @classmethod
    def of_feed(cls, feed_id: int) -> "Tree":
        """The tree over the entry ids of one feed, which receipts name."""
        return cls(f"feed:{feed_id}")

    def read(self, level: int, index: int) -> bytes:
        """Hash of one whole subtree."""
        found = self._seen.get((level, index))
        if found is None:
            row = TreeNode.objects.values_list("hash", flat=True).get(tree=self.name, level=level, index=index)
            found = self._seen[level, index] = bytes(row)
        return found

    def load(self, first: int, last: int, size: int) -> None:
        """Read what proofs for neighbouring leaves share in one question, before they are asked for one by one.

        Args:
            first, last: leaves, both included; a range of more than `_AT_ONCE` is left to be read as needed.
            size: leaves of the tree.
        """
        if last - first >= _AT_ONCE:
            return
        wanted = Q()
        for level in range(size.bit_length()):
            wanted |= Q(level=level, index__gte=max(0, (first >> level) - 1), index__lte=(last >> level) + 1)
        rows = TreeNode.objects.filter(wanted, tree=self.name).values_list("level", "index", "hash")
        self._seen.update({(level, index): bytes(digest) for level, index, digest in rows})

    def add(self, size: int, leaves: Sequence[bytes]) -> int:
        """Append leaves (bytes, not yet hashed) to a tree of `size` leaves; gives its new size. In a transaction."""
        made: list[tuple[str, int, int, bytes]] = []
        for leaf in leaves:
            for level, index, digest in grow(self.read, size, leaf_hash(leaf)):
                self._seen[level, index] = digest
                made.append((self.name, level, index, digest))
            size += 1
        insert_values(TreeNode, ("tree", "level", "index", "hash"), made)
        return size

    def root(self, size: int) -> bytes:
        """Root over the first `size` leaves."""
        return root(self.read, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that a leaf stands in the tree of `size`."""
        return inclusion_proof(self.read, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `new` holds that of `old` unchanged."""
        return consistency_proof(self.read, old, new)

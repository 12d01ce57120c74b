"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs, and their checks. SHA-256 throughout."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence

from countermark.proof.refusals import Refused

HASH_BYTES = 32
#: Proofs of a tree of up to 2^63 leaves.
LONGEST_PROOF = 63
#: Root of the tree without leaves (RFC 6962, 2.1).
EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Gives the hash of a whole subtree: level 0 is a leaf hash, level n the root over 2^n leaves; index within the level.
ReadNode = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(read: ReadNode, size: int, leaf: bytes) -> list[tuple[int, int, bytes]]:
    """Nodes that one more leaf makes whole: (level, index, hash), the leaf itself first.

    Args:
        read: nodes of the tree so far.
        size: leaves so far.
        leaf: hash of the new leaf.

    Storing the nodes of all calls is all that any proof needs: at most two nodes a leaf.
    """
    nodes = [(0, size, leaf)]
    level, index, whole = 0, size, leaf
    while index & 1:
        whole = node_hash(read(level, index - 1), whole)
        level, index = level + 1, index >> 1
        nodes.append((level, index, whole))
    return nodes


def root(read: ReadNode, size: int) -> bytes:
    """Root over the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range_hash(read, 0, size)


def inclusion_proof(read: ReadNode, index: int, size: int) -> list[bytes]:
    """Audit path of a leaf (RFC 6962, 2.1.1), from the leaf's sibling up.

    Raises:
        ValueError: no such leaf in a tree of this size.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            path.append(_range_hash(read, middle, high))
            high = middle
        else:
            path.append(_range_hash(read, low, middle))
            low = middle
    return path[::-1]


def consistency_proof(read: ReadNode, old: int, new: int) -> list[bytes]:
    """Proof that the first `old` of `new` leaves are unchanged (RFC 6962, 2.1.2); empty for 0 and for equal sizes.

    Raises:
        ValueError: sizes that are not in order.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} does not hold one of {old}.")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high = 0, new
    while high != old:
        middle = low + _largest_power_below(high - low)
        if old <= middle:
            path.append(_range_hash(read, middle, high))
            high = middle
        else:
            path.append(_range_hash(read, low, middle))
            low = middle
    if low:
        path.append(_range_hash(read, low, high))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Make sure that a leaf stands at its place under a root (RFC 9162, 2.1.3.2).

    Args:
        leaf: hash of the leaf, 32 bytes.

    Raises:
        Refused: proof-form or not-in-log.
    """
    _check_form(leaf, expected, *proof)
    if not 0 <= index < size:
        raise Refused("proof-form", f"There is no place {index} in a log of {size}.")
    seen = leaf
    for sibling, on_the_left in _climb(index, size - 1, proof):
        seen = node_hash(sibling, seen) if on_the_left else node_hash(seen, sibling)
    if not hmac.compare_digest(seen, expected):
        raise Refused("not-in-log")


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Make sure that a log only grew (RFC 9162, 2.1.4.2).

    Raises:
        Refused: proof-form or not-consistent. A tree of size 0 proves nothing about a later one and is refused.
    """
    _check_form(old_root, new_root, *proof)
    if not 0 < old <= new:
        raise Refused("proof-form", f"A log of {new} does not follow one of {old}.")
    if old == new:
        if proof:
            raise Refused("proof-form", "Equal sizes need no hashes.")
        if not hmac.compare_digest(old_root, new_root):
            raise Refused("not-consistent")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise Refused("proof-form", "It has too few hashes.")
    _check_path(old - 1, new - 1, path, old_root, new_root)


def _check_path(place: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    while place & 1:
        place, last = place >> 1, last >> 1
    old_seen = new_seen = path[0]
    for sibling, on_the_left in _climb(place, last, path[1:]):
        if on_the_left:
            old_seen, new_seen = node_hash(sibling, old_seen), node_hash(sibling, new_seen)
        else:
            new_seen = node_hash(new_seen, sibling)
    if not (hmac.compare_digest(old_seen, old_root) and hmac.compare_digest(new_seen, new_root)):
        raise Refused("not-consistent")


def _climb(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Siblings on the way from a node to the root, and whether each stands on the left.

    Args:
        place: of the node within its level.
        last: place of the last node of that level.

    Raises:
        Refused: proof-form, for too many or too few siblings.
    """
    for sibling in proof:
        if last == 0:
            raise Refused("proof-form", "It has too many hashes.")
        on_the_left = bool(place & 1) or place == last
        yield sibling, on_the_left
        while on_the_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise Refused("proof-form", "It has too few hashes.")


def _check_form(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise Refused("proof-form", "A hash has 32 bytes.")
    if len(hashes) > LONGEST_PROOF + 2:
        raise Refused("proof-form", "It has too many hashes.")


def _largest_power_below(count: int) -> int:
    """The largest power of two below a number above 1."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(read: ReadNode, low: int, high: int) -> bytes:
    """Root over leaves low to high - 1, where low is a multiple of the power of two that covers the range."""
    count = high - low
    if count & (count - 1) == 0:
        return read(count.bit_length() - 1, low // count)
    middle = low + _largest_power_below(count)
    return node_hash(_range_hash(read, low, middle), _range_hash(read, middle, high))

"""The tree against its definition, and proofs against trees of every small size."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.proof.merkle import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
)
from countermark.proof.refusals import Refused
from countermark.proof.tests.two_parties import Tree

LARGEST = 40


@pytest.fixture(scope="module")
def tree() -> Tree:
    grown = Tree()
    for number in range(LARGEST):
        grown.add(bytes([number]))
    return grown


def _defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(_defined(leaves[:half]), _defined(leaves[half:]))


def test_roots_are_those_of_the_definition(tree: Tree) -> None:
    for size in range(LARGEST + 1):
        assert tree.root(size) == _defined([bytes([number]) for number in range(size)])


def test_each_leaf_is_proved_in_each_size_and_nowhere_else(tree: Tree) -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = inclusion_proof(tree.read, index, size)
            check_inclusion(leaf_hash(bytes([index])), index, size, proof, tree.root(size))
            for wrong in ({index - 1, index + 1, size} & set(range(-1, size + 1))) - {index}:
                with pytest.raises(Refused):
                    check_inclusion(leaf_hash(bytes([index])), wrong, size, proof, tree.root(size))


def test_each_size_follows_each_smaller_one(tree: Tree) -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(tree.read, old, new)
            check_consistency(old, tree.root(old), new, tree.root(new), proof)
            if old < new:
                with pytest.raises(Refused):
                    check_consistency(old, tree.root(new), new, tree.root(new), proof)
                with pytest.raises(Refused):
                    check_consistency(old, tree.root(old), new, tree.root(new), proof[:-1])
                with pytest.raises(Refused):
                    check_consistency(old, tree.root(old), new, tree.root(new), [*proof, EMPTY_ROOT])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_flipped_bit_of_a_proof_is_seen(tree: Tree, data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(tree.read, index, size)
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    broken = bytearray(proof[place])
    broken[bit // 8] ^= 1 << bit % 8
    proof[place] = bytes(broken)
    with pytest.raises(Refused) as refused:
        check_inclusion(leaf_hash(bytes([index])), index, size, proof, tree.root(size))
    assert refused.value.code == "not-in-log"


def test_a_rewritten_log_is_not_consistent(tree: Tree) -> None:
    other = Tree()
    for number in range(LARGEST):
        other.add(bytes([number if number != 3 else 99]))
    with pytest.raises(Refused) as refused:
        check_consistency(20, tree.root(20), 40, other.root(40), consistency_proof(other.read, 20, 40))
    assert refused.value.code == "not-consistent"


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(tree: Tree, index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(tree.read, index, size)


def test_a_tree_of_size_nought_proves_nothing(tree: Tree) -> None:
    with pytest.raises(Refused):
        check_consistency(0, EMPTY_ROOT, 5, tree.root(5), [])

"""Pairs of nodes for the tests of the exchange."""

from collections.abc import Iterator

import pytest

from tests.exchange.nodes import Pair, pair_of_nodes


@pytest.fixture(scope="module")
def shared_pair(tmp_path_factory) -> Iterator[Pair]:
    """Two nodes that agreed and talk, for all tests of a file."""
    with pair_of_nodes(tmp_path_factory.mktemp("pair")) as pair:
        pair.agree()
        yield pair


@pytest.fixture
def pair(shared_pair: Pair) -> Pair:
    """The two nodes of this file, both running, with nothing on its way."""
    for node in shared_pair.nodes:
        for name, start in (("serve", node.serve), ("exchange", node.exchange)):
            if not node.running(name):
                start()
    shared_pair.nothing_lost_nothing_twice()
    return shared_pair

"""Two nodes agree over the wire, and each has what the other said within seconds."""

from pathlib import Path

import pytest

from tests.exchange.nodes import pair_of_nodes, wait_until

pytestmark = pytest.mark.exchange


def test_two_nodes_agree_talk_receipt_and_witness(tmp_path: Path):
    with pair_of_nodes(tmp_path, plain=True) as pair:
        pair.agree()
        pair.brand.ask("say", name=pair.agreement, first=0, count=20, beside=True)
        pair.market.ask("say", name=pair.agreement, first=0, count=5)
        wait_until(pair.settled, "both have all")
        wait_until(lambda: pair.brand.ask("standing")["receipt_in"] >= 21, "the market's receipt is applied")
        wait_until(lambda: all(node.ask("standing")["witnessed"] > 5 for node in pair.nodes), "each log is witnessed")
        assert pair.brand.ask("contradictions") == []
        assert pair.brand.ask("parcels") == [["offer", "done", ""], ["signature", "done", ""]]

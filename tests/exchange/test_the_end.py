"""An agreement ends: nothing new is said, what has no ground is deleted and receipted, old proofs still hold."""

import base64
from pathlib import Path

import pytest

from countermark.proof import verify_extract
from tests.exchange.nodes import pair_of_nodes, wait_until

pytestmark = pytest.mark.exchange


def test_after_the_end_nothing_new_is_said_and_old_proofs_hold(tmp_path: Path):
    with pair_of_nodes(tmp_path) as pair:
        pair.agree()
        pair.say(2)
        pair.brand.ask("say", name=pair.agreement, count=3, beside=True, dated=False)
        pair.nothing_lost_nothing_twice()
        said = len(pair.brand.ask("entries", ours=True))
        wait_until(lambda: pair.brand.ask("standing")["witnessed"] >= said, "it is witnessed")
        before = base64.b64decode(pair.brand.ask("extract", name=pair.agreement, first=1, last=said))
        assert verify_extract(before).holds
        pair.brand.ask("end", name=pair.agreement)
        wait_until(lambda: pair.market.ask("agreements")[pair.agreement] == "ended", "the market knows of the end")
        for node in pair.nodes:
            with pytest.raises(AssertionError, match="ended"):
                node.ask("say", name=pair.agreement)
        forged = pair.brand.ask(
            "forged_page", name=pair.agreement, seq=len(pair.brand.ask("entries", ours=True)) + 1, text="one more thing"
        )
        assert pair.market.ask("receive_page", name=pair.agreement, page=forged)[-1] == "wrong-agreement"
        # Deletions may be due when the keys of the last day have ended long ago: a renewed one is known to the partner.
        _, new = pair.brand.ask("renew", purpose="entries")
        wait_until(
            lambda: "key.rotated" in [kind for _, _, kind in pair.market.ask("entries", ours=False)],
            "the market knows of the new key",
        )
        for node in pair.nodes:
            node.ask("delete_due")
            assert node.ask("beside_left") == [0, 3]
        wait_until(pair.settled, "the deletions are receipted to one another")
        for speaker, hearer in pair.ways:
            assert "retention.deleted" in [kind for _, _, kind in hearer.ask("entries", ours=False)], speaker.party
        after = base64.b64decode(pair.brand.ask("extract", name=pair.agreement, first=1, last=said))
        assert pair.market.ask("kids", ours=False)[-1] == new
        report = verify_extract(after)
        assert report.holds
        assert sum("only commits to them" in one for one in report.not_shown) == 3
        pair.nothing_lost_nothing_twice()

"""Keys are renewed, revoked and end in the middle of a feed."""

import pytest

from tests.exchange.nodes import Pair, wait_until

pytestmark = pytest.mark.exchange


def test_a_renewed_key_signs_once_the_partner_knows_it_and_a_revoked_one_no_more(pair: Pair):
    pair.say(2)
    old, new = pair.brand.ask("renew", purpose="entries")
    for purpose in ("log", "witness", "http"):
        pair.brand.ask("renew", purpose=purpose)
    wait_until(lambda: types(pair).count("key.rotated") == 4, "the partner hears of all four")
    pair.say(2)
    pair.nothing_lost_nothing_twice()
    assert pair.market.ask("kids", ours=False)[-1] == new
    assert pair.brand.ask("revoke", kid=old) == old
    wait_until(lambda: "key.revoked" in types(pair), "the partner hears of it")
    pair.say(2)
    pair.nothing_lost_nothing_twice()
    refused = pair.brand.ask("forged_page", name=pair.agreement, seq=place(pair) + 1, text="by a thief", kid=old)
    assert pair.market.ask("receive_page", name=pair.agreement, page=refused)[-1] == "key-revoked"
    assert_still_witnessed(pair)


def test_a_key_signs_nothing_after_its_end(pair: Pair):
    late = pair.brand.ask("forged_page", name=pair.agreement, seq=place(pair) + 1, text="late", days=400)
    assert pair.market.ask("receive_page", name=pair.agreement, page=late)[-1] == "key-not-valid"


def test_an_agreed_key_of_another_party_or_a_strange_one_speaks_for_nobody(pair: Pair):
    strange = pair.market.ask("forged_page", name=pair.agreement, seq=1, text="as if it were the brand")
    assert pair.market.ask("receive_page", name=pair.agreement, page=strange)[-1] == "wrong-feed"


def types(pair: Pair) -> list[str]:
    return [kind for _, _, kind in pair.market.ask("entries", ours=False)]


def place(pair: Pair) -> int:
    return len(pair.brand.ask("entries", ours=True))


def assert_still_witnessed(pair: Pair) -> None:
    for node in pair.nodes:
        before = node.ask("standing")["witnessed"]
        node.ask("say", name=pair.agreement)
        wait_until(lambda node=node, before=before: node.ask("standing")["witnessed"] > before, "witnessed anew")
    # What is signed with the new keys reached the other side as well.
    pair.nothing_lost_nothing_twice()

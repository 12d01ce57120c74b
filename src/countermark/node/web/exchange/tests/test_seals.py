"""What partners told of their seals has a page, also while there is nothing to show."""

import pytest

from countermark.node.cases import seals
from countermark.node.cases.factories import exchange, make_joint_team, make_sealed
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.tests.purchasing import bought
from countermark.node.exchange.signing import set_keys
from countermark.proof.seals import digest

pytestmark = pytest.mark.django_db


def test_the_page_of_seals_empty_and_with_one(browser) -> None:
    team = make_joint_team()
    try:
        page = browser(team.market.administrator)
        assert "No partner has told of a seal" in page.get("/exchange/seals/").content.decode()
        row = make_sealed(team.brand)
        seals.tell_due()
        exchange(team)
        assert digest(row.seal.encode()) in page.get("/exchange/seals/").content.decode()
        told = browser(team.brand.administrator).get(f"/evidence/{row.public_id}/").content.decode()
        assert "Bazaar" in told
    finally:
        set_keys(None)


def test_the_page_of_a_purchase_says_who_was_told_of_it(browser) -> None:
    team = make_joint_team()
    try:
        purchase_id = bought(team.brand.administrator, Act.RECEIVE, Act.OPEN, Act.SEAL)
        page = browser(team.brand.administrator)
        assert "Nobody. Once the parcel" in page.get(f"/purchases/{purchase_id}/").content.decode()
        seals.tell_due()
        shown = page.get(f"/purchases/{purchase_id}/").content.decode()
        assert "A partner was told the hash of the last act" in shown
        assert "Nobody. Once the parcel" not in shown
        exchange(team)
        assert purchase_id in browser(team.market.administrator).get("/exchange/seals/").content.decode()
    finally:
        set_keys(None)

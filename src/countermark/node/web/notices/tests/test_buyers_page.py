"""The page on which a marketplace tells the buyers of an illegal product."""

from countermark.node.web.notices.tests.test_seller_pages import removed


def test_the_page_leads_through_it(team, browser):
    (name, _token), market = removed(team), browser(team.market.administrator)
    assert f"/notices/{name}/buyers/" in market.get(f"/notices/{name}/").content.decode()
    there = f"/notices/{name}/buyers/"
    market.post(f"{there}begin/", {"trader": "", "redress": "Send it back."})
    assert "Write it, in at most 300" in market.get(there).content.decode()
    market.post(f"{there}begin/", {"trader": "<b>Mode</b>", "redress": "Send it back."})
    assert "&lt;b&gt;Mode" in market.get(there).content.decode()
    market.post(f"{there}orders/", {})
    assert "It lacks" in market.get(there).content.decode()
    assert market.get(f"{there}orders.csv").content == b"order\r\n"

"""A filer is told of a measure in the browser: what it will see first, then its own page, then its answer."""

from countermark.node.conduct.tests.test_passing import REASONS, pass_on, sides

__all__ = ["sides"]


def test_a_measure_is_previewed_told_read_and_answered(sides, browser):
    team, officer, _, name = sides
    market, brand = browser(officer), browser(team.brand.analyst)
    record = f"/conduct/filers/{team.market.agreement.name}/"
    tell = f"{record}measures/{name}/tell/"
    assert tell in market.get(record).content.decode()
    page = market.get(tell).content.decode()
    assert REASONS in page
    assert "Nothing has left yet" in page
    assert market.post(tell).status_code == 303
    assert "It was told before" in market.get(tell).content.decode()
    pass_on(team, team.brand)
    ours = f"/conduct/filers/{team.brand.agreement.name}/"
    page = brand.get(ours).content.decode()
    assert REASONS in page
    assert "Answer it" in page
    answer = f"{ours}told/{name}/"
    assert "Write 20 to" in brand.post(answer, {"words": "no"}, follow=True).content.decode()
    words = "<b>The register</b> had the right in force on that day; the extract lies beside the notice."
    page = brand.post(answer, {"words": words}, follow=True).content.decode()
    assert "&lt;b&gt;The register" in page
    assert "Answer it" not in page
    assert market.get(f"{ours}told/{name}/").status_code in {403, 404, 405}

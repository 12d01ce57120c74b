"""The page of rules says what the data say, with a heading for everything that has a name."""

from pathlib import Path

from countermark.law.page import page
from countermark.law.tests.stories import BOOK

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "law.md"


def test_the_page_is_written_from_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m countermark.law.page > docs/reference/law.md"


def test_every_regime_rule_and_way_of_counting_has_a_heading() -> None:
    headings = {line.lstrip("# ").partition(",")[0] for line in page().splitlines() if line.startswith("###")}
    titled = {line.lstrip("# ") for line in page().splitlines() if line.startswith("## ")}
    assert {f"{one.file.title} ({one.id})" for one in BOOK.regimes.values()} <= titled
    wanted = set(BOOK.counting)
    wanted |= {f"{regime.id}/{rule.id}" for regime in BOOK.regimes.values() for rule in regime.file.rules}
    assert wanted <= headings

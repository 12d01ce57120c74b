"""The page of codes says what the code says."""

from pathlib import Path

from countermark.proof import REASONS

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "proof.md"


def test_each_code_stands_on_the_page_with_its_meaning() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{code}` | {words} |" for code, words in sorted(REASONS.items())]

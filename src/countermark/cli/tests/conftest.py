"""A small invented shop on disk, and a way to run the command as a person would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from countermark.cli.main import app

RIGHTS = """
version: 1
group: Maison Aurelle
brands:
  - name: Corvane
    price_bands:
      - {currency: EUR, low: "400", high: "3000"}
    authorised_sellers:
      - {name: Corvane Official, marketplace: Bazaar, external_id: official-1}
    rights:
      - kind: trademark
        title: Corvane, word mark
        mark: Corvane
        aliases: [珂梵]
        classes: [18]
        status: in_force
"""

LISTINGS = """id,title,price,currency,seller,seller_id,captured_at
1,Corvane tote replica 1:1 mirror quality,25.00,EUR,Best Bags,s1,2026-11-01T10:00:00Z
2,Handmade linen tote,45.00,EUR,Atelier Lin,s2,2026-11-01T10:00:00Z
3,Corvane tote in calf leather,1200.00,EUR,Corvane Official,official-1,2026-11-01T10:00:00Z
4,C0rvane t0te A货,30.00,EUR,Best Bags,s1,2026-11-01T10:00:00Z
"""

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command with arguments; gives exit code, stdout and stderr."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()

    def command(*arguments: object, stdin: str | bytes | None = None) -> Result:
        return runner.invoke(app, [str(a) for a in arguments], input=stdin)

    return command


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with rights.yaml and listings.csv."""
    (tmp_path / "rights.yaml").write_text(RIGHTS, encoding="utf-8")
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    return tmp_path

"""One small market, drawn once for the whole room."""

from pathlib import Path

import pytest

from countermark.world import MarketFiles, draw_market

LISTINGS = 120


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> MarketFiles:
    return draw_market(tmp_path_factory.mktemp("market"), listings=LISTINGS, workers=1)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder in which a market is written, its pictures left out."""
    monkeypatch.setattr("countermark.world.market.Album.draw", lambda *_: None)
    return tmp_path

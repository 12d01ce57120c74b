"""A synthetic market: invented houses, shops, rings and listings with drawn pictures, and the truth about each."""

from countermark.world.market import MarketFiles, draw_market

__all__ = ["MarketFiles", "draw_market"]

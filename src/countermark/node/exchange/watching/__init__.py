"""Watching over the exchange: what stands how with whom, read only."""

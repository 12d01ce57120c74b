"""Feeds, agreements and partners: what organisations say to one another, signed."""

"""Signals: what can be measured about a listing, by families that do not know one another."""

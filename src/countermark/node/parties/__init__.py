"""Parties: organisations, their members, and who may do what."""

"""Tokens with which other tools read."""

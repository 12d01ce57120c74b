"""Scans: start one, follow it, stop it, see why it failed."""

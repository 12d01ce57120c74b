"""Listings: what is offered, by whom, and how it came in."""

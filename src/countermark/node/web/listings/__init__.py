"""Listings: browse, search, one of them, and bringing files of them in."""

"""Notices: filed by a brand, decided by a marketplace, answered by a seller, under the law that applies."""

"""A PDF that says itself who made it and by when: PAdES signatures (ETSI EN 319 142-1) with an Ed25519 key.

Needs pyHanko, which the extra `node` brings. Everything else in this room works without it.
"""

"""The node: one organisation's own application around the core."""

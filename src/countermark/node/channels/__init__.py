"""Channels: how a node reaches those who have none: connectors, an outbox, and what became of it."""

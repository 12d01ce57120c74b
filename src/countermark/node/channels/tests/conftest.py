"""Who opens channels."""

from countermark.node.channels.tests.people import brand, market

__all__ = ["brand", "market"]

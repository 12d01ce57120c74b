"""A marketplace with people for each look, and a shop against which notices were upheld."""

from countermark.node.conduct.tests.conftest import later, shop, team

__all__ = ["later", "shop", "team"]

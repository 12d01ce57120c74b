"""A brand and a marketplace on one node that have agreed on standard terms."""

from countermark.node.web.exchange.tests.conftest import team

__all__ = ["team"]

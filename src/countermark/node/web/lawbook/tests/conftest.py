"""A brand and a marketplace on one node that have agreed on notices."""

from countermark.node.notices.tests.conftest import team

__all__ = ["team"]

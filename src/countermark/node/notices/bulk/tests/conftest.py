"""A brand and a marketplace that have agreed on notices."""

from countermark.node.notices.tests.conftest import team

__all__ = ["team"]

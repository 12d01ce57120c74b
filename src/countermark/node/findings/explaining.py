"""A finding in words; the one place of the node where findings are explained."""

from countermark.judge.words import Explanation

__all__ = ["Explanation"]

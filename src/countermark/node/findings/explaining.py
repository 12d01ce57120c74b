"""A finding in words; the one place of the node where findings are explained."""

from countermark.judge import Explanation, explain
from countermark.judge.words import ReasonLine
from countermark.model import Finding

__all__ = ["Explanation", "ReasonLine", "explanation"]


def explanation(record: Finding) -> Explanation:
    """The summary, the reasons for and against with their weights, and the versions it rests on."""
    return explain(record)

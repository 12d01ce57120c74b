"""From people's decisions to a policy of the same shape, measured on decisions that it never saw."""

from countermark.evaluate.learning.decisions import Decided, decided, read_decisions, write_decisions
from countermark.evaluate.learning.fitting import Lesson, learn

__all__ = ["Decided", "Lesson", "decided", "learn", "read_decisions", "write_decisions"]

"""Official photos of which a part, or all in disguise, lies in a picture."""

from countermark.signals.image.copies.finder import Match, find
from countermark.signals.image.copies.references import References
from countermark.signals.image.copies.stage import ALGORITHM, CopyStage

__all__ = ["ALGORITHM", "CopyStage", "Match", "References", "find"]

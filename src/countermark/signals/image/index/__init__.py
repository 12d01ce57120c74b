"""Radius search over 256-bit hashes: exact, with adding and removing, in memory and kept on disk."""

from countermark.signals.image.index.halves import BLOCK
from countermark.signals.image.index.memory import FingerprintIndex, Hit, Hits, as_words
from countermark.signals.image.index.records import DamagedIndex
from countermark.signals.image.index.stored import StoredIndex

__all__ = ["BLOCK", "DamagedIndex", "FingerprintIndex", "Hit", "Hits", "StoredIndex", "as_words"]

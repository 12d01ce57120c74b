"""Learned weights of words: how a listing reads as a whole."""

from countermark.signals.text.wording.reader import WordingSignals

__all__ = ["WordingSignals"]

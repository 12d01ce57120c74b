"""What the words of a listing say: marks plain and disguised, look-alikes, replica words, contact, honest context."""

from countermark.signals.text.measure import TextSignals
from countermark.signals.text.pictures import PictureWords
from countermark.signals.text.specs import HINTS, SPECS
from countermark.signals.text.wording import WordingSignals

__all__ = ["HINTS", "SPECS", "PictureWords", "TextSignals", "WordingSignals"]

"""What points to a house, and what only adds to it."""

from countermark.model import Signal
from countermark.signals import image, text

#: Signals that add to a finding about a house and never open one.
HINTS = image.HINTS | text.HINTS


def points_to_house(signal: Signal) -> bool:
    """Whether it says whose goods these are: a wall or floor like a house's and a piece of its name do not."""
    return bool(signal.brand) and signal.name not in HINTS


def houses_in(signals: list[Signal]) -> list[str]:
    """The houses that something points to, in order."""
    return sorted({signal.brand for signal in signals if points_to_house(signal)})

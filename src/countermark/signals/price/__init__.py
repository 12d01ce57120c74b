"""Price signals: what a listing asks, against what the house usually asks in the same currency."""

from countermark.signals.price.measuring import PriceSignals
from countermark.signals.price.specs import SPECS

__all__ = ["SPECS", "PriceSignals"]

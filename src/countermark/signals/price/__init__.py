"""Price signals: what a listing asks, against what the house and other shops usually ask."""

from countermark.signals.price.market import MarketPrices, Observation, observations
from countermark.signals.price.measuring import PriceSignals
from countermark.signals.price.rates import Rates, parse_rates, read_rates
from countermark.signals.price.specs import SPECS

__all__ = ["SPECS", "MarketPrices", "Observation", "PriceSignals", "Rates", "observations", "parse_rates", "read_rates"]

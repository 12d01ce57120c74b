"""Seller signals: who offers, from where, since when, and whether the house ever made such goods."""

from countermark.signals.seller.measuring import SellerSignals
from countermark.signals.seller.specs import SPECS

__all__ = ["SPECS", "SellerSignals"]

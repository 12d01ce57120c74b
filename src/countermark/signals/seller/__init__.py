"""Seller signals: who offers, from where, since when, how much, and whether the house ever made such goods."""

from countermark.signals.seller.copies import Copies, copy_key, shop_key
from countermark.signals.seller.measuring import SellerSignals
from countermark.signals.seller.specs import SPECS

__all__ = ["SPECS", "Copies", "SellerSignals", "copy_key", "shop_key"]

"""Reports of rights owners to eBay (VeRO Program), version 2 of its interface."""

from countermark.node.channels.connectors.ebay_vero.sending import EbayVero

CONNECTOR = EbayVero()

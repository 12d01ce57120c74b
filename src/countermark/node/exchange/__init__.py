"""The exchange: agreements, feeds and partners; what one node tells another."""

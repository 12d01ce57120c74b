"""Pages of notices: for the brand, for the marketplace, and one for the seller."""

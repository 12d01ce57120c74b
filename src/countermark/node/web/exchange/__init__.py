"""The exchange at a glance: how it goes with each partner, feeds entry by entry, files for a stranger to verify."""

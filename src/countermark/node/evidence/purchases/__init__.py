"""Test purchases: what was bought, who had it, what an expert found; nothing is rewritten."""

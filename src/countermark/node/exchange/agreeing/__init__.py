"""How an agreement comes about, changes and ends: drafts, offers, signatures, suspension, notice."""

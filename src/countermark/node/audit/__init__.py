"""Audit: what happened, who did it, when; rows that are never rewritten."""

"""Countermark: find counterfeits, say why, act with due process, prove it."""

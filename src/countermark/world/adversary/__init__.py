"""Attacks on the engine, made from a rights file, with an honest twin for each."""

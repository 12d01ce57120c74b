"""Findings: the door to the engine, the scans that ran through it, and what they found."""

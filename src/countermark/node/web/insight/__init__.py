"""Figures of the joint work."""

"""Figures of the joint work, and what is held about one person."""

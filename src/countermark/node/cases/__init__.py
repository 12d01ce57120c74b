"""Joint cases: what two organisations work on together, and what they share with one another for it."""

"""Designed answers for what goes wrong: what happened, what was kept, what to do, and a reference to quote."""

"""Test purchases: the list, the timeline of one, and the forms with which each act is recorded."""

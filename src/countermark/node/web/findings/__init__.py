"""Findings: the list of all of them, and the page of one."""

"""Capture of one page in a process of its own: no Django, no database, no secret, bounded in everything."""

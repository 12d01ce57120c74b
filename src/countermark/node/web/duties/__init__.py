"""Duties as screens: what waits, lists, holds, publications, persons, retention; and what the public reads."""

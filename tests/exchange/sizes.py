"""Sizes of the tests: small enough for every change, or full when COUNTERMARK_EXCHANGE_SIZE says so."""

import os

FULL = os.environ.get("COUNTERMARK_EXCHANGE_SIZE", "small") == "full"
#: Entries of the long feed.
ENTRIES = int(os.environ.get("COUNTERMARK_EXCHANGE_ENTRIES", "1000000" if FULL else "5000"))
#: Comments that each of two writers says.
WRITES = 500 if FULL else 60
#: Between two flipped bits of a whole extract.
STRIDE = 1 if FULL else 211
#: Rounds in which every commit point is met: killed before it, and after it.
MOMENTS = ("before", "after")
#: Server on which one pair has its databases; empty where there is none.
POSTGRESQL = os.environ.get("COUNTERMARK_EXCHANGE_POSTGRESQL", "")

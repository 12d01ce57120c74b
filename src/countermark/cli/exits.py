"""Exit codes, the same for every command."""

OK = 0
FOUND = 1
USAGE = 2
INPUT = 3
REFUSED = 4
INTERRUPTED = 5

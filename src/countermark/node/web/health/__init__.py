"""Health: whether the node lives, and whether it can work. For machines, without secrets."""

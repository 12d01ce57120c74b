"""Pages of channels: how each stands, what went through it, what did not and what mends it."""

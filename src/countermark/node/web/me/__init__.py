"""One's own preferences: language, time zone, density, keys."""

"""Configuration: settings, addresses, logging; the only room that knows all others."""

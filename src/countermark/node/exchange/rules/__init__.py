"""Rules of the exchange: terms, permits, previews and comparisons. Pure functions: no database, no clock, no web."""

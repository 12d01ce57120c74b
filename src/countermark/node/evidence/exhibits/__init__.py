"""Papers that a court reads beside a bag: made once, sealed, kept as bytes."""

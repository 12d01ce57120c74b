"""Evidence: pictures kept unmodified, shown re-encoded."""

"""Pictures: re-encoded copies of what strangers sent, behind an access check."""

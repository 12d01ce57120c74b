"""Agreements: negotiated, read, compared by voice, signed, amended and ended in the browser."""

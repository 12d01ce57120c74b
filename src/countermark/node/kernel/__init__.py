"""The kernel: ids, time, errors, claims, append-only tables; knows nothing of the trade."""

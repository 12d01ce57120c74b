"""Two nodes as processes, each with its own folder, database and keys, that talk over loopback."""

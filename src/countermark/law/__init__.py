"""What the law asks, as data: see README.md."""

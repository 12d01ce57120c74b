"""Evidence: one captured page with its files, its custody, its check and its bag."""

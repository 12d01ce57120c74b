"""Rights: what is protected. Browse, add, edit, withdraw, reference pictures, houses, and register records."""

"""Pages of proceedings before customs, before a provider, with a trader."""

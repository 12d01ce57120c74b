"""Connectors, one folder each; a new one is a copied folder (docs/how-to/send-through-channels.md)."""

"""Fold texts for plain searching, so that both databases find the same, whatever capitals and widths were typed."""

import unicodedata


def fold(text: str) -> str:
    """NFKC, case folded, accents kept, runs of spaces made one; for columns called `search_text` and for queries."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

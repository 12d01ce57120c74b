"""Texts from outside: which ones a database can take at all, and how they are folded for plain searching."""

import unicodedata


def is_storable(*texts: str) -> bool:
    """Whether texts can be given to the database: PostgreSQL takes no NUL, neither takes half a surrogate pair."""
    return not any("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in texts)


def fold(text: str) -> str:
    """NFKC, case folded, accents kept, runs of spaces made one; for columns called `search_text` and for queries.

    Both databases then find the same, whatever capitals and widths were typed.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

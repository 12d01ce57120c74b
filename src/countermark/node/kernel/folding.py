"""Texts from outside: which ones a database can take at all, and how they are folded for plain searching."""

import unicodedata


def is_storable(*texts: str) -> bool:
    """Whether texts can be given to the database: PostgreSQL takes no NUL, neither takes half a surrogate pair."""
    return not any("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in texts)


#: Marks that turn the direction of reading, or end it: what stands between them is shown in another order.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_as_shown(text: str) -> bool:
    """Whether a text of many lines is what a reader sees: no control characters, no marks that turn its direction."""
    return not any(c in _TURNING or (unicodedata.category(c) == "Cc" and c not in "\n\r\t") for c in text)


def as_one_line(text: str) -> str | None:
    """A text as one line whose characters are all seen, every kind of space made the plain one; None when it is none.

    Control characters and marks that turn the direction of reading would show a person something else than is stored.
    Joiners stay: Persian and Hindi are not written without them.
    """
    line = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text).strip()
    return line if line.replace("\u200c", "").replace("\u200d", "").isprintable() else None


def fold(text: str) -> str:
    """NFKC, case folded, accents kept, runs of spaces made one; for columns called `search_text` and for queries.

    Both databases then find the same, whatever capitals and widths were typed.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

"""Cells of a CSV that a spreadsheet will open: text from strangers must never act as a formula (ASVS V1.2.10)."""

#: A first character, spaces aside, that makes a spreadsheet calculate; the full-width forms fold to the same.
_STARTERS = frozenset("=+-@%|\t\r\n＝＋－＠％｜")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe in front when a spreadsheet would calculate it."""
    return f"'{cell}" if _starts(cell) in _STARTERS else cell


def _starts(cell: str) -> str:
    for character in cell:
        if character in "\t\r\n" or not character.isspace():
            return character
    return ""

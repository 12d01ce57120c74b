"""A code page of our own: the characters beyond ASCII that Western titles are full of, in 8 bits each.

A block that fits it passes through memory as an ASCII one does. A character may stand here only if nothing is lost by
that: each fold makes one ASCII character of it or none, or leaves it the gap it is; it hides and masks nothing, and a
reader takes it for nothing else than a machine does. A test asks that of each.
"""

import codecs
from functools import cache

ASCII = 0x80
#: In the order of their places, from 0x80 on; 0xFF stays free: folds write it for what they drop.
CHARACTERS = (
    "€™®©°–—‘’“”„´«»•·′¡¿£¥§¶¬±÷≤≥∅✓✔→（）"
    "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝ"
    "ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřšťůžČŠŽășțőűğşİ"
)


@cache
def _encoding() -> object:
    """What `codecs.charmap_encode` takes: ASCII as itself, then our characters; no octet stands for U+FFFE."""
    return codecs.charmap_build("".join(map(chr, range(ASCII))) + CHARACTERS.ljust(256 - ASCII, "\ufffe"))


@cache
def places() -> dict[str, int]:
    """The octet of each character beyond ASCII."""
    return {character: ASCII + place for place, character in enumerate(CHARACTERS)}


def in_page(text: str) -> bytes | None:
    """A text with an octet for each character; None when a character does not stand in the page."""
    try:
        octets: bytes = codecs.charmap_encode(text, "strict", _encoding())[0]  # type: ignore[arg-type]
    except UnicodeEncodeError:
        return None
    return octets

"""Stretches that a direction character draws from right to left, so that a mark written backwards shows forwards."""

import re

#: RIGHT-TO-LEFT OVERRIDE, and what ends its stretch.
OVERRIDE, POP = "\u202e", "\u202c"
STRETCH = re.compile(f"{OVERRIDE}([^{OVERRIDE}{POP}]*)")


def as_drawn(text: str) -> str:
    """The text with overridden stretches reversed, as a reader sees them; each character keeps a place in the text."""
    return STRETCH.sub(lambda stretch: OVERRIDE + stretch[1][::-1], text)


def as_written(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `as_drawn(text)[start:end]` stands in the text itself; None when it is not inside one reversed stretch."""
    for stretch in STRETCH.finditer(text):
        first, last = stretch.span(1)
        if first <= start and end <= last:
            return first + last - end, first + last - start
    return None

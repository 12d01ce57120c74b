"""Text that keeps its language."""

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Words as they were written, and the language they were written in.

    Attributes:
        value: the original characters; never folded, trimmed or translated.
        language: a BCP 47 tag (`fr`, `zh-Hans`), or None when nobody said.
    """

    value: str
    language: str | None = None

    def __str__(self) -> str:
        return self.value

"""What is wrong with something we were given, and how its owner can mend it."""

import msgspec


class InvalidRecord(ValueError):
    """A record that the trade could not mean; names the field, says what is wrong and how to mend it."""

    def __init__(self, field: str, message: str, mend: str) -> None:
        super().__init__(f"{field}: {message} {mend}")
        self.field = field
        self.message = message
        self.mend = mend

    def __reduce__(self) -> tuple[type["InvalidRecord"], tuple[str, str, str]]:
        # A worker process may raise it; the default would call __init__ with the sentence alone.
        return InvalidRecord, (self.field, self.message, self.mend)


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One row (or one whole file) that was set aside, told to the person who can mend it.

    Attributes:
        source: name of the file or stream, as its owner knows it; never a path of the machine that reads it.
        row: 1 for the first record after any header; 0 when the problem is of the file as a whole.
        field: the column, key or element at fault, empty when it is the row itself.
        code: short and stable, for machines (`price-not-a-number`).
        message: what is wrong, one sentence.
        mend: what to do about it, one sentence.
        excerpt: the offending value, at most 80 characters, control characters made visible.
    """

    source: str
    row: int
    code: str
    message: str
    mend: str
    field: str = ""
    excerpt: str = ""

    def sentence(self) -> str:
        """The problem as a person reads it: `prices.csv, row 7, price: …`."""
        place = ", ".join(part for part in (self.source, f"row {self.row}" if self.row else "", self.field) if part)
        shown = f" (found {self.excerpt!r})" if self.excerpt else ""
        return f"{place}: {self.message}{shown} {self.mend}"


def excerpt_of(value: object, limit: int = 80) -> str:
    """Show a hostile value safely: short, on one line, control and direction characters made visible."""
    text = value if isinstance(value, str) else repr(value)
    cut = text[:limit]
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)[:limit]
    return shown + "…" if len(text) > limit else shown

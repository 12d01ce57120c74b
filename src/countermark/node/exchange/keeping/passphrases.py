"""Passphrases: hidden in `repr` and tracebacks, read only when a key is opened."""

from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.exchange.keeping.problems import WrongPassphrase

#: PKCS#8 as `cryptography` writes it stretches a passphrase with only 2,048 rounds; length has to do the rest.
LEAST_CHARACTERS = 20
MOST_CHARACTERS = 1_000
MEND = "Make one with: openssl rand -base64 32"


class Passphrase:
    """A passphrase that shows nothing of itself and does not travel.

    Args:
        text: the passphrase; spaces around it do not count.

    Raises:
        WrongPassphrase: shorter than 20 characters or longer than 1,000.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        if not LEAST_CHARACTERS <= len(self._text) <= MOST_CHARACTERS:
            raise WrongPassphrase(
                f"A passphrase for keys has {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters. {MEND}"
            )

    def reveal(self) -> bytes:
        """The bytes, for the moment in which a key is opened or written."""
        return self._text.encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passphrase) and self._text == other._text

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Passphrase(hidden)"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("A passphrase does not travel.")


#: Gives the passphrase each time it is needed; raises `WrongPassphrase`, or what the settings raise.
PassphraseSource = Callable[[], Passphrase]


def from_text(read: Callable[[], str]) -> PassphraseSource:
    """A source over something that reads a text, such as a setting; one that is missing is a wrong passphrase."""
    return lambda: Passphrase(_read_setting(read))


def from_file(file: Path) -> PassphraseSource:
    """A source over the first line of a file."""
    return lambda: Passphrase(_first_line(file))


def _read_setting(read: Callable[[], str]) -> str:
    try:
        return read()
    except ImproperlyConfigured as error:
        raise WrongPassphrase(f"{error}") from None


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.readline(MOST_CHARACTERS + 2)
    except (OSError, UnicodeDecodeError):
        pass
    raise WrongPassphrase(f"The passphrase file {file} cannot be read as text.")

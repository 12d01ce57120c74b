"""Private keys as files: PKCS#8, encrypted, read and written without leaving a trace in errors."""

from collections.abc import Callable
from pathlib import Path

from countermark.node.exchange.keeping import files
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.keeping.problems import BrokenFolder, NotWritten, WrongPassphrase
from countermark.proof import PrivateKey, PublicKey

_MOST_BYTES = 16 * 1024
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def make_organisation_key(out_file: Path, passphrase: Passphrase) -> PublicKey:
    """Make an organisation's key in a new file, and read it back before anybody relies on it.

    Raises:
        NotWritten, WrongPassphrase.
    """
    private = PrivateKey.generate()
    write_pem(out_file, private, passphrase)
    if read_organisation_key(out_file, passphrase).public != private.public:
        raise NotWritten(f"{out_file} was written and reads differently. Use another medium.")
    return private.public


def read_organisation_key(file: Path, passphrase: Passphrase) -> PrivateKey:
    """Open an organisation's key, on whatever medium: a stick knows no modes.

    Raises:
        WrongPassphrase, BrokenFolder.
    """
    return _open(file, passphrase, _read_anywhere)


def unlock(file: Path, kid: str, passphrase: Passphrase) -> PrivateKey:
    """Open a key of the node; its file is named after it.

    Raises:
        WrongPassphrase, BrokenFolder, LooseFile.
    """
    private = _open(file, passphrase, lambda file: files.read_secret(file, _MOST_BYTES))
    if private.public.kid != kid:
        raise BrokenFolder(f"{file.name} holds another key than its name says. Bring it back from a copy.")
    return private


def write_pem(file: Path, private: PrivateKey, passphrase: Passphrase) -> None:
    """Write a key under a name that must be free, whole or not at all.

    Raises:
        NotWritten.
    """
    files.write_new(file, private.to_pem(passphrase.reveal()))


def _open(file: Path, passphrase: Passphrase, read: Callable[[Path], bytes]) -> PrivateKey:
    # Frames that knew file and passphrase have returned when this one raises: no traceback leads into them.
    private = _open_or_not(file, passphrase, read)
    if private is None:
        raise WrongPassphrase(
            f"The passphrase does not open {file}. "
            "A node's stands in COUNTERMARK_KEY_PASSPHRASE_FILE or COUNTERMARK_KEY_PASSPHRASE."
        )
    return private


def _open_or_not(file: Path, passphrase: Passphrase, read: Callable[[Path], bytes]) -> PrivateKey | None:
    pem = read(file)
    if not pem.startswith(_ENCRYPTED):
        del pem
        raise BrokenFolder(f"{file} is not an encrypted key (PKCS#8). Keys are never kept in the clear.")
    try:
        return PrivateKey.from_pem(pem, passphrase.reveal())
    except ValueError:
        return None


def _read_anywhere(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except OSError as error:
        raise BrokenFolder(f"{file} cannot be read: {error.strerror}.") from error

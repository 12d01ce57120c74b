"""A signer in another process: asked over a Unix socket, one connection for each request."""

import socket
import time
from pathlib import Path
from typing import TypeVar

from countermark.node.exchange.keeping.forms import MOST_MESSAGE
from countermark.node.exchange.keeping.frames import (
    LENGTH_BYTES,
    Keys,
    Public,
    Request,
    Sign,
    Signed,
    length_of,
    read_answer,
    to_frame,
)
from countermark.node.exchange.keeping.problems import NoKey, SignerAway, WrongForm
from countermark.proof import OperationalKey, PublicKey, Purpose, Refused
from countermark.proof.encoding import from_base64url, to_base64url

Answered = TypeVar("Answered")

#: Seconds for one answer, and in which a signer that is just restarted is tried again.
TIMEOUT, RETRY_FOR, RETRY_EVERY = 5.0, 2.0, 0.05


class SignerSocket:
    """Where the signer listens.

    Args:
        path: of the socket.
        timeout: seconds for each answer.
        retry_for: seconds in which a socket that is missing, refuses or hangs up is tried again.
    """

    def __init__(self, path: Path, *, timeout: float = TIMEOUT, retry_for: float = RETRY_FOR) -> None:
        self.path, self._timeout, self._retry_for = path, timeout, retry_for

    def usable(self, purpose: Purpose) -> list[OperationalKey]:
        """Keys that may sign for a purpose now, the newest first.

        Raises:
            KeyProblem.
        """
        return list(self._ask(Public(purpose=purpose), Keys).keys)

    def signer(self, purpose: Purpose, kid: str = "") -> "RemoteSigner":
        """The newest key, or the one with this id.

        Raises:
            NoKey, SignerAway or another KeyProblem.
        """
        usable = self.usable(purpose)
        chosen = next((key for key in usable if kid in ("", key.public.kid)), None)
        if chosen is None:
            raise NoKey(
                f"The signer has no key for {purpose} that may sign now. See: countermark node keys check",
            )
        return RemoteSigner(self, chosen)

    def sign(self, purpose: Purpose, public: PublicKey, message: bytes) -> bytes:
        """A signature, checked before it is believed.

        Raises:
            KeyProblem.
        """
        if len(message) > MOST_MESSAGE:
            raise WrongForm(f"A message has at most {MOST_MESSAGE} bytes.")
        said = self._ask(Sign(purpose=purpose, kid=public.kid, message=to_base64url(message)), Signed)
        try:
            signature = from_base64url(said.signature)
            public.verify(signature, message)
        except Refused as refused:
            raise SignerAway(f"What answers at {self.path} signs with another key. Restart the signer.") from refused
        return signature

    def _ask(self, request: Request, expected: type[Answered]) -> Answered:
        try:
            return read_answer(self._exchange(to_frame(request)), expected)
        except Refused as refused:
            raise SignerAway(f"What answers at {self.path} is no signer of this version. {refused}") from refused
        except TimeoutError as error:
            raise SignerAway(f"The signer at {self.path} does not answer within {self._timeout:g} s.") from error
        except OSError as error:
            raise SignerAway(
                f"The signer at {self.path} cannot be reached: {error.strerror or error}. "
                "Start it with: countermark node signer"
            ) from error

    def _exchange(self, frame: bytes) -> bytes:
        """One question and its answer. Asking twice does no harm: the same message has the same signature."""
        until = time.monotonic() + self._retry_for
        while True:
            try:
                return self._exchange_once(frame)
            except (FileNotFoundError, BlockingIOError, ConnectionError):
                if time.monotonic() >= until:
                    raise
            time.sleep(RETRY_EVERY)

    def _exchange_once(self, frame: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout)
            connection.connect(str(self.path))
            connection.sendall(frame)
            length = length_of(_read_exactly(connection, LENGTH_BYTES))
            return _read_exactly(connection, length)


class RemoteSigner:
    """A `Signer` whose private key another process holds."""

    __slots__ = ("_key", "_public", "_socket")

    def __init__(self, signer: SignerSocket, key: OperationalKey) -> None:
        self._socket, self._key, self._public = signer, key, key.public

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519.

        Raises:
            WrongForm, SignerAway or another KeyProblem.
        """
        return self._socket.sign(self._key.purpose, self._public, message)

    def __repr__(self) -> str:
        return f"RemoteSigner({self._key.purpose}, kid={self._public.kid!r})"


def _read_exactly(connection: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = connection.recv(min(count - len(found), 1024 * 1024))
        if not part:
            raise ConnectionError("it ended the connection")
        found += part
    return bytes(found)

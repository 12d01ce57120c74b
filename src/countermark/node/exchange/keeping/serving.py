"""The signer process: listens on a Unix socket for requests of the node, and signs nothing but known forms."""

import asyncio
import ctypes
import fcntl
import os
import signal
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from countermark.node.exchange.keeping.desk import Desk
from countermark.node.exchange.keeping.frames import LENGTH_BYTES, No, NotDone, length_of, to_frame
from countermark.node.exchange.keeping.problems import NotWritten
from countermark.proof import Refused

log = structlog.get_logger(__name__)

#: Connections that are served at once, each with at most one frame in memory; further ones wait for a place.
MOST_SERVED, MOST_OPEN = 32, 256
#: Seconds for a request once its first bytes came, and until they come.
PATIENCE, IDLE = 10.0, 5.0
#: Bytes of a socket's path that Linux takes.
_LONGEST_PATH = 107
_PEER = struct.Struct("iII")
_NOT_DUMPABLE = 4


class Server:
    """One listening socket.

    Args:
        desk: answers.
        path: of the socket; its folder must exist.
        group: id of a group whose members may ask too; None: only the user that runs this process.
    """

    def __init__(self, desk: Desk, path: Path, group: int | None = None) -> None:
        self._desk, self._path, self._group = desk, path, group
        self._places = asyncio.Semaphore(MOST_SERVED)
        self._open = 0

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Listen until SIGTERM or SIGINT.

        Raises:
            NotWritten: another signer listens there, or the path cannot be used.
        """
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        with _listening(self._path, self._group) as listener:
            server = await asyncio.start_unix_server(self._serve, sock=listener)
            try:
                log.info("signer.listens", path=str(self._path))
                ready()
                await stop.wait()
            finally:
                server.close()
        log.info("signer.stopped", **{purpose.value: count for purpose, count in self._desk.signed.items()})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open > MOST_OPEN:
                log.warning("signer.full", connections=self._open)
            elif not self._knows(writer.get_extra_info("socket")):
                log.warning("signer.stranger")
            else:
                async with self._places:
                    while await self._one(reader, writer):
                        pass
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            log.debug("signer.client_left")
        finally:
            self._open -= 1
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; says whether another may follow."""
        head = await _within(IDLE, reader.readexactly(LENGTH_BYTES))
        try:
            length = length_of(head)
        except Refused as refused:
            # What follows cannot be told from another frame any more.
            writer.write(to_frame(NotDone(No("bad-request", f"{refused}"))))
            await _within(PATIENCE, writer.drain())
            return False
        body = await _within(PATIENCE, reader.readexactly(length))
        writer.write(to_frame(self._desk.answer(body)))
        await _within(PATIENCE, writer.drain())
        return True

    def _knows(self, peer: socket.socket) -> bool:
        _pid, user, group = _PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
        return user == os.geteuid() or (self._group is not None and group == self._group)


def keep_out_debuggers() -> None:
    """Ask Linux to let no other process of this user read our memory, and to write none of it to a core file."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)


async def _within(seconds: float, waiting: Awaitable[bytes] | Awaitable[None]) -> bytes:
    async with asyncio.timeout(seconds):
        return await waiting or b""


@contextmanager
def _listening(path: Path, group: int | None) -> Iterator[socket.socket]:
    """A bound socket, its owner's alone from its first moment; removed at the end."""
    if len(os.fsencode(path)) > _LONGEST_PATH:
        raise NotWritten(f"A socket's path has at most {_LONGEST_PATH} bytes. Set COUNTERMARK_SIGNER to a shorter one.")
    with _only_one(path), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        if path.is_socket():
            path.unlink()  # of a signer that was killed: we hold its lock
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        except OSError as error:
            raise NotWritten(f"The signer cannot listen at {path}: {error.strerror}.") from error
        finally:
            os.umask(before)
        try:
            if group is not None:
                os.chown(path, -1, group)
                path.chmod(0o660)
            listener.settimeout(0)
            yield listener
        finally:
            with suppress(OSError):
                path.unlink()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    lock = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise NotWritten(f"The signer cannot listen at {path}: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise NotWritten(f"Another signer listens at {path}. Stop it first.") from error
    finally:
        os.close(handle)

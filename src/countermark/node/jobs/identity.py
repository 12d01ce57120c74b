"""Who a worker is: a name from which another worker on the same machine can tell whether it is surely dead."""

import os
import socket
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@cache
def machine() -> str:
    """This machine, since its last start, as far as process numbers mean the same thing.

    Host name, boot id and process namespace: two containers on one host share the first two, and must never judge
    each other's process numbers. Where the system tells no boot id, every worker is a machine of its own: its claims
    then end by time, which is always right, only slower.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
        namespace = str((_PROC / "self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        return f"{socket.gethostname()[:16]}-{os.urandom(4).hex()}-{os.getpid()}"
    return f"{socket.gethostname()[:16]}-{boot}-{namespace}"


def my_name() -> str:
    """Name of this process as a worker: machine, process number, and when the process began."""
    return f"{machine()}/{os.getpid()}/{_began(os.getpid()) or 'unknown'}"


def surely_dead(worker: str) -> bool:
    """Whether a worker ran on this machine and its process is gone (a new process of the same number is not it)."""
    place, _, rest = worker.partition("/")
    number, _, began = rest.partition("/")
    if place != machine() or not number.isdecimal() or not began.isdecimal():
        return False
    return _began(int(number)) != began


def _began(process: int) -> str | None:
    """Clock ticks from boot to the start of a process (proc(5), field 22); None when there is no such process.

    A zombie has ended: nobody has collected it yet, but it writes nothing any more.
    """
    try:
        # The name of the program, in brackets, may itself hold spaces and brackets: read from the last one on.
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None
    return None if fields[0] in {"Z", "X"} else fields[19]

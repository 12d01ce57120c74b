"""A warm process of one node: it loads everything once, and forks each of the node's processes within milliseconds.

Reads one JSON request a line, `{"name", "arguments", "twists", "log"}`; starts `countermark ARGUMENTS`, or the driver
for no arguments; writes the process number. All that it started ends with it.
"""

import ctypes
import faulthandler
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import django

django.setup()

from django.conf import settings  # noqa: E402 - only once Django is ready
from django.db import connections  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from countermark.cli.main import app  # noqa: E402
from countermark.node.config import asgi  # noqa: E402
from countermark.node.jobs import exchanging  # noqa: E402
from tests.exchange import driver, twists  # noqa: E402

_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)
_ = (asgi, exchanging)


def main() -> None:
    """Start processes until the input ends."""
    # Nobody collects the dead: the kernel does.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    settings.COUNTERMARK_CHECKPOINT_SECONDS = 1
    assert get_resolver().url_patterns
    connections.close_all()
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if process == 0:
            _be(asked)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


def _be(asked: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _redirect(asked["log"])
        faulthandler.enable()
        faulthandler.register(signal.SIGUSR1)
        twists.apply(asked["twists"])
        if asked["arguments"]:
            app(asked["arguments"], standalone_mode=False)
        else:
            driver.main(Path(f"{asked['log']}.in"), Path(f"{asked['log']}.out"))
        code = 0
    except BaseException:  # a forked process must never go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: str) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)


if __name__ == "__main__":
    main()

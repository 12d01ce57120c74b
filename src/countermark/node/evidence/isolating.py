"""Start the capturing process: an empty environment, a folder of its own, an end by the clock."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from django.conf import settings

import countermark
from countermark.model.decoding import decode
from countermark.node.evidence.capturing.orders import CaptureRecord, Order
from countermark.node.kernel.errors import Invalid

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Seconds beyond those of the order, to start and to end.
_GRACE = 30.0


def browser() -> str:
    """The browser that draws pages, empty when there is none on this machine."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), "")


@contextmanager
def captured(url: str, **bounds: float) -> Iterator[tuple[Path, CaptureRecord]]:
    """Capture a page in another process; gives the folder with what was seen, gone afterwards, and the record.

    Args:
        url: address of the page.
        bounds: of `Order`, in place of its own.

    Raises:
        Invalid: the page was not reached, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="countermark-capture-") as name:
        folder = Path(name, "data")
        folder.mkdir()
        order = Order(
            url=url,
            folder=str(folder),
            browser=browser(),
            loopback=settings.COUNTERMARK_CAPTURE_LOOPBACK,
            **bounds,  # type: ignore[arg-type]
        )
        _run(order, Path(name))
        record = decode((folder / "capture.json").read_bytes(), CaptureRecord)
        yield folder, record


def _run(order: Order, home: Path) -> None:
    # Nothing of ours goes along: no key, no database, no proxy. Whoever takes the process over finds nothing.
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(countermark.__path__[0]).parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "countermark.node.evidence.capturing.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=home,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(msgspec.json.encode(order), timeout=order.seconds + _GRACE)
    except subprocess.TimeoutExpired as error:
        raise Invalid.of("url", "capture-too-slow", "The page took too long.", "Try again later.") from error
    finally:
        # The browser's own children too.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode != 0:
        raise _problem(said)


def _problem(said: bytes) -> Invalid:
    try:
        told = decode(said, dict[str, str])
        return Invalid.of("url", "not-captured", told["message"], told["mend"])
    except (msgspec.DecodeError, KeyError):
        return Invalid.of("url", "not-captured", "The capturing process stopped.", "Try again.")

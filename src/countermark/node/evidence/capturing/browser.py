"""A browser without a network: it asks us for every byte, over a pipe, and gets what the recorder fetched.

The DevTools protocol is spoken over two pipes (`--remote-debugging-pipe`), so no port is opened. The browser's own
way out leads to a proxy that is not there; what it wants is fetched through the guard, recorded, and handed back. So
the picture of the page is drawn from bytes that are all in the recording, and a page can reach nothing else with it.
"""

import base64
import fcntl
import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from countermark.node.evidence.capturing.fetching import Recorder
from countermark.node.kernel.deadlines import TooSlow

WIDTH, LEAST_HEIGHT = 1280, 800
#: Seconds without a request after which a page counts as drawn; and for the browser to start.
QUIET = 0.6
#: Seconds after which a page that was loaded, and never rests, is drawn as it is.
RESTLESS = 8.0
_MOST_OF_A_MESSAGE = 128 * 1024 * 1024
_PIECE = 1024 * 1024
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    # Not even a name is looked up by the browser.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-gpu",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--mute-audio",
)


#: Puts our pipes at the numbers that Chromium reads from and writes to, and becomes Chromium. Debian's shell could not:
#: it knows no number above 9, and a page with pictures from a few hosts leaves none below.
_STARTER = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
for one in sys.argv[1:3]:
    os.close(int(one))
for number, pipe in zip((3, 4), pipes):
    os.dup2(pipe, number)
    os.close(pipe)
os.execv(sys.argv[3], sys.argv[3:])
"""


class NotDrawn(Exception):
    """There is no picture of the page; the message says why."""


class Browser:
    """A running browser. Use it in a `with`."""

    def __init__(self, program: str, folder: Path, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._number = 0
        self._held = bytearray()
        self._events: deque[dict[str, Any]] = deque()
        self._session = ""
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        flags = [*_FLAGS, f"--user-data-dir={folder}", f"--window-size={WIDTH},{LEAST_HEIGHT}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # Chromium has no sandbox for root; a node does not run as root
        starter = [sys.executable, "-I", "-S", "-c", _STARTER, str(theirs_in), str(theirs_out)]
        self._process = subprocess.Popen(  # noqa: S603 - a fixed program, no word of it from outside
            [*starter, program, *flags, "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        with suppress(OSError):  # a bound of the system's on pipes; smaller ones are slower, no more
            fcntl.fcntl(self._in, fcntl.F_SETPIPE_SZ, _PIECE)
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._in, selectors.EVENT_READ)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._ready.close()
        os.close(self._in)
        os.close(self._out)

    def picture(self, recorder: Recorder, url: str, most_height: int) -> tuple[bytes, bool]:
        """Draw a page and give a PNG of it, and whether the page was longer. Raises NotDrawn."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for name in ("Page.enable", "Network.enable"):
            self.ask(name)
        self.ask("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
        self.ask("Browser.setDownloadBehavior", {"behavior": "deny"})
        self._set_height(LEAST_HEIGHT)
        self._send("Page.navigate", {"url": url})
        self._serve(recorder, loaded=False)
        # For a while as high as the page: what waits until somebody scrolls to it is asked for now.
        self._set_height(max(LEAST_HEIGHT, min(int(self._height()), most_height)))
        self._serve(recorder, loaded=True)
        self._set_height(LEAST_HEIGHT)
        height = self._height()
        shown = max(LEAST_HEIGHT, min(int(height), most_height))
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": shown, "scale": 1}
        # Fast packing: the same pixels; ten tall photographs packed small would take the time of all the rest.
        how = {"format": "png", "captureBeyondViewport": True, "clip": clip, "optimizeForSpeed": True}
        taken = self.ask("Page.captureScreenshot", how)
        return base64.b64decode(taken["data"]), height > most_height

    def _set_height(self, pixels: int) -> None:
        size = {"width": WIDTH, "height": pixels, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", size)

    def _height(self) -> float:
        return float(self.ask("Page.getLayoutMetrics")["cssContentSize"]["height"])

    def _serve(self, recorder: Recorder, *, loaded: bool) -> None:
        """Answer what the page asks for, until it has been quiet for a while, or was loaded long ago."""
        quiet_since = loaded_at = time.monotonic()
        while not (loaded and self._is_drawn(quiet_since, loaded_at)):
            event = self._events.popleft() if self._events else self._receive(QUIET)
            if event is None:
                continue
            name = event.get("method")
            if name == "Fetch.requestPaused":
                self._answer(recorder, event["params"])
                quiet_since = time.monotonic()
            elif name == "Page.loadEventFired":
                loaded, quiet_since = True, time.monotonic()
                loaded_at = quiet_since
            elif name == "Page.javascriptDialogOpening":
                self._send("Page.handleJavaScriptDialog", {"accept": False})
            elif name in {"Inspector.targetCrashed", "Target.targetCrashed"}:
                raise NotDrawn("The page made the browser crash.")

    def _is_drawn(self, quiet_since: float, loaded_at: float) -> bool:
        moment = time.monotonic()
        return moment - quiet_since > QUIET or moment - loaded_at > RESTLESS

    def _answer(self, recorder: Recorder, asked: dict[str, Any]) -> None:
        request, paused = asked["request"], asked["requestId"]
        answer = recorder.follow(request["url"]) if request["method"] == "GET" else None
        if answer is None or answer.seen.problem:
            self._send("Fetch.failRequest", {"requestId": paused, "errorReason": "BlockedByClient"})
            return
        self._send(
            "Fetch.fulfillRequest",
            {
                "requestId": paused,
                "responseCode": answer.seen.status,
                "responseHeaders": [{"name": name, "value": value} for name, value in answer.headers],
                "body": base64.b64encode(answer.body).decode("ascii"),
            },
        )

    def ask(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come meanwhile are kept."""
        number = self._send(method, parameters)
        while True:
            message = self._receive(self._left())
            if message is None:
                continue
            if message.get("id") != number:
                self._events.append(message)
                continue
            if "error" in message:
                raise NotDrawn(f"The browser refused {method}.")
            found: dict[str, Any] = message["result"]
            return found

    def _send(self, method: str, parameters: dict[str, Any] | None = None) -> int:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        if self._session:
            said["sessionId"] = self._session
        data = memoryview(json.dumps(said).encode() + b"\0")
        try:
            while data:
                data = data[os.write(self._out, data) :]
        except OSError as error:
            raise NotDrawn("The browser went away.") from error
        return self._number

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """One message, None when none came in so many seconds."""
        end = self._held.find(b"\0")
        while end < 0:
            if not self._ready.select(min(seconds, self._left())):
                return None
            piece = os.read(self._in, _PIECE)
            if not piece or len(self._held) > _MOST_OF_A_MESSAGE:
                raise NotDrawn("The browser did not start, or went away.")
            # Only what is new is searched: a picture comes in hundreds of pieces.
            begins = len(self._held)
            self._held += piece
            end = self._held.find(b"\0", begins)
        found: dict[str, Any] = json.loads(self._held[:end])
        del self._held[: end + 1]
        return found

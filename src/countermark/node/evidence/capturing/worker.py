"""The process that captures: reads an order from its input, fills a folder, and says what went wrong, if anything.

python -m countermark.node.evidence.capturing.worker < order.json
"""

import hashlib
import platform
import resource
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import httpx
import msgspec
from selectolax.lexbor import LexborHTMLParser

from countermark.model.decoding import decode
from countermark.node.evidence.capturing.browser import Browser, NotDrawn
from countermark.node.evidence.capturing.fetching import Answer, NotCaptured, Recorder, check_url, moment
from countermark.node.evidence.capturing.orders import CaptureRecord, KeptPicture, Order
from countermark.node.evidence.capturing.pictures import suffix_of
from countermark.node.evidence.capturing.surroundings import look_around
from countermark.node.evidence.capturing.warcs import Warc
from countermark.node.kernel.deadlines import TooSlow, deadline, left

#: Seconds of the processor, bytes of one file, open files.
_LIMITS = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: 120, resource.RLIMIT_FSIZE: 1024**3}
_PICTURE_NAMES = ("src", "data-src", "data-original", "data-lazy-src")


def capture(order: Order) -> CaptureRecord:
    """Fill the folder of an order; raises NotCaptured when there is no page."""
    check_url(order.url)
    folder, began, tools = Path(order.folder), moment(), _tools(order.browser)
    surroundings = look_around(order, _profile(folder))
    warc = Warc(folder / "page.warc.gz", {"software": f"countermark/{tools['countermark']} warcio/{tools['warcio']}"})
    recorder = Recorder(order, warc, folder / "certificates")
    try:
        with deadline(order.seconds):
            page = recorder.follow(order.url)
            if page.seen.problem:
                raise NotCaptured(f"The page was not reached: {page.seen.problem}", "Open it yourself, and try again.")
            (folder / "page.html").write_bytes(page.body)
            pictures = _pictures(recorder, page, folder, order.pictures)
            shot, problem, cut = _draw(recorder, page, folder, order)
    finally:
        recorder.close()
        warc.close()
    record = CaptureRecord(
        asked=order.url,
        final=page.seen.url,
        began=began,
        ended=moment(),
        clock_offset_seconds=recorder.offset,
        fetches=tuple(recorder.fetches),
        pictures=pictures,
        screenshot=shot,
        screenshot_problem=problem,
        cut=cut,
        tools=tools,
        surroundings=surroundings,
    )
    (folder / "capture.json").write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    return record


def _profile(folder: Path) -> Path:
    return folder.with_name(folder.name + "-browser")


def _tools(browser: str) -> dict[str, str]:
    tools = {name: version(name) for name in ("countermark", "warcio", "httpx")}
    tools["python"] = platform.python_version()
    if browser:
        asked = [browser, "--version"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
        tools["browser"] = done.stdout.strip()[:100]
    return tools


def _pictures(recorder: Recorder, page: Answer, folder: Path, most: int) -> tuple[KeptPicture, ...]:
    kept = []
    for place, url in enumerate(_picture_urls(page)[:most], start=1):
        answer = recorder.follow(url)
        problem = answer.seen.problem or ("" if answer.seen.status == 200 else f"Status {answer.seen.status}.")
        if problem:
            kept.append(KeptPicture(url=url, problem=problem))
            continue
        suffix = suffix_of(answer.body)
        if not suffix:
            kept.append(KeptPicture(url=url, problem="It is in the recording only: no whole JPEG, PNG or WebP."))
            continue
        name = f"pictures/{place:02d}.{suffix}"
        (folder / "pictures").mkdir(exist_ok=True)
        (folder / name).write_bytes(answer.body)
        kept.append(KeptPicture(url=url, file=name, sha256=hashlib.sha256(answer.body).hexdigest()))
    return tuple(kept)


def _picture_urls(page: Answer) -> list[str]:
    """Addresses of the pictures that a page names, each once, in its order."""
    tree = LexborHTMLParser(page.body)
    named = [node.attributes.get("content") for node in tree.css('meta[property="og:image"]')]
    named += [node.attributes.get(name) for node in tree.css("img") for name in _PICTURE_NAMES]
    found: dict[str, None] = {}
    for one in named:
        try:
            url = str(httpx.URL(page.seen.url).join((one or "").strip())) if one else ""
        except (httpx.InvalidURL, ValueError):
            continue
        if url.startswith(("http://", "https://")):
            found[url] = None
    return list(found)


def _draw(recorder: Recorder, page: Answer, folder: Path, order: Order) -> tuple[str, str, bool]:
    """File of the picture, or why there is none, and whether the page is longer than it."""
    if not order.browser:
        return "", "There is no browser on this machine.", False
    try:
        with Browser(order.browser, _profile(folder), left(order.seconds) or order.seconds) as browser:
            data, cut = browser.picture(recorder, page.seen.url, order.height)
    except (NotDrawn, TooSlow, OSError, KeyError, ValueError) as error:
        return "", str(error) or "The page was not drawn in time.", False
    (folder / "screenshot.png").write_bytes(data)
    return "screenshot.png", "", cut


def main() -> int:
    """Do one order; exit code 1 and a JSON object with `message` and `mend` when there is nothing to show."""
    for what, most in _LIMITS.items():
        resource.setrlimit(what, (most, most))
    order = decode(sys.stdin.buffer.read(), Order)
    try:
        capture(order)
    except NotCaptured as error:
        said = {"message": str(error), "mend": error.mend}
        sys.stdout.write(msgspec.json.encode(said).decode())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the capturing process is told, and what it says it did."""

import msgspec

MIB = 1024 * 1024


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page to capture.

    Attributes:
        url: as it was asked for.
        folder: empty; what was seen is written there.
        browser: program that draws the page; empty for none.
        loopback: whether this machine itself may be captured (demo, tests).
        seconds: for everything; requests: fetched in all, with redirects; item, total: bytes, packed and unpacked.
        pictures: kept beside the recording; height: pixels of the picture of the page.
    """

    url: str
    folder: str
    browser: str = ""
    loopback: bool = False
    seconds: float = 60.0
    requests: int = 200
    item: int = 20 * MIB
    total: int = 150 * MIB
    pictures: int = 40
    height: int = 12_000


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What was there before the first request.

    Attributes:
        taken: when, by the clock of the machine, UTC.
        system: operating system and its version; machine: a number that stands for the machine.
        variables: names of the environment variables that the process has.
        files_left: files that lay in the folder of the capture: none, or somebody was there before.
        profile_is_new: whether the browser begins without cookies, store and history of anybody.
        resolvers: servers that are asked for names; host, addresses: the name of the page, and where they say it is.
        own_addresses: from which this machine speaks to those; behind a router they differ from what the page sees.
        clock_kept: whether a time service keeps the clock, None where the kernel does not say.
        clock_largest_error_seconds: of that service, None where it does not say.
    """

    taken: str
    system: str
    machine: str
    variables: tuple[str, ...]
    files_left: int
    profile_is_new: bool
    resolvers: tuple[str, ...]
    host: str
    addresses: tuple[str, ...]
    own_addresses: tuple[str, ...]
    clock_kept: bool | None
    clock_largest_error_seconds: float | None


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, as it came.

    Attributes:
        url, status, media_type: of the answer; 0 when there was none.
        began, ended: by the clock of the machine, UTC.
        addresses: every address that the name led to; answered_by: the one that answered.
        certificates: SHA-256 of each certificate of the chain that was shown, the server's own first.
        sha256, size: of the body over the wire, before any processing.
        leads_to: where a redirect points.
        problem: why there is no answer, empty otherwise.
    """

    url: str
    status: int = 0
    media_type: str = ""
    began: str
    ended: str
    addresses: tuple[str, ...] = ()
    answered_by: str = ""
    certificates: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0
    leads_to: str = ""
    problem: str = ""


class KeptPicture(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of the page: file, address, and why it was not kept where `file` is empty."""

    url: str
    file: str = ""
    sha256: str = ""
    problem: str = ""


class CaptureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How a page was captured: `data/capture.json` in a bag.

    Attributes:
        asked, final: address asked for, and the one at the end of the redirects.
        began, ended: UTC, by the clock of the machine.
        clock_offset_seconds: how far that clock is ahead of the `Date` that the server named, None when it named none.
        fetches: in order, redirects among them.
        pictures: those that the page names.
        screenshot: file, empty when none; screenshot_problem says why.
        cut: whether the page was longer than the picture of it.
        tools: name and version of what was used.
        surroundings: what was there before the first request.
    """

    asked: str
    final: str
    began: str
    ended: str
    clock_offset_seconds: int | None
    fetches: tuple[Fetch, ...]
    pictures: tuple[KeptPicture, ...]
    screenshot: str
    screenshot_problem: str
    cut: bool
    tools: dict[str, str]
    surroundings: Surroundings | None = None
    format: str = "countermark-capture/1"

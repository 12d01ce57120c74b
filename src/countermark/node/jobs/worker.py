"""The worker loop: claims what waits, in turn, until it is told to stop."""

import threading


def work(stop: threading.Event, *, once: bool = False, poll_seconds: float = 1.0) -> None:
    """Do what waits until `stop` is set (or, with `once`, until nothing waits)."""
    raise NotImplementedError

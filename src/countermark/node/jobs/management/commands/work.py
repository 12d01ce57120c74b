"""`work`: do what waits (imports and scans)."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from countermark.node.jobs.processes import run_workers, stop_on_signals
from countermark.node.jobs.worker import work


class Command(BaseCommand):
    """Run one worker here, or several as processes; stop them with Ctrl-C or SIGTERM."""

    help = "Do what waits: imports and scans. Stop it at any moment; nothing is lost or done twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--once", action="store_true", help="stop when nothing waits")
        parser.add_argument("--workers", type=int, default=1, help="processes (default 1)")

    def handle(self, *_args: object, once: bool, workers: int, **_options: object) -> None:
        """Work until told to stop."""
        stop = stop_on_signals()
        if workers > 1:
            run_workers(workers, stop, once=once)
        else:
            work(stop, once=once)

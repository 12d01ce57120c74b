"""What the command says to a person: on stderr, plain when it is not a terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from countermark.model import RowProblem

#: Problems shown in full before the rest is only counted.
PROBLEMS_SHOWN = 10


class Talk:
    """Talk to the person at the terminal; data never passes here."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, sentence: str) -> None:
        """One line of news; silent with --quiet."""
        if not self.quiet:
            self.console.print(escape(sentence))

    def error(self, sentence: str) -> None:
        """What went wrong; said even with --quiet."""
        self.console.print(f"[bold red]Error:[/] {escape(sentence)}")

    def problems(self, problems: Sequence[RowProblem], total: int, kept_in: str) -> None:
        """The first bad rows in full, the rest counted."""
        for problem in problems[:PROBLEMS_SHOWN]:
            self.say(f"  {problem.sentence()}")
        if total > PROBLEMS_SHOWN:
            where = f" All of them are in {kept_in}." if kept_in else " Keep them all with --rejects FILE."
            self.say(f"  … and {total - PROBLEMS_SHOWN:,} more.{where}")

    @contextmanager
    def progress(self, label: str, total: float | None) -> "Iterator[Advance]":
        """A bar on a terminal, nothing elsewhere; gives a function to call with (done, total)."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
        )
        disable = self.quiet or not self.console.is_terminal
        with Progress(*columns, console=self.console, disable=disable, transient=True) as bar:
            yield Advance(bar, bar.add_task(label, total=total, note=""))

    @contextmanager
    def count(self, label: str, total: int) -> "Iterator[Advance]":
        """Like `progress`, for things that are counted one by one; its line stays when it is done."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        disable = self.quiet or not self.console.is_terminal
        with Progress(*columns, console=self.console, disable=disable) as bar:
            yield Advance(bar, bar.add_task(label, total=total, note=""))


class Advance:
    """Move one bar."""

    def __init__(self, bar: Progress, task: object) -> None:
        self._bar = bar
        self._task = task

    def __call__(self, done: float, total: float | None = None, note: str = "") -> None:
        """Say how much is done, of how much, and a few words beside the bar."""
        self._bar.update(self._task, completed=done, total=total, note=escape(note))  # type: ignore[arg-type]

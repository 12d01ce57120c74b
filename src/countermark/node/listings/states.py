"""How one go at an import ended."""

from enum import StrEnum


class ImportOutcome(StrEnum):
    """What became of a claimed import."""

    DONE = "done"
    FAILED = "failed"  # nothing of the file could be read, or it was tried too often
    CANCELLED = "cancelled"
    RELEASED = "released"  # the worker was told to stop; another goes on where it stood
    RETRY = "retry"  # an error; it waits for another try
    LOST = "lost"  # another worker has it; nothing was written


class ImportState(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: Nothing more happens to an import in one of these.
ENDED = frozenset({ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED})

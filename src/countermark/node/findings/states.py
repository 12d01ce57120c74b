"""Where a scan, or a finding, stands."""

from enum import StrEnum


class ScanState(StrEnum):
    """Life of a scan. Its parts are claimed by workers; the scan itself only adds up what they did."""

    QUEUED = "queued"
    PREPARING = "preparing"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: Nothing more happens to a scan in one of these.
ENDED = frozenset({ScanState.DONE, ScanState.FAILED, ScanState.CANCELLED})


class FindingState(StrEnum):
    """Where a finding stands: the first three wait for a person, the last two were overtaken by a later scan."""

    OPEN = "open"  # nobody has decided it
    SECOND_LOOK = "second_look"  # one person was unsure; someone else decides
    ESCALATED = "escalated"  # counsel or an administrator decides
    DECIDED = "decided"
    SUPERSEDED = "superseded"  # a later finding of the same listing and house took its place
    LAPSED = "lapsed"  # a later scan of the same listing no longer finds it


#: The queues: findings that wait for a person.
WAITING = frozenset({FindingState.OPEN, FindingState.SECOND_LOOK, FindingState.ESCALATED})


class PartOutcome(StrEnum):
    """How a worker's turn at one part of a scan ended."""

    DONE = "done"
    RELEASED = "released"  # the worker was told to stop; the part is free for another
    CANCELLED = "cancelled"
    LOST = "lost"  # the claim had ended and another worker has the part: nothing was written
    FAILED = "failed"
    RETRY = "retry"  # this try failed; the part is queued for another

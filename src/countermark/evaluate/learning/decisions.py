"""What people decided about findings: the reasons as values, the answer, and when. One JSON object a line."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from countermark.formats.limits import Limits
from countermark.formats.lines import read_lines
from countermark.formats.moments import read_moment
from countermark.formats.opening import open_source
from countermark.formats.problems import Unfit
from countermark.formats.streams import ByteStream, Utf8Stream
from countermark.formats.writing import whole_file
from countermark.model import Finding, InvalidRecord, to_json
from countermark.model.decoding import decode

#: More decisions than any house makes in years; beyond, the file is a mistake.
MOST = 5_000_000


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """One decision about one finding. It names no person: who decided is nobody's business here.

    Attributes:
        finding_id: `fnd_…`.
        infringing: what was decided.
        decided_at: when, with its zone.
        signals: name of each reason to its value in [0, 1].
        risk: stated by the finding, in [0, 1]; None when not kept.
    """

    finding_id: str
    infringing: bool
    decided_at: datetime
    signals: dict[str, float]
    risk: float | None = None


def decided(finding: Finding, *, infringing: bool, at: datetime) -> Decided:
    """A decision about a finding, as it is kept for learning."""
    return Decided(
        finding_id=finding.id,
        infringing=infringing,
        decided_at=at,
        signals={reason.signal: reason.value for reason in finding.reasons},
        risk=finding.risk,
    )


def last_of_each(decisions: Iterable[Decided]) -> list[Decided]:
    """Of several decisions about one finding the last; oldest first, by finding where two are of one moment."""
    last = {row.finding_id: row for row in sorted(decisions, key=_in_time)}
    return sorted(last.values(), key=_in_time)


def _in_time(row: Decided) -> tuple[datetime, str]:
    return row.decided_at, row.finding_id


def read_decisions(source: str | Path | BinaryIO) -> Iterator[Decided]:
    """Read decisions from JSON Lines. What is learned decides about people, so one bad row refuses the file.

    Raises:
        UnreadableSource: when there is no such file.
        InvalidRecord: by row, for what is no decision, a time without zone or not yet come, or a value outside [0, 1].
    """
    with open_source(source) as (raw, name):
        lines = read_lines(Utf8Stream(ByteStream(raw, name)), Limits().record_bytes, accept_tail=lambda: True)
        for number, line in enumerate((line for some in lines for line in some), start=1):
            if line is None or number > MOST:
                raise _bad(name, number, "the row or the file is too long")
            if line.strip():
                yield _checked(line, name, number)


def write_decisions(target: Path, rows: Iterable[Decided]) -> int:
    """Write decisions as JSON Lines, whole or not at all; gives how many."""
    count = 0
    with whole_file(target) as file:
        for row in rows:
            count += file.write(to_json(row) + b"\n") > 0
    return count


def _checked(line: bytes, name: str, number: int) -> Decided:
    try:
        row = decode(line, Decided)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(name, number, str(error).rstrip(".")[:200]) from error
    if row.decided_at.utcoffset() is None:
        raise _bad(name, number, "decided_at has no zone")
    try:
        # One dated ahead would be the newest for ever: it would measure every policy and train none.
        read_moment(row.decided_at, datetime.now(UTC))
    except Unfit as error:
        raise _bad(name, number, "decided_at is before 1990 or has not come yet") from error
    values = [*row.signals.values(), *(() if row.risk is None else (row.risk,))]
    if not all(0 <= value <= 1 for value in values):
        raise _bad(name, number, "a value lies outside 0 to 1")
    return row


def _bad(name: str, number: int, why: str) -> InvalidRecord:
    return InvalidRecord(
        "decisions",
        f"{name}, row {number}: {why}.",
        "Write one object a line: finding_id, infringing, decided_at with its zone, signals.",
    )

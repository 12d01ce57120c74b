"""Batches for the Transparency Database, and what its answers mean. Sends nothing itself.

Source: §2.3 of the catalogue: at most 100 statements a call, one wrong one refuses all, success on 201 alone, a
duplicate identifier answers with what exists.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from countermark.law.statement.faults import Fault, fault
from countermark.law.statement.validating import Checked

#: Statements in one call.
LARGEST_BATCH = 100


class Verdict(StrEnum):
    """What to do after an answer."""

    STORED = "stored"  # it is in the database
    ALREADY_THERE = "already_there"  # an earlier try of the same statement got through: as good as stored
    MEND = "mend"  # fields are wrong: mend, then send with the same identifier
    TOKEN = "token"  # noqa: S105 - the credential is not accepted; a person must look
    AGAIN = "again"  # nothing was stored: the same bytes again, later


class Answer(msgspec.Struct, frozen=True):
    """An answer of the database.

    Attributes:
        verdict: what to do.
        errors: field to what the database says; for a batch `statement_3.field`.
    """

    verdict: Verdict
    errors: dict[str, tuple[str, ...]] = {}


def batches(checked: Sequence[Checked]) -> Iterator[list[dict[str, Any]]]:
    """Calls of at most 100 statements, in order; only those that can be sent.

    Raises:
        ValueError: one identifier stands twice; the database would refuse the batch.
    """
    ready = [one.statement for one in checked if one.can_be_sent]
    puids = [one["puid"] for one in ready]
    if len(set(puids)) != len(puids):
        raise ValueError("an identifier (puid) stands twice")
    for place in range(0, len(ready), LARGEST_BATCH):
        yield ready[place : place + LARGEST_BATCH]


def doubled(checked: Sequence[Checked]) -> dict[str, Fault]:
    """Identifiers that stand more than once, to be mended before `batches`."""
    times = Counter(puid for one in checked if isinstance(puid := one.statement.get("puid"), str))
    twice = sorted(puid for puid, number in times.items() if number > 1)
    return {one: fault("puid", "puid", "Make a new one.", "The identifier is used twice.") for one in twice}


def read_answer(status: int, body: object) -> Answer:
    """What an answer means.

    Args:
        status: of HTTP.
        body: parsed JSON, or None where there was none.
    """
    if status == 201:
        return Answer(Verdict.STORED)
    content = body if isinstance(body, Mapping) else {}
    if status == 422:
        if content.get("existing"):
            return Answer(Verdict.ALREADY_THERE)
        return Answer(Verdict.MEND, dict(_errors(content.get("errors"))))
    if status in (401, 403):
        return Answer(Verdict.TOKEN)
    return Answer(Verdict.AGAIN)


def _errors(errors: object, before: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(errors, Mapping):
        return
    for name, said in errors.items():
        where = f"{before}{name}"[:80]
        if isinstance(said, Mapping) and not before:
            yield from _errors(said, f"{where}.")
        elif isinstance(said, list):
            yield where, tuple(str(one)[:200] for one in said[:10])

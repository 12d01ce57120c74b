"""What an answer of the Transparency Database means for each statement of a call.

Sources: §2.3 of the rule catalogue; `StatementMultipleAPIController` and `PuidNotUniqueMultipleException` of the
database's source: one call of many is taken whole or not at all, and a duplicate is named in `errors.existing_puids`
where the call for one statement names it in `existing`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from countermark.law.statement.sending import Verdict, read_answer
from countermark.node.channels.connector import Again, Arrived, Outcome, Refused, TryLater
from countermark.node.channels.line import Reply
from countermark.node.channels.standing import HOUR
from countermark.node.channels.statuses import Status

_MEND = "Correct the texts below, then send it again; it keeps its identifier."


def outcomes(reply: Reply, puids: Sequence[str]) -> list[Outcome]:
    """An outcome for each statement of a call, in order.

    Raises:
        TryLater: nothing can be said of any: too many calls, the token, an error of the database.
    """
    if reply.status == 422 and (known := _existing(reply.said, puids)):
        return [Arrived("", "existing", Status.RECEIVED) if one in known else Again() for one in puids]
    answer = read_answer(reply.status, reply.said)
    match answer.verdict:
        case Verdict.STORED:
            return [Arrived(_uuid(reply.said, one), "created", Status.RECEIVED) for one in puids]
        case Verdict.MEND:
            return _wrong(answer.errors, len(puids))
        case Verdict.TOKEN:
            raise TryLater(
                "token",
                f"The database does not accept the token (HTTP {reply.status}).",
                mend="Make a new token in the profile at the database and put it into COUNTERMARK_DSA_TOKEN_FILE.",
                retry_after=HOUR,
            )
        case _:
            raise later(reply)


def later(reply: Reply) -> TryLater:
    """For an answer after which only waiting helps; after 5xx the call may have been taken."""
    if reply.status == 429:
        return TryLater("too-many", "The database asks for fewer calls.", retry_after=reply.retry_after)
    return TryLater(
        "their-error",
        f"The database answered with HTTP {reply.status}.",
        retry_after=reply.retry_after,
        nothing_sent=reply.status < 500,
    )


def _existing(said: Any, puids: Sequence[str]) -> frozenset[str]:
    """Identifiers that the answer names as being there, of those that were asked."""
    if not isinstance(said, Mapping):
        return frozenset()
    one, errors = said.get("existing"), said.get("errors")
    many = errors.get("existing_puids") if isinstance(errors, Mapping) else None
    found = {one.get("puid")} if isinstance(one, Mapping) else set(one) if isinstance(one, list) else set()
    if isinstance(one, Mapping) and len(puids) == 1:
        found.add(puids[0])
    if isinstance(many, list):
        found |= {text for text in many if isinstance(text, str)}
    return frozenset(puids) & {text for text in found if isinstance(text, str)}


def _uuid(said: Any, puid: str) -> str:
    rows = said.get("statements", [said]) if isinstance(said, Mapping) else []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and row.get("puid") == puid:
            return str(row.get("uuid", ""))[:60]
    return ""


def _wrong(errors: Mapping[str, Sequence[str]], number: int) -> list[Outcome]:
    """One wrong statement makes the database refuse all: that one is mended, the others go again."""
    if number == 1:
        return [Refused("refused", _words(errors), _MEND)]
    found: list[Outcome] = []
    for place in range(number):
        start = f"statement_{place}."
        own = {name.removeprefix(start): said for name, said in errors.items() if name.startswith(start)}
        found.append(Refused("refused", _words(own), _MEND) if own else Again())
    return found


def _words(errors: Mapping[str, Sequence[str]]) -> str:
    lines = (f"{name.rpartition('.')[2]}: {' '.join(said)}" for name, said in errors.items())
    return " ".join(lines) or "The database refused it and did not say why."

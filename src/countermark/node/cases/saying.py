"""Say something to the partner: previewed, permitted, signed, and taken into our own case, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from countermark.node.cases.permits import Draft, Under, as_values, require
from countermark.node.exchange.appending import Statement, append_all
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.rules.previewing import Preview, outgoing
from countermark.node.parties.access import Member
from countermark.proof.commitments import Carried


@dataclass(frozen=True, slots=True)
class Said:
    """One entry that was said, and the fields that left with it."""

    draft: Draft
    entry: FeedEntry
    fields: dict[str, object]


def permitted(member: Member, where: Under, draft: Draft) -> Preview:
    """What would leave, if the member may say it.

    Raises:
        NotPermitted, Conflict: the agreement does not allow it, with its sentence.
    """
    seen = where.preview(member, draft)
    require(where.permit(member, draft, seen))
    return seen


def statement_of(draft: Draft, seen: Preview, key: str = "") -> Statement:
    """The entry that a preview becomes: what it shows and nothing else.

    Raises:
        Invalid: nothing would reach the partner.
    """
    if draft.carried is not None:
        return Statement(
            type=draft.type,
            subject=draft.subject,
            purpose=draft.purpose,
            data_class=seen.data_class,
            beside=draft.carried,
            retain_until=seen.retain_until,
            key=key,
        )
    leaves = outgoing(seen)
    return Statement(
        type=draft.type,
        subject=draft.subject,
        purpose=draft.purpose,
        data_class=leaves.data_class,
        data=leaves.open,
        beside=None if leaves.beside is None else Carried.with_salt(leaves.beside),
        retain_until=leaves.retain_until,
        key=key,
    )


def say(member: Member, where: Under, drafts: Sequence[Draft], keys: Sequence[str] = ()) -> list[Said]:
    """Say several things in order, all of them or none. In a transaction.

    Bytes of a file whose content the agreement does not name are left out; the preview says so.

    Raises:
        NotPermitted, Conflict, Invalid; Refused when something is too large.
    """
    going: list[tuple[Draft, Preview]] = []
    for draft in drafts:
        if draft.is_bytes and not where.preview(member, draft).shown:
            continue
        going.append((draft, permitted(member, where, draft)))
    named = dict(zip(map(id, drafts), keys, strict=False))
    statements = [statement_of(draft, seen, named.get(id(draft), "")) for draft, seen in going]
    rows = append_all(where.agreement, statements)
    return [
        Said(draft, row, {} if draft.is_bytes else as_values(seen.shown))
        for (draft, seen), row in zip(going, rows, strict=True)
    ]

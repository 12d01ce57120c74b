"""The history of a case: one line for each entry of either side, in one order on both nodes."""

from collections.abc import Mapping

from countermark.node.cases.models import Case, CaseEvent, SharedItem
from countermark.node.cases.naming import names_of_items
from countermark.node.cases.reading import Reader, Words
from countermark.node.cases.settling import order
from countermark.node.cases.shown import History, HistoryLine, Who
from countermark.node.cases.states import AttachedKind, CaseEntry
from countermark.node.parties.permissions import Permission

#: Lines on one page, at most.
MOST_LINES = 200
_LOADED = ("entry__beside", "entry__deletion", "entry__feed__agreement")
_CORRECTABLE = frozenset({CaseEntry.COMMENTED, CaseEntry.OPENED})
_Names = Mapping[tuple[str, str], tuple[str, bool, SharedItem | None]]


def lines_of(reader: Reader, case: Case, cursor: str, size: int) -> History:
    """One page of the history, newest first; `cursor` is the entry after which it goes on, empty for the newest."""
    every = list(CaseEvent.objects.filter(case=case).exclude(type=CaseEntry.FILE))
    every.sort(key=order, reverse=True)
    corrected = {event.corrects: event.entry_hash for event in reversed(every) if event.corrects}
    places = {event.entry_hash: place for place, event in enumerate(every)}
    start = places[cursor] + 1 if cursor in places else 0
    size = max(1, min(size, MOST_LINES))
    page = every[start : start + size]
    loaded = {row.pk: row for row in CaseEvent.objects.filter(pk__in=[one.pk for one in page]).select_related(*_LOADED)}
    items = [(kind, ref) for event in page for kind, ref in event.items]
    names = names_of_items(reader, [one for one in items if one[0] != AttachedKind.FILE])
    may_edit = reader.member.may(Permission.CASES_EDIT)
    lines = tuple(
        _line(reader, loaded[event.pk], names, corrected.get(event.entry_hash, ""), may_edit=may_edit) for event in page
    )
    return History(lines, page[-1].entry_hash if start + size < len(every) else None, len(every))


def _line(reader: Reader, event: CaseEvent, names: _Names, corrected_by: str, *, may_edit: bool) -> HistoryLine:
    words = reader.words(event.entry)
    ours = event.party == reader.where.party
    return HistoryLine(
        entry=event.entry_hash,
        type=event.type,
        author=_author(reader, event, words),
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        text=words.text("text") or words.text("title"),
        summary=words.text("summary"),
        assigned_to=reader.who(event.assigned_to) if event.assigned_to else None,
        due_on=event.due_on,
        outcome=event.outcome,
        items=tuple(_item(kind, ref, words, names) for kind, ref in event.items),
        mentions=tuple(reader.who(one) for one in words.texts("mentions")),
        corrects=event.corrects,
        corrected_by=corrected_by,
        deleted_on=words.deleted_on,
        deleted_why=words.deleted_why,
        editable=ours and may_edit and event.type in _CORRECTABLE and words.deleted_on is None,
    )


def _author(reader: Reader, event: CaseEvent, words: Words) -> Who:
    if not event.author:
        return reader.who(event.party)
    return reader.who(f"{event.party}/{event.author}", words.text("author_name"))


def _item(kind: str, ref: str, words: Words, names: _Names) -> tuple[str, str, str]:
    if kind == AttachedKind.FILE:
        return kind, ref, words.text("name")
    return kind, ref, names.get((kind, ref), ("", False, None))[0]

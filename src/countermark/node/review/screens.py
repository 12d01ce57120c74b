"""The whole review screen in few questions to the database: what is read once is used for rail and item alike."""

from dataclasses import replace

from countermark.node.findings.choices import choices
from countermark.node.findings.counting import Count, ask
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.paging import in_rows, shown_page
from countermark.node.findings.querying import ORDER, after
from countermark.node.findings.states import FindingState
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import history, opening
from countermark.node.review.items import COUNT_CAP, compose_with
from countermark.node.review.opening import CANDIDATES, Opened
from countermark.node.review.queueing import in_queue, workable
from countermark.node.review.shown import ReviewScreen

#: Lines of the rail.
RAIL = 50


def queues_of(member: Member) -> tuple[FindingState, ...]:
    """The queues that the member may see."""
    seen = (FindingState.OPEN, FindingState.SECOND_LOOK)
    return (*seen, FindingState.ESCALATED) if member.may(Permission.REVIEW_DECIDE_ESCALATED) else seen


def length_questions(member: Member) -> list[Count]:
    """How long each of `queues_of` is, as questions."""
    everything = FindingFilters()
    filters = [replace(everything, states=frozenset({state})) for state in queues_of(member)]
    return [Count(in_queue(member, one), COUNT_CAP) for one in filters]


def open_screen(member: Member, filters: FindingFilters, cursor: str, core_id: str) -> ReviewScreen:
    """See `services.open_screen`."""
    opened, around = None, filters
    if core_id:
        opened = opening.one(member, core_id)
        around = opening.queue_around(opened.finding, filters)
    rows = _rail(member, filters, cursor)
    while not core_id and rows and opened is None:
        opened = _first_of(member, rows)
        if opened is None:  # others were faster with all of them
            rows = _rail(member, filters, cursor)
    questions = length_questions(member)
    if opened is None:
        item, lengths = None, tuple(ask(questions))
        row = history.undoable_of(member).first()
        undoable = history.shown(row, member) if row else None
    else:
        item, lengths = compose_with(member, opened.finding, opened.lease, around, opened.next_ids, questions)
        undoable = item.undoable
    return ReviewScreen(
        item=item,
        rail=shown_page(rows, RAIL),
        lengths=dict(zip(queues_of(member), lengths, strict=True)),
        choices=choices(member),
        undoable=undoable,
    )


def _rail(member: Member, filters: FindingFilters, cursor: str) -> list[Finding]:
    page = after(workable(member, filters), Cursor.read(cursor)).order_by(*ORDER)
    return list(in_rows(page)[: RAIL + 1])


def _first_of(member: Member, rows: list[Finding]) -> Opened | None:
    taken = opening.take_first(member, rows[:CANDIDATES])
    if taken is None:
        return None
    place, lease = taken
    finding = opening.with_holder(Finding.objects.filter(pk=rows[place].pk)).get()
    return Opened(finding, lease, opening.ids_after(rows, place))

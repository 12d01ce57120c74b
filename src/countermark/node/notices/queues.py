"""Lists of notices: by whose move it is, what is due first at the top; by stage, the newest first. Bounded always."""

from datetime import date

from django.db.models import Q, QuerySet

from countermark.law.deadlines import Deadline, day_in
from countermark.node.kernel.pages import LARGEST_PAGE, page_by_row
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer
from countermark.node.notices.models import Notice
from countermark.node.notices.moves import AUTHORITY, HOLDER, PLATFORM, SELLER, Move, next_move
from countermark.node.notices.shown import NoticePage, NoticeRow
from countermark.node.notices.states import STAGE_WORDS, Side, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

#: Whose move: code to words, in the order of the screens. `mine` and `theirs` are those of the two parties.
WHOSE_WORDS = {
    "mine": "Our move",
    "first": "Our move, trusted flaggers",
    "theirs": "The partner's move",
    "seller": "The seller may answer",
    "authority": "With a court or an authority",
    "overdue": "Overdue, whoever's move",
    "due": "With a day, whoever's move",
}
#: Whose lateness is nobody's fault: a chance that passed, a court.
_NEVER_LATE = (SELLER, AUTHORITY)


def notices(member: Member, stage: str = "", cursor: str = "", size: int = 50) -> NoticePage:
    """One page of notices, newest first, of one `Stage` or (empty) of all. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    rows = _own(member)
    if stage in set(Stage):
        rows = rows.filter(stage=stage)
    found, following = page_by_row(rows, cursor, size)
    return NoticePage(tuple(row_shown(one) for one in found), following)


def by_move(member: Member, whose: str, cursor: str = "", size: int = 50) -> NoticePage:
    """One page of notices in which a move is open, what is due first at the top, those without a day at the end.

    Args:
        member: whose organisation.
        whose: a key of `WHOSE_WORDS`.
        cursor: what the page before gave.
        size: rows wanted.

    Raises:
        NotPermitted (NOTICES_VIEW).
    """
    member.require(Permission.NOTICES_VIEW)
    rows, size = _whose(member, whose), max(1, min(size, LARGEST_PAGE))
    after = _Cursor.read(cursor)
    found: list[Notice] = []
    if after is None or after.due is not None:
        dated = rows.filter(due__isnull=False)
        if after is not None:
            dated = dated.filter(Q(due__gt=after.due) | Q(due=after.due, pk__gt=after.row), due__gte=after.due)
        found = list(dated.order_by("due", "pk")[: size + 1])
    if len(found) <= size and whose not in {"overdue", "due"}:
        undated = rows.filter(due__isnull=True)
        if after is not None and after.due is None:
            undated = undated.filter(pk__gt=after.row)
        found += undated.order_by("pk")[: size + 1 - len(found)]
    following = _Cursor(found[size - 1].due, found[size - 1].pk).text() if len(found) > size else None
    return NoticePage(tuple(row_shown(one) for one in found[:size]), following)


def with_a_day(member: Member, size: int) -> list[Notice]:
    """Notices in which a move is open that has a day, what is due first at the top. NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    return list(_whose(member, "due").filter(due__isnull=False).order_by("due", "pk")[:size])


def row_shown(one: Notice) -> NoticeRow:
    """A notice (with its agreement) as a line of a list: where it stands, whose move, by when and by what."""
    matter = lawyer.read(one.matter)
    today = day_in(now(), matter.zone)
    move = next_move(Stage(one.stage), matter, today)
    due = move.clock.due if move.clock else None
    return NoticeRow(
        id=one.public_id,
        side=one.side,
        stage=one.stage,
        stage_words=STAGE_WORDS[Stage(one.stage)],
        title=one.title,
        brand=one.brand,
        partner=one.other_side,
        regime=one.regime,
        law=lawyer.regime(one.regime).file.title,
        made_at=one.made_at,
        filed_at=one.filed_at,
        due=move.by,
        due_who=move.who.replace("_", " "),
        due_title=move.clock.title if move.clock else "",
        due_called=due.called if due and move.by else "",
        firm=not isinstance(due, Deadline) or due.is_firm,
        mine=bool(move.who) and move.who == ours(one.side),
        over=_is_late(move, today),
    )


def ours(side: str) -> str:
    """What the regimes call us, who sent or received a notice."""
    return HOLDER if side == Side.SENT else PLATFORM


def _is_late(move: Move, today: date) -> bool:
    return move.by is not None and move.by < today and move.who not in _NEVER_LATE


def _own(member: Member) -> QuerySet[Notice]:
    return (
        Notice.objects.filter(organisation_id=member.organisation_id)
        .select_related("agreement", "channel")
        .defer("paper")
    )


def _whose(member: Member, whose: str) -> QuerySet[Notice]:
    rows, market = _own(member), member.organisation_kind is OrganisationKind.MARKETPLACE
    us, them = (PLATFORM, HOLDER) if market else (HOLDER, PLATFORM)
    exact = {"mine": us, "theirs": them, "seller": SELLER, "authority": AUTHORITY}.get(whose)
    if exact is not None:
        return rows.filter(due_who=exact)
    if whose == "first":
        return rows.filter(side=Side.RECEIVED, due_who=us, law_state="priority_review")
    if whose == "overdue":
        return rows.filter(due__lt=now().date()).exclude(due_who__in=_NEVER_LATE)
    return rows.exclude(due_who="") if whose == "due" else rows.none()


class _Cursor:
    """Where a page ended: the day (none at the end) and the row."""

    def __init__(self, due: date | None, row: int) -> None:
        self.due, self.row = due, row

    def text(self) -> str:
        return f"{self.due.isoformat() if self.due else ''}_{self.row}"

    @classmethod
    def read(cls, text: str) -> "_Cursor | None":
        day, found, row = text.partition("_")
        if not found or not (row.isascii() and row.isdigit() and len(row) < 19):
            return None
        try:
            return cls(date.fromisoformat(day) if day else None, int(row))
        except ValueError:
            return None

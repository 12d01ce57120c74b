"""The log from which figures of notices are counted, and as a file that anybody can count again."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from countermark.node.insight.notice_figures import Line, NoticeFigures, count
from countermark.node.kernel.cells import harmless
from countermark.node.kernel.errors import Invalid
from countermark.node.notices import papers
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.states import Deed
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.review.models import Decision
from countermark.node.review.verdicts import Verdict

_CHUNK = 2000
#: Deeds that a machine may ever have done alone: none decides by itself here, so that the count proves it.
_DECIDED = frozenset({Deed.REMOVE, Deed.PARTLY, Deed.REFUSE})
COLUMNS = Line.__struct_fields__


def figures(member: Member, first: date, last: date) -> NoticeFigures:
    """Figures of a period of the member's organisation. Raises NotPermitted (NOTICES_VIEW), Invalid (the period)."""
    _check(first, last)
    return count(lines(member), first, last)


def figures_of_law(member: Member, first: date, last: date, regime: str) -> NoticeFigures:
    """The same of the notices under one law, with what was done without a notice. Raises as `figures`."""
    _check(first, last)
    return count((one for one in lines(member) if one.regime in {regime, ""}), first, last)


def _check(first: date, last: date) -> None:
    if first > last:
        raise Invalid.of("first", "period", "It begins after its end.", "Swap the days.")


def lines(member: Member) -> Iterator[Line]:
    """Every line of the log, in the order of writing. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    return _lines(member)


def _lines(member: Member) -> Iterator[Line]:
    notices = {
        row["pk"]: row
        for row in Notice.objects.filter(organisation_id=member.organisation_id)
        .values("pk", "public_id", "regime", "seller", "paper")
        .iterator(chunk_size=_CHUNK)
    }
    grounds = {key: papers.read(row["paper"]).ground for key, row in notices.items()}
    rows = Happening.objects.filter(notice__organisation_id=member.organisation_id).order_by("pk")
    wanted = ("notice_id", "number", "deed", "event", "reason", "actor", "at")
    for row in rows.values(*wanted).iterator(chunk_size=_CHUNK):
        notice = notices[row["notice_id"]]
        yield Line(
            notice=notice["public_id"],
            number=row["number"],
            deed=row["deed"],
            event=row["event"],
            regime=notice["regime"],
            reason=row["reason"],
            ground=grounds[row["notice_id"]],
            seller=notice["seller"],
            automated=row["deed"] in _DECIDED and row["actor"] in {"node", "worker"},
            at=row["at"],
        )
    if member.organisation_kind is OrganisationKind.MARKETPLACE:
        yield from _own_initiative(member)


def _own_initiative(member: Member) -> Iterator[Line]:
    """Findings that officers of a marketplace upheld on an offer of which no notice had come before."""
    noticed: dict[str, datetime] = {}
    received = Notice.objects.filter(organisation_id=member.organisation_id).exclude(listing="")
    for listing, at in received.values_list("listing", "made_at"):
        noticed[listing] = min(at, noticed.get(listing, at))
    rows = Decision.objects.filter(
        organisation_id=member.organisation_id, verdict=Verdict.INFRINGING, superseded_by=None
    ).order_by("pk")
    seen: set[str] = set()
    values = ("finding__core_id", "finding__seller_core_id", "listing__core_id", "at")
    for finding, seller, listing, at in rows.values_list(*values).iterator(chunk_size=_CHUNK):
        if listing in seen or (listing in noticed and noticed[listing] <= at):
            continue
        seen.add(listing)
        yield Line(
            notice=finding,
            number=1,
            deed="own",
            event="",
            regime="",
            reason="",
            ground="",
            seller=seller,
            automated=False,
            at=at,
        )


def written(found: Iterator[Line]) -> Iterator[str]:
    """The log as CSV; moments in UTC. It names offers and shops by ids alone."""
    yield row(COLUMNS)
    for line in found:
        yield row([_cell(getattr(line, name)) for name in COLUMNS])


def read_back(text: str) -> list[Line]:
    """A log from its CSV, to count it again elsewhere."""
    rows = csv.DictReader(io.StringIO(text))
    return [
        Line(
            notice=row["notice"],
            number=int(row["number"]),
            deed=row["deed"],
            event=row["event"],
            regime=row["regime"],
            reason=row["reason"],
            ground=row["ground"],
            seller=row["seller"],
            automated=row["automated"] == "yes",
            at=datetime.fromisoformat(row["at"]),
        )
        for row in rows
    ]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def row(cells: Sequence[str]) -> str:
    """One line of CSV; no cell starts a formula."""
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()

"""Deadlines as a calendar of RFC 5545: one all-day event for each clock that runs and has a day.

An event is named by its notice (or proceeding) and its rule, so a clock that starts anew moves its event; the sequence
is the number of things that were written in it, which only grows. Events hold no title of an offer and no name of a
person.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from countermark.law.deadlines import day_in
from countermark.law.matter import Matter
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer, queues
from countermark.node.notices.clocks import clock_shown
from countermark.node.notices.shown import ClockShown
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Notices of one calendar, what is due first; more than that is no calendar but a list.
MOST = 500
_REFRESH = timedelta(hours=1)


def calendar_for(member: Member, address: Callable[[str], str], more: Iterable[Event] = ()) -> bytes:
    """The deadlines of the member's organisation, as a file of iCalendar.

    Args:
        member: who reads.
        address: gives the address of a notice's page.
        more: events of other rooms (`events_of`).

    Raises:
        NotPermitted (NOTICES_VIEW).
    """
    member.require(Permission.NOTICES_VIEW)
    calendar = Calendar()
    calendar.add("prodid", "-//Countermark//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Countermark: deadlines")
    calendar.add("x-wr-calname", "Countermark: deadlines")
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for notice in queues.with_a_day(member, MOST):
        about = f"{notice.brand} at {notice.other_side}"
        for event in events_of(lawyer.read(notice.matter), notice.public_id, about, address(notice.public_id)):
            calendar.add_component(event)
    for event in more:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def events_of(matter: Matter, name: str, about: str, page: str, sequence: int | None = None) -> Iterator[Event]:
    """One event for each clock of a matter that has a day.

    Args:
        matter: as it stands.
        name: id of what it belongs to; with the rule it names the event.
        about: whose deadline it is, in a few words that name no person.
        page: address of its page.
        sequence: how often it was written in; None = what happened is never taken back, so its number says it.
    """
    today = day_in(now(), matter.zone)
    # Where a rule runs twice, the later clock is the one that counts.
    clocks = {one.rule: one for one in matter.running if one.due and one.due.last}
    for rule, clock in clocks.items():
        shown = clock_shown(clock, matter, today)
        if shown.last is not None:
            event = _event(matter, f"{name}.{rule}", about, shown, shown.last, page)
            event.add("sequence", len(matter.log) if sequence is None else sequence)
            yield event


def _event(matter: Matter, name: str, about: str, shown: ClockShown, last: date, page: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@{settings.COUNTERMARK_NODE_NAME or 'countermark'}")
    event.add("dtstamp", matter.latest.astimezone(UTC))
    event.add("last-modified", matter.latest.astimezone(UTC))
    event.add("dtstart", shown.first or last)
    event.add("dtend", last + timedelta(days=1))
    mark = "" if shown.firm else "Provisional: "
    event.add("summary", f"{mark}{shown.title} ({shown.who}), {about}")
    event.add("description", _words(shown))
    event.add("status", "CONFIRMED" if shown.firm else "TENTATIVE")
    event.add("categories", [shown.called])
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    event.add("url", page)
    return event


def _words(shown: ClockShown) -> str:
    sources = "; ".join(f"{norm} ({read})" for norm, read in shown.sources)
    lines = [
        f"{shown.called.capitalize()}. Whose move: {shown.who}.",
        shown.says,
        f"Rule {shown.rule}. {sources}",
        f"Counted by {shown.counting} Calendar: {shown.calendar}, {shown.zone}.",
        *shown.alerts,
    ]
    if shown.other:
        lines.append(f"The norm can also be read so that the last day is {shown.other.isoformat()}.")
    return "\n".join(lines)

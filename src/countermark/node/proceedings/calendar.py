"""The clocks of proceedings for calendar programs, beside those of notices."""

from collections.abc import Callable, Iterator

from icalendar import Event

from countermark.node.notices import lawyer
from countermark.node.notices.calendar_feed import events_of
from countermark.node.parties.access import Member
from countermark.node.proceedings.selectors import with_a_day


def events(member: Member, address: Callable[[str], str]) -> Iterator[Event]:
    """One event for each clock that runs and has a day; what a proceeding is about stays behind its link.

    Args:
        member: who reads.
        address: gives the address of a proceeding's page.

    Raises:
        NotPermitted (NOTICES_VIEW).
    """
    for row in with_a_day(member):
        matter = lawyer.read(row.matter)
        title = lawyer.law_for_screens(matter).file.title
        yield from events_of(matter, row.public_id, title, address(row.public_id), row.steps.count())

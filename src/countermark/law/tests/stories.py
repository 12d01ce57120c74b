"""The same story told under each law: a notice, an answer, and what becomes of the listing."""

from datetime import UTC, datetime, timedelta

from countermark.law.advancing import advance
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Event, Matter, open_matter
from countermark.law.regime import Regime

BOOK = shipped_lawbook()


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


class Story:
    """A matter and the events told to it; facts that an event needs are filled in unless told otherwise."""

    def __init__(self, regime_id: str, day: str, place: str = "", facts: frozenset[str] = frozenset()) -> None:
        self.regime: Regime = BOOK.regime(regime_id)
        self.matter: Matter = open_matter(self.regime, noon(day) - timedelta(hours=1), place=place, facts=facts)

    def tell(self, name: str, day: str, by: str = "", *, without: str = "", automatic: bool = False) -> Matter:
        event = self.event(name, day, by, without=without, automatic=automatic)
        self.matter = advance(self.regime, self.matter, event).matter
        return self.matter

    def event(self, name: str, day: str, by: str = "", *, without: str = "", automatic: bool = False) -> Event:
        assert self.regime.file.procedure is not None
        moves = [move for move in self.regime.file.procedure.moves if move.event == name]
        fitting = [m for m in moves if self.matter.state in m.leaving or "*" in m.leaving] or moves
        needs = [fact for move in fitting[:1] for fact in (*move.needs, *move.if_automatic) if fact != without]
        actor = by or fitting[0].by[0]
        return Event(name=name, at=noon(day), by=actor, facts=dict.fromkeys(needs, "ref-1"), automatic=automatic)


def china_goods(arrival: str = "2026-09-17") -> Story:
    story = Story("cn-goods", "2026-09-01")
    story.tell("notice", "2026-09-01")
    story.tell("take_measures", "2026-09-02")
    story.tell("forward_notice", "2026-09-02")
    story.tell("statement", "2026-09-10")
    story.tell("forward_statement", "2026-09-11")
    story.tell("statement_arrived", arrival)
    return story


def china_copyright() -> Story:
    story = Story("cn-copyright", "2026-09-01")
    story.tell("notice", "2026-09-01")
    story.tell("remove", "2026-09-01")
    story.tell("explain", "2026-09-10")
    return story


def dmca(received: str = "2026-11-16") -> Story:
    story = Story("us-dmca", "2026-11-02" if received.startswith("2026-11") else "2026-06-01")
    day = story.matter.opened.astimezone(UTC).date().isoformat()
    story.tell("notice", day)
    story.tell("remove", day)
    story.tell("counter", received)
    story.tell("send_copy", received)
    return story


def dsa(facts: frozenset[str] = frozenset()) -> Story:
    story = Story("eu-dsa", "2026-08-31", place="DE", facts=facts)
    story.tell("notice", "2026-08-31")
    story.tell("restrict", "2026-08-31")
    return story

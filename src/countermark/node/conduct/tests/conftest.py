"""A marketplace with people for each look, and a shop against which notices were upheld."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from countermark.node.conduct import measures, telling
from countermark.node.conduct.measures import Wanted
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.telling import Delivery
from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys
from countermark.node.kernel.time import now
from countermark.node.listings.factories import make_listing
from countermark.node.notices import deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import (
    file_one,
    make_agreed_team,
    make_ground_for_notice,
    notice_of,
    pass_on,
)
from countermark.node.notices.states import Deed
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

REASONS = "Three offers of copied bags were removed within a month; the invoices that you sent are not of the house."


@dataclass
class Shop:
    """A seller of the marketplace, and everybody who has a say about it."""

    team: Team
    officer: Member
    counsel: Member
    other: Member
    seller: str = ""
    notices: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def offends(self, times: int = 1, **finding: object) -> None:
        """As many notices against it are filed and upheld."""
        for _ in range(times):
            found = make_ground_for_notice(self.team.brand.analyst, **finding)
            listing = make_listing(self.team.market.administrator, external_id=found.listing.external_id)
            self.seller = listing.seller.core_id
            name = file_one(self.team, found)
            pass_on(self.team, self.team.market)
            token = deciding.decide(self.officer, name, Decision(deed=Deed.REMOVE, reason="infringes"))
            assert notice_of(self.team.market, name).seller == self.seller
            self.notices.append(name)
            self.tokens.append(token)

    def wants(self, kind: str = "warning", **more: object) -> Wanted:
        """A measure against it."""
        made = Wanted(
            track=Track.OFFERS,
            subject=self.seller,
            kind=kind,
            reasons=REASONS,
            ends_on=now().date() + timedelta(days=30),
        )
        return replace(made, **more)  # type: ignore[arg-type]

    def is_warned(self) -> str:
        """It is warned, and that is proved."""
        name = measures.propose(self.officer, self.wants())
        telling.delivered(self.officer, name, Delivery(way="letter", at=now(), receipt="RR 1 FR"))
        return name


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_agreed_team("CN", "US")
    set_keys(None)


@pytest.fixture
def shop(team: Team) -> Shop:
    organisation = team.market.feed.organisation

    def someone(role: Role) -> Member:
        return replace(make_member(role, organisation), organisation_kind=team.market.administrator.organisation_kind)

    return Shop(team, someone(Role.OFFICER), someone(Role.COUNSEL), someone(Role.COUNSEL))


@pytest.fixture
def later(monkeypatch) -> Callable[[timedelta], None]:
    """Let time go on."""
    from countermark.node.kernel import time as clock

    def forward(by: timedelta) -> None:
        moment = now() + by
        monkeypatch.setattr(clock, "_clock", lambda: moment)

    return forward

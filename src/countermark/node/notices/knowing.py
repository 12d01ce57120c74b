"""What the node knows around some findings before notices are drafted from them: read once, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from countermark.law.drafts import Earlier, Problem, Standing
from countermark.model import Right as RightRecord
from countermark.node.channels.models import Channel
from countermark.node.evidence.purchases.viewing import Supporting, supporting
from countermark.node.exchange.models import Agreement
from countermark.node.findings.shown import FindingDetail
from countermark.node.kernel.errors import Conflict
from countermark.node.notices import again, papers, permits, through
from countermark.node.notices.models import Notice
from countermark.node.notices.permits import Message, Voice
from countermark.node.notices.programmes import Programme, programmes_of
from countermark.node.notices.states import Stage
from countermark.node.parties.access import Member
from countermark.node.rights.models import AuthorisedSeller, Right
from countermark.node.rights.selectors import as_record

_STANDINGS = {
    Stage.QUEUED: Standing.OPEN,
    Stage.HELD: Standing.OPEN,
    Stage.OPEN: Standing.OPEN,
    Stage.ASKED: Standing.OPEN,
    Stage.AT_SELLER: Standing.OPEN,
    Stage.COUNTERED: Standing.OPEN,
    Stage.DOWN: Standing.DOWN,
    Stage.KEPT: Standing.DOWN,
    Stage.IN_COURT: Standing.DOWN,
    Stage.REFUSED: Standing.REJECTED,
    Stage.WITHDRAWN: Standing.WITHDRAWN,
}
_MOST_RIGHTS, _MOST_EARLIER = 100, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What drafting looks at besides the finding itself.

    Attributes:
        member, moment: who drafts, and when.
        agreements: with marketplaces, in force.
        rights: of each house, at most 100.
        shops: ids of the shops that each house itself supplies or allows.
        earlier: notices about a listing under a law, the newest first.
        channels: to marketplaces without a node.
        programmes: what the marketplace of an agreement follows, by its key.
        purchases: test purchases that can support a notice about a listing, by its id.
    """

    member: Member
    moment: datetime
    agreements: tuple[Agreement, ...]
    rights: dict[str, tuple[RightRecord, ...]]
    shops: dict[str, frozenset[str]]
    earlier: dict[tuple[str, str], list[Earlier]]
    channels: tuple[Channel, ...] = ()
    programmes: dict[int, Programme] = field(default_factory=dict)
    purchases: dict[str, tuple[Supporting, ...]] = field(default_factory=dict)
    _voices: dict[int, Voice] = field(default_factory=dict)
    _permits: dict[tuple[int, str], list[Problem]] = field(default_factory=dict)

    def voice(self, agreement: Agreement) -> Voice:
        """How we stand under an agreement. Raises Conflict."""
        if agreement.pk not in self._voices:
            self._voices[agreement.pk] = Voice.under(agreement)
        return self._voices[agreement.pk]

    def agreed(self, agreement: Agreement | None, message: Message) -> list[Problem]:
        """What an agreement holds against sending; it depends on partner, role and country, not on the words."""
        if agreement is None:
            mend = "Choose a partner or a channel, or make an agreement with this marketplace."
            return [Problem("agreement", "no-agreement", "No agreement with this marketplace is in force.", mend)]
        place = agreement.pk, message.country
        if place not in self._permits:
            self._permits[place] = self._asked(agreement, message)
        return self._permits[place]

    def _asked(self, agreement: Agreement, message: Message) -> list[Problem]:
        mend = "Look at the agreement."
        try:
            given = self.voice(agreement).permit(self.member.role, message)
        except Conflict as refused:
            return [Problem("agreement", "not-agreed", refused.detail, mend)]
        return [] if given.allow else [Problem("agreement", given.reason, given.sentence, mend)]

    def add(self, notice: Notice) -> None:
        """Remember a notice that was queued just now, so that the next one about the same offer is a second one."""
        standing = _earlier(notice)
        if standing is not None:
            self.earlier[notice.listing, notice.regime].insert(0, standing)


def around(member: Member, details: Sequence[FindingDetail], moment: datetime) -> Known:
    """Everything that drafting from these findings needs: a handful of questions to the database."""
    houses, listings = {one.row.brand for one in details}, {one.row.listing_id for one in details}
    agreements = permits.partners(member)
    return Known(
        member=member,
        moment=moment,
        agreements=agreements,
        programmes=programmes_of(agreements),
        rights={house: _rights(member, house) for house in sorted(houses)},
        shops=_shops(member, houses),
        earlier=_earlier_of(member, listings),
        channels=through.open_to(member),
        purchases=supporting(member, listings),
    )


def _rights(member: Member, house: str) -> tuple[RightRecord, ...]:
    rows = Right.objects.filter(
        organisation_id=member.organisation_id, brand__name=house, withdrawn_at__isnull=True
    ).select_related("brand")
    found = rows.prefetch_related("references__capture").order_by("pk")[:_MOST_RIGHTS]
    return tuple(as_record(row) for row in found)


def _shops(member: Member, houses: set[str]) -> dict[str, frozenset[str]]:
    rows = AuthorisedSeller.objects.filter(brand__organisation_id=member.organisation_id, brand__name__in=houses)
    found: dict[str, set[str]] = defaultdict(set)
    for house, shop in rows.exclude(external_id="").values_list("brand__name", "external_id"):
        found[house].add(shop)
    return {house: frozenset(found[house]) for house in houses}


def _earlier_of(member: Member, listings: set[str]) -> dict[tuple[str, str], list[Earlier]]:
    rows = Notice.objects.filter(organisation_id=member.organisation_id, listing__in=listings).order_by("-pk")
    found: dict[tuple[str, str], list[Earlier]] = defaultdict(list)
    for row in rows.only("listing", "regime", "stage", "paper", "law_state").iterator(chunk_size=500):
        known = found[row.listing, row.regime]
        if len(known) < _MOST_EARLIER and (one := _earlier(row)) is not None:
            known.append(one)
    return found


def _earlier(row: Notice) -> Earlier | None:
    stage, paper = Stage(row.stage), papers.read(row.paper)
    standing = _STANDINGS.get(stage)
    if row.law_state == again.FINAL:
        standing = Standing.RESTORED_FINAL
    if standing is None:
        return None
    return Earlier(item=row.listing, right=paper.right_id, standing=standing, ground=paper.ground)

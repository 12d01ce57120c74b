"""Alarms on the first page that a member sees: looked up at most twice a minute for each organisation."""

from dataclasses import dataclass

from django.core.cache import cache

from countermark.node.exchange import selectors
from countermark.node.exchange.shown import Alarm, AlarmCode
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Seconds for which what was found is shown again without asking the tables.
KEPT_SECONDS = 30
#: Alarms written out; more are counted.
WRITTEN_OUT = 3


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above a page: the gravest alarms, and how many there are."""

    alarms: tuple[Alarm, ...]
    total: int


def banner_of(member: Member) -> Banner:
    """Alarms that concern a member; none for one who may not see the exchange."""
    if not member.may(Permission.EXCHANGE_VIEW):
        return Banner((), 0)
    found: tuple[Alarm, ...] | None = cache.get(_key(member))
    if found is None:
        found = selectors.alarms(member)
        cache.set(_key(member), found, KEPT_SECONDS)
    # Whoever cannot answer an offer is not reminded of it on every page.
    may_answer = member.may(Permission.AGREEMENTS_MANAGE)
    concern = [alarm for alarm in found if may_answer or alarm.code is not AlarmCode.OFFER]
    return Banner(tuple(concern[:WRITTEN_OUT]), len(concern))


def look_again(member: Member) -> None:
    """Forget what was found: something was just done about it."""
    cache.delete(_key(member))


def _key(member: Member) -> str:
    return f"exchange.alarms.{member.organisation_id}"

"""Cases out of the tables of notices. Every deed is dated by its signed entry where it has one: alike on both nodes."""

from collections import defaultdict
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet

from countermark.model.decoding import decode
from countermark.node.conduct.cases import Case, Told, case_of
from countermark.node.exchange.models import FeedEntry
from countermark.node.listings.models import Listing
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.states import BACK, Deed, Side

#: Notices of one seller or filer that are read for one page, the newest.
MOST = 20_000
#: Deeds by which a case changes.
_COUNTED = sorted({Deed.REMOVE, Deed.PARTLY, Deed.REFUSE, Deed.COUNTER, Deed.KEEP, Deed.SUIT, Deed.WITHDRAW} | BACK)
#: Notices whose deeds are asked for in one question.
_AT_ONCE = 500


class _Paper(msgspec.Struct):
    """Of what a notice says, the part that is counted by."""

    ground: str = ""


def of_seller(organisation_id: int, seller: str) -> list[Case]:
    """Cases against one shop, at the marketplace that decides them."""
    rows = Notice.objects.filter(organisation_id=organisation_id, side=Side.RECEIVED, seller=seller)
    return _cases(rows) if seller else []


def of_filer(organisation_id: int, agreement: str, since: datetime, before: datetime | None = None) -> list[Case]:
    """Cases under an agreement that were decided since a moment, by whichever side filed them.

    Args:
        organisation_id, agreement: whose, and its name.
        since: what was last decided before is left out.
        before: as the cases stood then; now when None.
    """
    rows = Notice.objects.filter(organisation_id=organisation_id, agreement__name=agreement)
    # A day more: the column says when this node heard of it, the case when it was said.
    return _cases(rows.filter(decided_at__gte=since - timedelta(days=1)), before)


def filed_between(organisation_id: int, agreement: str, start: datetime, end: datetime) -> list[tuple[Case, datetime]]:
    """Cases filed under an agreement within a time, each with the moment of its filing."""
    rows = Notice.objects.filter(organisation_id=organisation_id, agreement__name=agreement)
    rows = rows.filter(filed_at__gte=start, filed_at__lt=end)
    filed = {name: at for name, at in rows.values_list("public_id", "filed_at") if at is not None}
    return [(one, filed[one.notice]) for one in _cases(rows)]


def sellers_with_cases(organisation_id: int, most: int = 100) -> list[str]:
    """Shops against which something was upheld of late, the latest first."""
    rows = Notice.objects.filter(organisation_id=organisation_id, side=Side.RECEIVED, decided_at__isnull=False)
    latest = rows.exclude(seller="").order_by("-decided_at").values_list("seller", flat=True)[: 10 * most]
    return list(dict.fromkeys(latest))[:most]


def listings_of(organisation_id: int, seller: str) -> int:
    """How many listings of a shop are known here: the whole of which offers are a share."""
    return Listing.objects.filter(organisation_id=organisation_id, seller__core_id=seller).count()


def _cases(rows: QuerySet[Notice], before: datetime | None = None) -> list[Case]:
    found = rows.filter(filed_at__isnull=False).order_by("-pk")[:MOST]
    plain = {
        key: Case(notice=name, seller=seller, house=brand, ground=decode(paper, _Paper).ground)
        for key, name, seller, brand, paper in found.values_list("pk", "public_id", "seller", "brand", "paper")
    }
    deeds = _deeds({key: case.notice for key, case in plain.items()}, before)
    return [case_of(case, deeds[key]) for key, case in plain.items()]


def _deeds(names: dict[int, str], before: datetime | None) -> dict[int, list[Told]]:
    told: dict[int, list[Told]] = defaultdict(list)
    keys = list(names)
    for start in range(0, len(keys), _AT_ONCE):
        chunk = keys[start : start + _AT_ONCE]
        said = FeedEntry.objects.filter(subject__in=[names[key] for key in chunk])
        moments = dict(said.values_list("entry_id", "happened_at").iterator(2_000))
        rows = Happening.objects.filter(notice_id__in=chunk, deed__in=_COUNTED).order_by("notice_id", "number")
        for key, deed, at, reason, entry in rows.values_list("notice_id", "deed", "at", "reason", "entry").iterator(
            2_000
        ):
            moment = moments.get(entry, at)
            if before is None or moment < before:
                told[key].append(Told(deed, moment, reason))
    return told

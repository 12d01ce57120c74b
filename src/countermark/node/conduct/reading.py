"""Cases out of the tables of notices. Every deed is dated by its signed entry where it has one: alike on both nodes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from countermark.node.conduct.cases import Case, Told, case_of
from countermark.node.exchange.models import FeedEntry
from countermark.node.listings.models import Listing
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.states import Side

#: Notices of one seller or filer that are read for one page, the newest.
MOST = 20_000


class _Paper(msgspec.Struct):
    """Of what a notice says, the part that is counted by."""

    ground: str = ""


def of_seller(organisation_id: int, seller: str) -> list[Case]:
    """Cases against one shop, at the marketplace that decides them."""
    rows = Notice.objects.filter(organisation_id=organisation_id, side=Side.RECEIVED, seller=seller)
    return _cases(rows) if seller else []


def of_filer(organisation_id: int, agreement: str, before: datetime | None = None) -> list[Case]:
    """Cases filed under an agreement, by whichever side: as they stand, or stood before a moment."""
    rows = Notice.objects.filter(organisation_id=organisation_id, agreement__name=agreement)
    return _cases(rows, before)


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
        key: Case(notice=name, seller=seller, house=brand, ground=msgspec.json.decode(paper, type=_Paper).ground)
        for key, name, seller, brand, paper in found.values_list("pk", "public_id", "seller", "brand", "paper")
    }
    deeds = _deeds(plain, before)
    return [case_of(case, deeds[key]) for key, case in plain.items()]


def _deeds(keys: Iterable[int], before: datetime | None) -> dict[int, list[Told]]:
    said = FeedEntry.objects.filter(subject=OuterRef("notice__public_id"), entry_id=OuterRef("entry"))
    told: dict[int, list[Told]] = defaultdict(list)
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        rows = Happening.objects.filter(notice_id__in=wanted[start : start + 500])
        dated = rows.annotate(said_at=Coalesce(Subquery(said.values("happened_at")[:1]), "at"))
        lines = dated.order_by("notice_id", "number").values_list("notice_id", "deed", "said_at", "reason")
        for key, deed, at, reason in lines.iterator(2_000):
            if before is None or at < before:
                told[key].append(Told(deed, at, reason))
    return told

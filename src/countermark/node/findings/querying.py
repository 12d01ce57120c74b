"""The queries behind lists of findings: filters, the order, and pages that never skip or repeat."""

from functools import reduce
from operator import and_

from django.db.models import Q, QuerySet

from countermark.model import kind_of_id
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.folding import fold, is_storable
from countermark.node.parties.access import Member

#: Words of one search that count; more would only cost.
MOST_WORDS = 8
#: Most expected harm first; among equals the older, that is the lower row, first.
ORDER = ("-expected_harm", "id")


#: Ids that a search may give: an index finds them, where words read every title.
_IDS = {"fnd": "core_id", "lst": "listing__core_id", "slr": "seller_core_id"}
_ALWAYS_CURRENT = WAITING | {FindingState.LAPSED}


def matching(member: Member, filters: FindingFilters) -> QuerySet[Finding]:
    """The findings of the member's organisation under the filters, in no order yet.

    Only current ones, unless superseded ones are asked for.
    """
    found = Finding.objects.filter(organisation_id=member.organisation_id)
    if not is_storable(filters.brand, filters.marketplace, filters.seller, filters.scan, filters.words):
        return found.none()
    # Whatever waits or lapsed is current; not asking keeps counts inside the index.
    if not filters.states or not filters.states <= _ALWAYS_CURRENT | {FindingState.SUPERSEDED}:
        found = found.filter(current=True)
    if len(filters.states) == 1:
        # Equality, not IN: the index then also gives the order.
        found = found.filter(state=next(iter(filters.states)))
    elif filters.states:
        found = found.filter(state__in=sorted(filters.states))
    exact = {
        "brand": filters.brand,
        "marketplace": filters.marketplace,
        "level": filters.level,
        "kind": filters.kind,
        "seller_core_id": filters.seller,
        "scan__public_id": filters.scan,
    }
    found = found.filter(**{field: value for field, value in exact.items() if value})
    return found.filter(_words(filters.words)) if filters.words else found


def named(member: Member, core_id: str) -> QuerySet[Finding]:
    """The finding of that id (`fnd_…`, from an address) in the member's organisation: one row or none."""
    if not is_storable(core_id):
        return Finding.objects.none()
    return Finding.objects.filter(organisation_id=member.organisation_id, core_id=core_id)


def _words(words: str) -> Q:
    """A finding's or listing's id, or words that all occur in what the listing is searched by."""
    if (kind := kind_of_id(words)) in _IDS:
        return Q(**{_IDS[kind]: words})
    return reduce(and_, [Q(listing__search_text__contains=word) for word in fold(words).split()[:MOST_WORDS]], Q())


def after(found: QuerySet[Finding], cursor: Cursor | None) -> QuerySet[Finding]:
    """The rest of an ordered list after the row a cursor names."""
    if cursor is None:
        return found
    # The first condition alone would do; it is what lets the database enter the index at the right place.
    lower = Q(expected_harm__lt=cursor.expected_harm) | Q(id__gt=cursor.row)
    return found.filter(lower, expected_harm__lte=cursor.expected_harm)


def ahead_of(found: QuerySet[Finding], expected_harm: float, row: int) -> QuerySet[Finding]:
    """The part of an ordered list before a row."""
    higher = Q(expected_harm__gt=expected_harm) | Q(id__lt=row)
    return found.filter(higher, expected_harm__gte=expected_harm)

"""The queries behind lists of findings: filters, the order, and pages that never skip or repeat."""

from django.db.models import Q, QuerySet

from countermark.node.findings.cursor import Cursor
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.states import FindingState
from countermark.node.parties.access import Member

#: Most expected harm first; among equals the older, that is the lower row, first.
ORDER = ("-expected_harm", "id")


def matching(member: Member, filters: FindingFilters) -> QuerySet[Finding]:
    """The findings of the member's organisation under the filters, in no order yet.

    Only current ones, unless superseded ones are asked for.
    """
    found = Finding.objects.filter(organisation_id=member.organisation_id)
    if FindingState.SUPERSEDED not in filters.states:
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


def _words(words: str) -> Q:
    return Q(core_id=words) | Q(listing__external_id=words) | Q(listing__title__icontains=words)


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

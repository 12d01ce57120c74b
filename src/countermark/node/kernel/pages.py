"""Pages that go on from a row, so that they neither skip nor repeat one while others write."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

#: Rows on one page, at most.
LARGEST_PAGE = 200
_LARGEST_ROW = 2**63 - 1


def page_by_row(
    rows: QuerySet[M], cursor: str, size: int, *, newest_first: bool = True
) -> tuple[Sequence[M], str | None]:
    """One page in the order of row numbers, and the cursor of the next page (None on the last).

    Args:
        rows: filtered, in no order.
        cursor: what the page before gave; anything else begins at the start.
        size: rows wanted, 1 to LARGEST_PAGE.
        newest_first: highest row number first.
    """
    size = max(1, min(size, LARGEST_PAGE))
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 20 else 0
    if 0 < after <= _LARGEST_ROW:
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else None

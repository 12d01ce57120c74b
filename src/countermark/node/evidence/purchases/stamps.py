"""Have the lines of a purchase stamped, so that others' clocks say when each act was recorded."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from countermark.node.evidence.models import Purchase, PurchaseFile, PurchaseLine, PurchaseStamp
from countermark.node.evidence.stamping import NotStamped, authorities, stamp


def stamp_lines(row: Purchase) -> list[str]:
    """Ask each authority for the lines of a purchase that it has not stamped; gives what went wrong."""
    return _ask(PurchaseLine.objects.filter(purchase=row), None)


def stamp_waiting(most: int = 20) -> list[str]:
    """For a worker: the same for every purchase, oldest first, at most so many lines of each authority."""
    return _ask(PurchaseLine.objects.filter(purchase__deleted_at=None), most)


def _ask(lines: QuerySet[PurchaseLine], most: int | None) -> list[str]:
    problems = []
    for url, certificates in authorities():
        for line in _unstamped(lines, url)[:most]:
            found = stamp(line.line.encode(), url, certificates)
            if isinstance(found, NotStamped):
                problems.append(f"{url}: {found.problem}")
                break  # one that is away is away for the next line too
            with transaction.atomic():
                PurchaseStamp.objects.bulk_create(
                    [
                        PurchaseStamp(
                            purchase_id=line.purchase_id,
                            seq=line.seq,
                            authority=found.said.authority[:300],
                            url=url[:300],
                            token=found.token,
                            certificates=found.certificates,
                            stamped_at=found.said.time,
                        )
                    ]
                )
    return problems


def _unstamped(lines: QuerySet[PurchaseLine], url: str) -> QuerySet[PurchaseLine]:
    """Lines of acts: those that name files. The others hang on them."""
    same = {"purchase": OuterRef("purchase"), "seq": OuterRef("seq")}
    return lines.filter(
        Exists(PurchaseFile.objects.filter(**same)), ~Exists(PurchaseStamp.objects.filter(**same, url=url[:300]))
    ).order_by("id")

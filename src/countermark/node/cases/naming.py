"""Names of listings and findings for people, from what we hold or from what the partner gave."""

from collections.abc import Sequence

from countermark.node.cases.models import SharedItem
from countermark.node.cases.reading import Reader
from countermark.node.cases.states import AttachedKind
from countermark.node.findings.models import Finding
from countermark.node.listings.models import Listing

_LOADED = ("entry__beside", "entry__deletion", "entry__feed__agreement")


def names_of_items(
    reader: Reader, items: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, bool, SharedItem | None]]:
    """(kind, id) -> name, whether we hold it ourselves, and the row of its sharing, if there is one."""
    organisation = reader.where.agreement.organisation_id
    wanted = {kind: [ref for one, ref in items if one == kind] for kind in AttachedKind.values}
    titles: dict[tuple[str, str], str] = {}
    listings = Listing.objects.filter(organisation_id=organisation, core_id__in=wanted[AttachedKind.LISTING])
    for core_id, title in listings.values_list("core_id", "title"):
        titles[AttachedKind.LISTING.value, core_id] = title
    findings = Finding.objects.filter(organisation_id=organisation, core_id__in=wanted[AttachedKind.FINDING])
    for core_id, brand, title in findings.values_list("core_id", "brand", "listing__title"):
        titles[AttachedKind.FINDING.value, core_id] = f"{brand}: {title}"
    # Theirs last: where both gave it, what the partner says of it is told too.
    shared = {
        (one.kind, one.ref): one
        for one in SharedItem.objects.filter(agreement=reader.where.agreement, ref__in=[ref for _, ref in items])
        .select_related(*_LOADED)
        .order_by("-ours")
    }
    found: dict[tuple[str, str], tuple[str, bool, SharedItem | None]] = {}
    for key in items:
        row = shared.get(key)
        name = titles.get(key) or (name_of_shared(reader, row) if row else "")
        found[key] = (name, key in titles, row)
    return found


def name_of_shared(reader: Reader, row: SharedItem) -> str:
    """What something that was shared is called, by its fields."""
    words = reader.words(row.entry)
    if row.kind == AttachedKind.LISTING:
        return words.text("title") or words.text("external_id")
    parts = (words.text("brand"), words.text("external_id"))
    return " · ".join(part for part in parts if part)

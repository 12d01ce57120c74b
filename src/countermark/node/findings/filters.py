"""What a list of findings may be narrowed to; every field comes from the address of the page."""

from dataclasses import dataclass

from countermark.model import Kind, Level
from countermark.node.findings.states import FindingState


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilters:
    """Conditions that must all hold; an empty one holds always.

    Attributes:
        states: any of these; empty = every current finding, whatever its state.
        brand, marketplace: exact names.
        level, kind: exact.
        seller: `slr_…`, the core id of a shop.
        scan: `scn_…`, findings first made by that scan.
        words: a finding's or listing's id, or a part of the listing's title (searched, so slower; not for the queue).
    """

    states: frozenset[FindingState] = frozenset()
    brand: str = ""
    marketplace: str = ""
    level: Level | None = None
    kind: Kind | None = None
    seller: str = ""
    scan: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanChoices:
    """What a scan does beyond its usual way, each at a cost of its own.

    Attributes:
        logos: look for registered logos inside pictures (0.2 s a picture and more).
        reading: read the words in pictures that look written on (0.4 s each).
    """

    logos: bool = False
    reading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanScope:
    """Which listings a scan looks at; all empty = every listing of the organisation.

    Attributes:
        marketplace: only listings of this marketplace.
        import_id: only listings last brought in by this import (its public id).
        right_id: a look-back: every listing, but only for this right (`rgt_…`); ordered by `services.look_back`.
    """

    marketplace: str = ""
    import_id: str = ""
    right_id: str = ""

"""Keep versions of regimes, and give back the very one that a matter has pinned."""

from functools import lru_cache

from django.db import IntegrityError, transaction

from countermark.law.keeping import keep as to_bytes
from countermark.law.keeping import read_kept
from countermark.law.lawbook import shipped_lawbook
from countermark.law.regime import Regime
from countermark.model import InvalidRecord
from countermark.node.kernel.errors import Conflict
from countermark.node.lawbook.models import KeptRegime


def keep(regime: Regime) -> None:
    """Store a version, once for ever; more than one worker may do it at a time."""
    if KeptRegime.objects.filter(version=regime.version).exists():
        return
    row = KeptRegime(regime=regime.id, version=regime.version, data=to_bytes(regime))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if not KeptRegime.objects.filter(version=regime.version).exists():
            raise


def keep_all_shipped() -> int:
    """Store every version that this release brings, before the next release takes its place; says how many."""
    shipped = shipped_lawbook().regimes.values()
    known = set(KeptRegime.objects.values_list("version", flat=True))
    new = [one for one in shipped if one.version not in known]
    for one in new:
        keep(one)
    return len(new)


def pinned(regime_id: str, version: str) -> Regime:
    """The version of a regime that a matter has pinned.

    Raises:
        Conflict: it was not kept here, or its bytes say something else.
    """
    shipped = shipped_lawbook().regimes.get(regime_id)
    if shipped is not None and shipped.version == version:
        return shipped
    return _kept(version)


@lru_cache(maxsize=32)
def _kept(version: str) -> Regime:
    """A kept version; its hash says the same for ever."""
    row = KeptRegime.objects.filter(version=version).first()
    if row is None:
        raise Conflict(
            f"The version {version[:12]} of the law that this matter has pinned is not kept here. "
            "Load it from the node that opened the matter, or from a backup.",
            code="law-version-missing",
        )
    try:
        return read_kept(bytes(row.data), version)
    except InvalidRecord as fault:
        raise Conflict(f"{fault.message} {fault.mend}", code="law-version-changed") from fault

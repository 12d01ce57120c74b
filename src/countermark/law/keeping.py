"""A version of a regime as bytes, to be kept beside the cases that pin it, and back."""

import msgspec

from countermark.law.counting import CountingRule
from countermark.law.regime import Regime, read_regime
from countermark.model import InvalidRecord
from countermark.model.decoding import decode

FORMAT = "countermark-kept-regime/1"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: str
    regime: str
    counting: tuple[CountingRule, ...]


def keep(regime: Regime) -> bytes:
    """Everything that is needed to use this version again: the file as it was, and the ways of counting."""
    kept = _Kept(FORMAT, regime.version, regime.source.decode("utf-8"), tuple(regime.counting.values()))
    return msgspec.json.encode(kept, order="deterministic")


def read_kept(data: bytes, version: str) -> Regime:
    """A version again.

    Args:
        data: what `keep` wrote.
        version: the one that the case has pinned.

    Raises:
        InvalidRecord: not such bytes, or bytes that say something else than the version that is asked for.
    """
    try:
        kept = decode(data, _Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord("kept regime", f"{error}.", "Take the bytes that were kept.") from error
    counting = {rule.id: rule for rule in kept.counting}
    regime = read_regime(kept.regime.encode(), "kept regime", counting)
    if regime.version != version:
        raise InvalidRecord(
            "kept regime", f"it is version {regime.version[:12]}, not {version[:12]}.", "Somebody changed it: ask why."
        )
    return regime

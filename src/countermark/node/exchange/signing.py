"""With which keys an organisation speaks. Tests with two organisations on one node put other keys in place."""

from collections.abc import Callable
from dataclasses import dataclass

from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.keys import Signer


@dataclass(frozen=True, slots=True)
class Keys:
    """Where keys come from.

    Attributes:
        signer: whatever signs for an organisation (its row) and a purpose now.
        public: every key of an organisation that counts now or later.
    """

    signer: Callable[[int, Purpose], Signer]
    public: Callable[[int], list[OperationalKey]]


def _kept_signer(_organisation: int, purpose: Purpose) -> Signer:
    from countermark.node.exchange.keeping import signer_for  # noqa: PLC0415 - reads keys from disk; only when asked

    return signer_for(purpose)


def _kept_public(_organisation: int) -> list[OperationalKey]:
    from countermark.node.exchange.keeping import public_keys  # noqa: PLC0415 - as above

    return public_keys()


_KEPT = Keys(_kept_signer, _kept_public)
_keys = _KEPT


def signer_of(organisation_id: int, purpose: Purpose) -> Signer:
    """Whatever signs for an organisation and a purpose now."""
    return _keys.signer(organisation_id, purpose)


def public_keys_of(organisation_id: int) -> list[OperationalKey]:
    """Every key of an organisation that counts now or later, for its card and its agreements."""
    return _keys.public(organisation_id)


def set_keys(keys: Keys | None) -> None:
    """Put other keys in place of the node's own (tests); None puts them back."""
    global _keys  # noqa: PLW0603 - one set of keys a process is the point
    _keys = keys or _KEPT

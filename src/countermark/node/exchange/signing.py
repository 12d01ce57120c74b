"""With which keys an organisation speaks. Tests with two organisations on one node put other keys in place."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime

from countermark.node.exchange.keeping import key_folder, signer_for, usable_keys
from countermark.node.exchange.keeping.manifest import OPERATIONAL
from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.entries import read_moment
from countermark.proof.keys import Signer

#: Row of the organisation, purpose, and ids of the keys that the reader knows; None when any key will do.
SignerOf = Callable[[int, Purpose, Container[str] | None], Signer]


def _none_revoked(_organisation: int) -> Mapping[str, datetime]:
    return {}


@dataclass(frozen=True, slots=True)
class Keys:
    """Where keys come from.

    Attributes:
        signer: whatever signs for an organisation and a purpose now, with a key that the reader knows.
        public: every key of an organisation that may sign now.
        revoked: by id, since when each key counts for nothing that was revoked.
    """

    signer: SignerOf
    public: Callable[[int], list[OperationalKey]]
    revoked: Callable[[int], Mapping[str, datetime]] = _none_revoked


def _kept_signer(_organisation: int, purpose: Purpose, known: Container[str] | None) -> Signer:
    newest = usable_keys(purpose)
    for key in newest:
        if known is not None and key.public.kid in known:
            return signer_for(purpose, kid=key.public.kid)
    # None that the reader knows: it will refuse, and say why, which is better than to say nothing.
    return signer_for(purpose)


def _kept_public(_organisation: int) -> list[OperationalKey]:
    return [key for purpose in OPERATIONAL for key in usable_keys(purpose)]


def _kept_revoked(_organisation: int) -> Mapping[str, datetime]:
    folder = key_folder()
    kept = folder.all_keys() if folder.exists() else ()
    return {one.kid: read_moment(one.revoked) for one in kept if one.revoked is not None}


_KEPT = Keys(_kept_signer, _kept_public, _kept_revoked)
_keys = _KEPT


def signer_of(organisation_id: int, purpose: Purpose, known: Container[str] | None = None) -> Signer:
    """Whatever signs for an organisation and a purpose now.

    Args:
        organisation_id: its row.
        purpose: of the key.
        known: ids of keys that the reader knows; a renewed key is not used before its rotation was said.
    """
    return _keys.signer(organisation_id, purpose, known)


def public_keys_of(organisation_id: int) -> list[OperationalKey]:
    """Every key of an organisation that may sign now, for its card and its agreements."""
    return _keys.public(organisation_id)


def revoked_keys_of(organisation_id: int) -> Mapping[str, datetime]:
    """Since when each of its keys counts for nothing that was revoked, by id."""
    return _keys.revoked(organisation_id)


def set_keys(keys: Keys | None) -> None:
    """Put other keys in place of the node's own (tests); None puts them back."""
    global _keys  # noqa: PLW0603 - one set of keys a process is the point
    _keys = keys or _KEPT

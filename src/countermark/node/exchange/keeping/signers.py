"""The one door to the node's signatures: from settings to a signer."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from countermark.node.exchange.keeping.forms import Forms
from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.passphrases import from_text
from countermark.node.exchange.keeping.problems import NoKey
from countermark.node.exchange.keeping.remote import SignerSocket
from countermark.node.kernel import time as kernel_time
from countermark.proof import OperationalKey, Purpose, Signer
from countermark.proof.ijson import Plain
from countermark.proof.key_ring import rotation_data

#: Name of the key folder within COUNTERMARK_HOME.
FOLDER = "keys"


@dataclass(frozen=True)
class Rotation:
    """What is needed to tell a partner of a new key.

    Attributes:
        key: the new key.
        data: what an entry of type `key.rotated` carries.
        by: signs that entry: a key for entries that the partner knows already.
    """

    key: OperationalKey
    data: dict[str, Plain]
    by: Signer


def signer_for(purpose: Purpose, now: datetime | None = None, *, kid: str = "") -> Signer:
    """The signer for a purpose: the newest key of the node that may sign.

    Args:
        purpose: any but ORGANISATION, whose key is never on the node.
        now: aware; the present when left out. A signer process looks at its own clock only.
        kid: id of one key, where the newest is not yet known to a partner.

    Raises:
        KeyProblem: no key, an ended key, a wrong passphrase, a loose file, a signer that does not answer.
    """
    moment = now or kernel_time.now()
    if settings.COUNTERMARK_SIGNER:
        return _signer_socket().signer(purpose, kid)
    folder = _folder_with_keys(purpose, moment)
    return folder.signer(purpose, moment, kid)


def usable_keys(purpose: Purpose, now: datetime | None = None) -> list[OperationalKey]:
    """Keys that may sign for a purpose, the newest first; empty when there is none.

    Raises:
        KeyProblem.
    """
    moment = now or kernel_time.now()
    if settings.COUNTERMARK_SIGNER:
        return _signer_socket().usable(purpose)
    return [kept.public for kept in _folder_with_keys(purpose, moment).usable(purpose, moment)]


def rotation_material(purpose: Purpose, feed: str, now: datetime | None = None) -> Rotation:
    """Announce the newest key for a purpose in a feed; the entry itself is written by who keeps the feed.

    For entries the key before the newest signs, because the partner does not know the newest yet.

    Raises:
        NoKey: there is no newer key to announce, or none that could.
        KeyProblem.
    """
    moment = now or kernel_time.now()
    new = next(iter(usable_keys(purpose, moment)), None)
    speakers = [key for key in usable_keys(Purpose.ENTRIES, moment) if key != new]
    if new is None or not speakers:
        raise NoKey(
            f"There is no newer key for {purpose} beside one that is known. "
            f"Make it before the old one ends: countermark node keys renew {purpose}"
        )
    data = rotation_data(feed, new, signer_for(purpose, moment, kid=new.public.kid))
    return Rotation(new, data, signer_for(Purpose.ENTRIES, moment, kid=speakers[0].public.kid))


def key_folder() -> KeyFolder:
    """The node's key folder, whether or not another process signs with it."""
    return _folder(str(Path(settings.COUNTERMARK_HOME) / FOLDER), settings.COUNTERMARK_NODE_NAME)


def _folder_with_keys(purpose: Purpose, moment: datetime) -> KeyFolder:
    folder = key_folder()
    if settings.COUNTERMARK_KEYS_ON_FIRST_USE and not (folder.exists() and folder.usable(purpose, moment)):
        folder.make_operational_keys(moment)
    return folder


@lru_cache(maxsize=8)
def _folder(path: str, origin: str) -> KeyFolder:
    return KeyFolder(Path(path), from_text(lambda: str(settings.COUNTERMARK_KEY_PASSPHRASE())), Forms(origin))


def _signer_socket() -> SignerSocket:
    return SignerSocket(Path(settings.COUNTERMARK_SIGNER))

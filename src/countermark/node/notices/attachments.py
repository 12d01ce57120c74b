"""Papers that people bring: few, small, and of three kinds that are known by their first bytes."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from countermark.node.kernel.beginnings import media_type_by_beginning
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.folding import is_storable

LARGEST = 4 * 1024 * 1024
MOST = 5
ACCEPT = ".pdf,.png,.jpg,.jpeg"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper that was accepted."""

    name: str
    media_type: str
    sha256: str
    data: bytes


def accept(files: list[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Accept papers.

    Args:
        files: name and bytes of each; the caller reads at most `LARGEST` + 1 bytes of one.

    Raises:
        Invalid: too many, too large, empty, or of another kind; names the file.
    """
    if len(files) > MOST:
        said = _("There are %(n)d papers.") % {"n": len(files)}
        raise Invalid.of("papers", "too-many-papers", said, _("Bring at most %(most)d.") % {"most": MOST})
    return tuple(_accept(_plain(name), data) for name, data in files)


def _accept(name: str, data: bytes) -> Attachment:
    if len(data) > LARGEST:
        said = _("“%(name)s” is larger than %(most)d MB.") % {"name": name, "most": LARGEST // 1024 // 1024}
        raise Invalid.of("papers", "paper-too-large", said, _("Make it smaller."))
    media_type = media_type_by_beginning(data)
    if not media_type:
        said = _("“%(name)s” is no PDF, PNG or JPEG.") % {"name": name}
        raise Invalid.of("papers", "paper-unknown", said, _("Save it as one of these and bring it again."))
    return Attachment(name, media_type, hashlib.sha256(data).hexdigest(), data)


def _plain(name: str) -> str:
    """A name that is safe to show and to offer for saving: no folder, no control character, not long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '"<>') if is_storable(last) else ""
    return plain[-100:] or "paper"

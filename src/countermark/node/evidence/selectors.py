"""Read evidence: facts about pictures, copies to show, and originals for the engine."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageUnavailable
from countermark.node.evidence.models import Capture
from countermark.node.evidence.showing import MEDIA_TYPE, shown_copy
from countermark.node.evidence.shown import CaptureShown, PictureSize, ShownPicture
from countermark.node.evidence.store import Form, Missing, Store, store
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_ADDRESS = re.compile(r"sha256:([0-9a-f]{64})")
_FORMS = {PictureSize.FULL: Form.FULL, PictureSize.THUMB: Form.THUMB}


def capture(member: Member, capture_id: str) -> CaptureShown:
    """Facts about a picture of the member's organisation. Raises NotPermitted (LISTINGS_VIEW), NotFound."""
    row = _row(member, capture_id)
    return CaptureShown(
        id=row.public_id,
        sha256=row.sha256,
        media_type=row.media_type,
        size=row.size,
        width=row.width,
        height=row.height,
        source=row.source,
        created_at=row.created_at,
    )


def shown_bytes(member: Member, capture_id: str, size: PictureSize = PictureSize.FULL) -> ShownPicture:
    """The copy of a picture that a browser may see; made at the first look, then kept.

    Raises NotPermitted (LISTINGS_VIEW), NotFound (no such picture here, or its bytes are gone from the store).
    """
    row = _row(member, capture_id)
    form = _FORMS[size]
    kept = store()
    try:
        data = kept.read(row.sha256, form)
    except Missing:
        data = _make_copy(kept, row, form)
    return ShownPicture(data=data, media_type=MEDIA_TYPE, etag=f"{row.sha256[:32]}-{size}")


def _make_copy(kept: Store, row: Capture, form: Form) -> bytes:
    try:
        data = shown_copy(kept.read(row.sha256, Form.ORIGINAL), form)
    except (Missing, RefusedPicture) as error:
        raise NotFound("picture any more with the id", row.public_id) from error
    kept.write(row.sha256, form, data)
    return data


def _row(member: Member, capture_id: str) -> Capture:
    member.require(Permission.LISTINGS_VIEW)
    row = None
    if is_id("cap", capture_id):
        row = Capture.objects.filter(organisation_id=member.organisation_id, public_id=capture_id).first()
    if row is None:
        raise NotFound("picture", capture_id)
    return row


def address_of(sha256: str) -> str:
    """How records name a kept picture: `sha256:<64 hex digits>`."""
    return f"sha256:{sha256}"


def _here() -> Path:
    return store().root


@dataclass(frozen=True, slots=True)
class StoreImages:
    """An `ImageSource` for the engine: originals by content address. Picklable; says nothing about who may see them."""

    root: Path = field(default_factory=_here)

    def read(self, uri: str) -> bytes:
        """The original bytes behind `sha256:<hex>`, checked against the hash; raises ImageUnavailable."""
        found = _ADDRESS.fullmatch(uri)
        if found is None:
            raise ImageUnavailable("the picture was named, but its bytes were never given to this node.")
        try:
            return Store(self.root).read(found[1], Form.ORIGINAL)
        except Missing as error:
            raise ImageUnavailable(f"{error}.") from error

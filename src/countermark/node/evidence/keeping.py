"""Keep pictures: look at the bytes first and outside any transaction, then write rows, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from countermark.formats.picture import PictureFacts, PictureLimits, verify_picture
from countermark.node.evidence.models import Capture
from countermark.node.evidence.store import Form, digest, store
from countermark.node.kernel.ids import new_id

LIMITS = PictureLimits()


@dataclass(frozen=True, slots=True)
class SafePicture:
    """A picture whose bytes were looked at and lie in the store; no row speaks of it yet."""

    sha256: str
    size: int
    facts: PictureFacts


def put_in_store(data: bytes) -> SafePicture:
    """Decode every pixel of a picture and write the original to the store. Touches no database.

    Raises RefusedPicture: not a JPEG, PNG or WebP, too large, damaged, or two things in one.
    """
    facts = verify_picture(data, LIMITS)
    sha256 = digest(data)
    store().write(sha256, Form.ORIGINAL, data)
    return SafePicture(sha256, len(data), facts)


def rows_for(organisation: int, pictures: Iterable[SafePicture], source: str) -> dict[str, Capture]:
    """The captures of an organisation for some pictures, by hash; those that are missing are made.

    Safe beside others who keep the same pictures. Call inside the transaction of what refers to them.
    """
    wanted = {picture.sha256: picture for picture in pictures}
    known = _known(organisation, wanted)
    # In the order of their hashes: two imports with the same pictures never wait for one another in a circle.
    missing = [_row(organisation, wanted[sha256], source) for sha256 in sorted(wanted.keys() - known.keys())]
    if missing:
        Capture.objects.bulk_create(missing, ignore_conflicts=True)
        # A row that met another's has no number of its own: read back whichever is there.
        known |= _known(organisation, [row.sha256 for row in missing])
    return known


def _known(organisation: int, hashes: Iterable[str]) -> dict[str, Capture]:
    rows = Capture.objects.filter(organisation_id=organisation, sha256__in=list(hashes))
    return {row.sha256: row for row in rows}


def _row(organisation: int, picture: SafePicture, source: str) -> Capture:
    return Capture(
        organisation_id=organisation,
        public_id=new_id("cap"),
        sha256=picture.sha256,
        media_type=picture.facts.media_type,
        size=picture.size,
        width=picture.facts.width,
        height=picture.facts.height,
        source=source[:200],
    )

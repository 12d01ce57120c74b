"""Fingerprints of the pictures of listings: made once, kept beside the picture, read back for a run of listings."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import F

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageSource, ImageUnavailable
from countermark.node.evidence.models import Capture
from countermark.node.evidence.selectors import address_of
from countermark.node.findings.models import PictureFingerprint
from countermark.node.listings.models import ListingPicture
from countermark.signals.image import ALGORITHM, fingerprint
from countermark.signals.image.family import MOST_PICTURES
from countermark.signals.image.gallery import LOGO_QUALITY

#: Bytes of one hash.
HASH_BYTES = 32
#: Fingerprints written at once: a worker that is killed makes at most so many again.
WRITTEN_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Run:
    """Listings of one organisation, by row number, both ends included."""

    organisation: int
    first: int
    last: int


def keep_missing(captures: Collection[int], images: ImageSource, beat: Callable[[], None] = lambda: None) -> int:
    """Make and keep the fingerprints that these pictures (row numbers) lack; gives how many were made.

    They are facts about bytes that never change, so they are kept at once, whatever becomes of the work that asked:
    the same picture gives the same row, and whoever is second writes what is there. A picture that cannot be had is
    left for another time; one that cannot be decoded is kept as too plain. `beat` is called between two writes.
    """
    known = PictureFingerprint.objects.filter(pk__in=captures, algorithm=ALGORITHM).values_list("pk", flat=True)
    missing = sorted(set(captures) - set(known))
    made = 0
    for start in range(0, len(missing), WRITTEN_AT_ONCE):
        beat()
        rows = Capture.objects.filter(pk__in=missing[start : start + WRITTEN_AT_ONCE]).order_by("pk")
        fresh = [row for pk, sha256 in rows.values_list("pk", "sha256") if (row := _made(pk, sha256, images))]
        PictureFingerprint.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["capture"], update_fields=["algorithm", "hashes"]
        )
        made += len(fresh)
    return made


def shown_in(run: Run) -> dict[int, list[int]]:
    """The kept pictures that the engine looks at, by row number, each with the listings of the run that show it."""
    pictures = ListingPicture.objects.filter(
        listing__organisation_id=run.organisation,
        listing_id__gte=run.first,
        listing_id__lte=run.last,
        capture__organisation_id=F("listing__organisation_id"),
        position__lt=MOST_PICTURES,
    )
    shown: dict[int, list[int]] = {}
    for listing, capture in pictures.values_list("listing_id", "capture_id"):
        shown.setdefault(capture, []).append(listing)
    return shown


def hashes_of(captures: Collection[int]) -> tuple[list[int], list[bytes]]:
    """The kept hashes of these pictures: row numbers (one picture may have several hashes) and 32 bytes each."""
    keys: list[int] = []
    hashes: list[bytes] = []
    rows = PictureFingerprint.objects.filter(pk__in=captures, algorithm=ALGORITHM).order_by("pk")
    for capture, joined in rows.values_list("pk", "hashes"):
        held = bytes(joined)
        for place in range(0, len(held), HASH_BYTES):
            keys.append(capture)
            hashes.append(held[place : place + HASH_BYTES])
    return keys, hashes


def _made(capture: int, sha256: str, images: ImageSource) -> PictureFingerprint | None:
    try:
        found = fingerprint(images.read(address_of(sha256)))
    except ImageUnavailable:
        return None
    except RefusedPicture:
        return PictureFingerprint(capture_id=capture, algorithm=ALGORITHM, hashes=b"")
    joined = b"".join(one.bits for one in found.usable(LOGO_QUALITY))
    return PictureFingerprint(capture_id=capture, algorithm=ALGORITHM, hashes=joined)

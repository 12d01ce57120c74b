"""Image signals: official photos and logos that turn up, edited or not, among the pictures of listings."""

from countermark.signals.image.copies import CopyStage
from countermark.signals.image.dct256 import ALGORITHM, Dct256
from countermark.signals.image.family import RADIUS, ImageSignals, Unreadable
from countermark.signals.image.fingerprint import Fingerprint, fingerprint, fingerprint_grey
from countermark.signals.image.gallery import LeftOut
from countermark.signals.image.index import FingerprintIndex, Hit, Hits
from countermark.signals.image.logos import LogoStage
from countermark.signals.image.logos.specs import SPECS as _LOGO_SPECS
from countermark.signals.image.seen import SeenPicture, Stage
from countermark.signals.image.specs import HINTS
from countermark.signals.image.specs import SPECS as _COPY_SPECS

SPECS = (*_COPY_SPECS, *_LOGO_SPECS)

__all__ = [
    "ALGORITHM",
    "HINTS",
    "RADIUS",
    "SPECS",
    "CopyStage",
    "Dct256",
    "Fingerprint",
    "FingerprintIndex",
    "Hit",
    "Hits",
    "ImageSignals",
    "LeftOut",
    "LogoStage",
    "SeenPicture",
    "Stage",
    "Unreadable",
    "fingerprint",
    "fingerprint_grey",
]

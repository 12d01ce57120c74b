"""The file that names a network and says how it wants its pictures."""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from countermark.formats.safe_yaml import LARGEST, read_mapping
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

#: Bytes of a network; large vision models have about 1.3 GB.
LARGEST_NETWORK = 2 << 30
MOST_SIDE = 1024


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the settings file says.

    Attributes:
        model: path of the ONNX file, relative to the settings file.
        sha256: of that file, in hex.
        size: side in pixels of the square picture that the network takes.
        threshold: cosine from which a picture counts as alike, above 0 and below 1.
        mean, std: of red, green, blue, taken off and divided by after levels are brought to [0, 1].
        layout: `nchw` (one plane a colour) or `nhwc`.
        output: name of the output; the first when empty.
        normalise: divide vectors by their length; False when the network does.
    """

    model: str
    sha256: str
    size: int
    threshold: float
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)
    layout: Literal["nchw", "nhwc"] = "nchw"
    output: str = ""
    normalise: bool = True

    def digest(self) -> str:
        """SHA-256 in hex over everything but the path; the network counts by its own hash."""
        kept = msgspec.structs.replace(self, model="")
        return hashlib.sha256(msgspec.json.encode(kept, order="deterministic")).hexdigest()


def read_network_settings(path: Path) -> NetworkSettings:
    """Read the file, and check the network it names.

    Raises:
        InvalidRecord: naming the field and what to mend.
        OSError: when a file cannot be read.
    """
    with path.open("rb") as file:
        raw = read_mapping(file.read(LARGEST + 1), path.name)
    try:
        settings = convert(raw, NetworkSettings)
    except msgspec.ValidationError as error:
        raise InvalidRecord(path.name, f"{str(error).rstrip('.')}.", "Compare it with the how-to page.") from error
    _check(settings, path.name)
    settings = msgspec.structs.replace(settings, model=str((path.parent / settings.model).resolve()))
    _check_network(settings)
    return settings


def _check(settings: NetworkSettings, name: str) -> None:
    if not 8 <= settings.size <= MOST_SIDE:
        raise InvalidRecord(f"{name}: size", f"{settings.size} is no side.", f"Give pixels from 8 to {MOST_SIDE}.")
    if not 0 < settings.threshold < 1:
        raise InvalidRecord(
            f"{name}: threshold", f"{settings.threshold} is no cosine to ask for.", "Give one above 0 and below 1."
        )
    if min(settings.std) <= 0:
        raise InvalidRecord(f"{name}: std", "a deviation must be above 0.", "Take the numbers of the network's card.")


def _check_network(settings: NetworkSettings) -> None:
    path = Path(settings.model)
    if path.stat().st_size > LARGEST_NETWORK:
        raise InvalidRecord("model", f"{path.name} is larger than 2 GiB.", "Export a smaller network.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != settings.sha256.lower():
        raise InvalidRecord(
            "sha256", f"{path.name} has the hash {found}.", "Write that one, if this is the file you trust."
        )

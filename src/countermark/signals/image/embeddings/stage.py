"""The stage: the vectors of official photos, and the one that a picture of a listing resembles most."""

from importlib.util import find_spec
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRole, ImageSource, ImageUnavailable, Portfolio, Signal
from countermark.signals.image.embeddings.network import Network
from countermark.signals.image.embeddings.settings import NetworkSettings
from countermark.signals.image.pixels import colour_pixels
from countermark.signals.image.seen import SeenPicture

LOOKS_LIKE = "image.looks_like"
#: Value at the threshold; a picture with the very vector has 1.
VALUE_AT_THRESHOLD = 0.5

#: House, right and uri of an official photo.
_Known = tuple[str, str, str]


def can_embed() -> bool:
    """Whether the extra `pictures` is installed."""
    return all(find_spec(name) is not None for name in ("onnxruntime", "faiss"))


class EmbeddingStage:
    """Official photos as vectors of a network; a `seen.Stage`. Photos that cannot be had or read are left out.

    Picklable: vectors and settings travel; the session and the index are made again where they are needed.
    """

    def __init__(self, network: Network, known: list[_Known], vectors: npt.NDArray[np.float32]) -> None:
        self._network, self._known, self._vectors = network, known, vectors
        self._index: Any = None

    def __reduce__(self) -> tuple[type[Self], tuple[Network, list[_Known], npt.NDArray[np.float32]]]:
        return type(self), (self._network, self._known, self._vectors)

    @classmethod
    def prepare(cls, portfolio: Portfolio, references: ImageSource, settings: NetworkSettings) -> Self:
        """Embed every official photo of a portfolio.

        Raises:
            InvalidRecord: when the network cannot be run as its settings say.
        """
        network, known, vectors = Network(settings), [], []
        for right in portfolio.rights:
            for reference in right.references:
                if reference.role is not ImageRole.OFFICIAL:
                    continue
                try:
                    picture = colour_pixels(references.read(reference.uri), settings.size)
                except (ImageUnavailable, RefusedPicture):
                    continue
                vectors.append(network.embed(picture))
                known.append((right.brand, right.id, reference.uri))
        return cls(network, known, np.array(vectors, np.float32))

    def digest(self) -> str:
        """SHA-256 in hex of network and settings; part of the reference hash of a scan."""
        return self._network.settings.digest()

    def look(self, picture: SeenPicture) -> list[Signal]:
        """The official photo nearest to a picture, where the cosine reaches the threshold."""
        if not self._known:
            return []
        settings = self._network.settings
        vector = self._network.embed(picture.colour(settings.size))
        if self._index is None:
            import faiss  # noqa: PLC0415 - it belongs to an extra

            self._index = faiss.IndexFlatIP(self._vectors.shape[1])
            self._index.add(self._vectors)
        cosines, places = self._index.search(vector[None], 1)
        cosine = min(float(cosines[0, 0]), 1.0)
        if cosine < settings.threshold:
            return []
        brand, right_id, uri = self._known[int(places[0, 0])]
        share = (cosine - settings.threshold) / (1 - settings.threshold)
        return [
            Signal(
                name=LOOKS_LIKE,
                value=round(VALUE_AT_THRESHOLD + (1 - VALUE_AT_THRESHOLD) * share, 4),
                brand=brand,
                right_id=right_id,
                reference=uri,
                listing_image=picture.uri,
                facts={
                    "reference": uri,
                    "cosine": f"{cosine:.3f}",
                    "threshold": f"{settings.threshold:g}",
                    "network": settings.sha256.lower()[:16],
                },
            )
        ]

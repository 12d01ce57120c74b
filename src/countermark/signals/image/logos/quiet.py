"""Embeddings of bare cloth, shipped with the weights: how alike a reference is to nothing in particular."""

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt


@cache
def quiet_embeddings() -> npt.NDArray[np.float32]:
    """(N, D) unit vectors of training windows without any mark."""
    with np.load(BytesIO(files(__package__).joinpath("weights.npz").read_bytes())) as stored:
        rows: npt.NDArray[np.float32] = stored["quiet"].astype(np.float32) / 127.0
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

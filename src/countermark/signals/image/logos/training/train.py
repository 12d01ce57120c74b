"""Make `weights.npz` anew: `python -m countermark.signals.image.logos.training.train --marks A.tar.gz --photos DIR`.

Needs torch (any build; the shipped file was made with 2.13.0 on one CPU core), which the project itself does not
depend on. Only the train split of marks and photos is read. Minutes are wall time: no two runs give the same bytes.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]

from countermark.signals.image.logos.training.datasets import read_marks, read_photos
from countermark.signals.image.logos.training.embed import train_embedder, window_fields
from countermark.signals.image.logos.training.judging import embed_fields, train_judge
from countermark.signals.image.logos.training.nets import Embedder, PairJudge
from countermark.signals.image.logos.training.samples import draw_empty, draw_samples

QUIET = 3000


def quiet_rows(embedder: Embedder, empty: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
    """Embeddings (3000, 128) of bare windows, seven bits and sign."""
    step = max(1, len(empty) // QUIET)
    rows = embed_fields(embedder, window_fields(empty[::step][:QUIET]))
    return np.round(rows * 127).astype(np.int8)


def save(path: Path, embedder: Embedder, judge: PairJudge, quiet: npt.NDArray[np.int8]) -> None:
    """The file that `layers.load_networks` and `quiet.quiet_embeddings` read."""
    out: dict[str, npt.NDArray[np.generic]] = {"quiet": quiet}
    for name, net in (("embed", embedder), ("judge", judge)):
        for at, (weight, bias) in enumerate(net.arrays()):
            out[f"{name}_w{at}"], out[f"{name}_b{at}"] = weight, bias
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **out)


def main() -> None:
    """Read the arguments, train, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=Path, required=True, help=".tar.gz of single-path SVG icons")
    parser.add_argument("--photos", type=Path, required=True, help="folder of JPEG photographs")
    parser.add_argument("--out", type=Path, default=Path("weights.npz"))
    parser.add_argument("--each", type=int, default=20, help="composites of every mark")
    parser.add_argument("--bare", type=int, default=20, help="windows without mark of every photo")
    parser.add_argument("--embed-minutes", type=float, default=14.0)
    parser.add_argument("--judge-minutes", type=float, default=11.0)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    marks = list(read_marks(asked.marks, "train").values())
    photos = [photo for _, photo in read_photos(asked.photos, "train")]
    samples, empty = draw_samples(marks, photos, asked.each, 1), draw_empty(photos, asked.bare, 2)
    embedder = train_embedder(samples, empty, marks, asked.embed_minutes)
    judge = train_judge(samples, empty, marks, embedder, asked.judge_minutes)
    save(asked.out, embedder, judge, quiet_rows(embedder, empty))


if __name__ == "__main__":
    main()

"""Make `verdict.npz` anew: `python -m countermark.signals.image.logos.training.verdict --marks A.tar.gz --photos DIR`.

After `train.py`, whose networks must be in place: the search itself gathers what it ends up with on photos of the train
split (`finalists.py`), and the verdict network learns to tell right from wrong (`deciding.py`). Give `--icons` and
`--fonts` too: the search is too sure of marks that its networks have learnt. Weights of the other evidence are set by
hand below; on dev, not on train, for the same reason. Needs torch, no GPU.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]

from countermark.signals.image.logos.evidence import NAMES
from countermark.signals.image.logos.layers import load_networks
from countermark.signals.image.logos.search import unit
from countermark.signals.image.logos.templates import Mark, embed_field
from countermark.signals.image.logos.training.datasets import read_photos
from countermark.signals.image.logos.training.deciding import maps_of, train_verdict
from countermark.signals.image.logos.training.finalists import lay, search
from countermark.signals.image.logos.training.nets import VerdictNet
from countermark.signals.image.logos.training.train import all_marks, say, shared_arguments

#: What each number of the evidence weighs; the rest weigh nothing.
WEIGHTS = {"network": 1.0, "logit": 0.5, "flat": 4.0, "flat_local": 6.0}
ADDED = -8.4
_NEIGHBOURS = 12


def neighbours(marks: list[Mark]) -> npt.NDArray[np.int64]:
    """The marks most like each mark (K, 12), by the embedding network."""
    net = load_networks()[0]
    fields = (np.stack([embed_field(mark) for mark in marks[at : at + 256]]) for at in range(0, len(marks), 256))
    rows = unit(np.concatenate([net(part)[:, :, 1, 1] for part in fields]))
    parts = np.array_split(rows, max(1, len(rows) // 500))
    return np.concatenate([np.argsort(-(part @ rows.T), axis=1)[:, 1 : 1 + _NEIGHBOURS] for part in parts])


def save(path: Path, net: VerdictNet) -> None:
    """The file that `verdict.Verdict` reads."""
    out: dict[str, npt.NDArray[np.generic]] = {
        "weights": np.array([WEIGHTS.get(name, 0.0) for name in NAMES], np.float32),
        "added": np.array([ADDED], np.float32),
    }
    for at, (weight, bias) in enumerate(net.arrays()):
        out[f"verdict_w{at}"], out[f"verdict_b{at}"] = weight, bias
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **out)


def main() -> None:
    """Read the arguments, search, teach, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared_arguments(parser)
    parser.add_argument("--out", type=Path, default=Path("verdict.npz"))
    parser.add_argument("--searching", type=float, default=12.0, help="minutes to search whole photos")
    parser.add_argument("--laying", type=float, default=4.0, help="minutes to lay single composites upright")
    parser.add_argument("--steps", type=int, default=800, help="batches of places to learn from")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    marks = all_marks(asked)
    photos = [photo for _, photo in read_photos(asked.photos, "train")]
    gathered = search(marks, photos, 100, asked.searching)
    gathered.extend(lay(load_networks()[1], marks, neighbours(marks), photos, 200, asked.laying))
    say(len(gathered.same), "places,", sum(gathered.same), "of them right")
    net = train_verdict(maps_of(gathered, marks), np.array(gathered.same), steps=asked.steps)
    save(asked.out, net)
    say("saved")


if __name__ == "__main__":
    main()

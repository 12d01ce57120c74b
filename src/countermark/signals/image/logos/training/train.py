"""Make `weights.npz` anew: `python -m countermark.signals.image.logos.training.train --marks A.tar.gz --photos DIR`.

Needs torch (any build), which the project itself does not depend on. Only the train split of marks and photos is read;
`--icons` and `--fonts` add shapes (see `shapes.py`). Minutes are wall time: no two runs give the same bytes. It is for
a GPU and 16 cores; the file that is shipped was still made on one CPU core in 25 minutes, from the marks alone.
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]

from countermark.signals.image.logos.templates import Mark, embed_field, judge_field
from countermark.signals.image.logos.training import shapes
from countermark.signals.image.logos.training.datasets import drawn_mark, mark_sources, read_photos
from countermark.signals.image.logos.training.embed import (
    Windows,
    as_tensor,
    embeddings,
    train_embedder,
    window_embeddings,
)
from countermark.signals.image.logos.training.fields import same_as_search
from countermark.signals.image.logos.training.judging import Pairs, train_judge
from countermark.signals.image.logos.training.nets import Embedder, PairJudge
from countermark.signals.image.logos.training.samples import draw_empty, draw_samples

QUIET = 3000
_NEIGHBOURS = 16
_started = time.monotonic()


def say(*words: object) -> None:
    """Print with the seconds so far."""
    print(f"{time.monotonic() - _started:6.0f}s", *words, flush=True)  # noqa: T201


def all_marks(asked: argparse.Namespace) -> list[Mark]:
    """Marks of the train split first, then icons, then words."""
    unwanted = {*mark_sources(asked.marks, "dev"), *mark_sources(asked.marks, "test")}
    sources = list(shapes.icon_sources(asked.icons or [], unwanted))
    if len(sources) > asked.most_icons:
        sources = [sources[at] for at in np.random.default_rng(13).permutation(len(sources))[: asked.most_icons]]
    with ProcessPoolExecutor(asked.processes) as pool:
        marks = list(pool.map(drawn_mark, mark_sources(asked.marks, "train").values(), chunksize=16))
        marks += [mark for mark in pool.map(shapes.icon, sources, chunksize=64) if mark is not None]
        say(len(marks), "marks with icons")
        fonts = sorted([*asked.fonts.glob("*.ttf"), *asked.fonts.glob("*.woff")]) if asked.fonts else []
        asks = [(fonts, seed) for seed in range(asked.words if fonts else 0)]
        marks += [mark for mark in pool.map(_word, asks, chunksize=64) if mark is not None]
    say(len(marks), "marks with words")
    return marks


def _word(asked: tuple[list[Path], int]) -> Mark | None:
    return shapes.word(asked[0], np.random.default_rng((11, asked[1])))


def drawings(marks: list[Mark], processes: int) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.float16]]:
    """Edge fields of all drawings, for either network."""
    with ProcessPoolExecutor(processes) as pool:
        return tuple(  # type: ignore[return-value]
            np.stack(list(pool.map(of, marks, chunksize=128))).astype(np.float16) for of in (embed_field, judge_field)
        )


def quiet_rows(embedder: Embedder, bare: torch.Tensor) -> npt.NDArray[np.int8]:
    """Embeddings (3000, D) of bare windows, seven bits and sign."""
    step = max(1, len(bare) // QUIET)
    rows = window_embeddings(embedder, bare[::step][:QUIET])
    return np.asarray(torch.round(rows * 127).cpu().numpy(), np.int8)


def save(path: Path, embedder: Embedder, judge: PairJudge, quiet: npt.NDArray[np.int8]) -> None:
    """The file that `layers.load_networks` and `quiet.quiet_embeddings` read."""
    out: dict[str, npt.NDArray[np.generic]] = {"quiet": quiet}
    for name, net in (("embed", embedder), ("judge", judge)):
        for at, (weight, bias) in enumerate(net.arrays()):
            out[f"{name}_w{at}"], out[f"{name}_b{at}"] = weight, bias
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **out)


def neighbours(embedder: Embedder, drawn: torch.Tensor, bare: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The marks most like each mark (K, n), and the marks most like each bare window (M, n)."""
    ours = embeddings(embedder, drawn)
    alike = torch.cat([(part @ ours.T).topk(_NEIGHBOURS + 1).indices[:, 1:] for part in ours.split(1024)])
    free = window_embeddings(embedder, bare)
    return alike, torch.cat([(part @ ours.T).topk(_NEIGHBOURS).indices for part in free.split(1024)])


def _left(asked: argparse.Namespace) -> float:
    """Minutes left, with a quarter of one kept back for saving."""
    left: float = asked.minutes - (time.monotonic() - _started) / 60 - 0.25
    return max(0.1, left)


def main() -> None:
    """Read the arguments, draw, train, save."""
    asked = _asked()
    cv2.setNumThreads(1)
    torch.backends.cudnn.benchmark = True
    marks = all_marks(asked)
    photos = [photo for _, photo in read_photos(asked.photos, "train")]
    if not same_as_search(photos[0]):
        raise SystemExit("torch and OpenCV see another edge field here: what is taught would not be what searches")
    embed_drawn, judge_drawn = drawings(marks, asked.processes)
    samples = draw_samples(marks, photos, asked.each, 1, asked.processes)
    empty = draw_empty(photos, asked.bare, 2, asked.processes)
    say(len(samples.windows), "composites", len(empty), "bare windows")
    shown, labels, bare = (as_tensor(rows, asked.device) for rows in (samples.windows, samples.marks, empty))
    windows = Windows(shown, labels, samples.poses, bare)
    drawn = as_tensor(embed_drawn, asked.device).float()
    minutes = 0.42 * _left(asked)
    say("teaching to embed for", round(minutes, 2), "minutes")
    classes = min(asked.batch, len(marks))
    embedder = train_embedder(windows, drawn, minutes, classes=classes, empty=asked.batch)
    alike, mistaken = neighbours(embedder, drawn, bare)
    fields = as_tensor(judge_drawn, asked.device)
    pairs = Pairs(windows, fields, alike, mistaken, 5)
    minutes = _left(asked)
    say("teaching to judge for", round(minutes, 2), "minutes")
    judge = train_judge(pairs, minutes, batch=asked.batch, processes=max(0, asked.processes - 2))
    save(asked.out, embedder, judge, quiet_rows(embedder, bare))
    say("saved")


def shared_arguments(parser: argparse.ArgumentParser) -> None:
    """What every recipe asks for: where marks and photos are, and how many."""
    parser.add_argument("--marks", type=Path, required=True, help=".tar.gz of single-path SVG icons")
    parser.add_argument("--photos", type=Path, required=True, help="folder of JPEG photographs")
    parser.add_argument("--icons", type=Path, nargs="*", help="icons.json of Iconify sets")
    parser.add_argument("--fonts", type=Path, help="folder of fonts, .ttf or .woff")
    parser.add_argument("--most-icons", type=int, default=22000, help="icons to take, at random")
    parser.add_argument("--words", type=int, default=6000, help="words and monograms to draw")
    parser.add_argument("--processes", type=int, default=16)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    shared_arguments(parser)
    parser.add_argument("--out", type=Path, default=Path("weights.npz"))
    parser.add_argument("--each", type=int, default=16, help="composites of every mark")
    parser.add_argument("--bare", type=int, default=80, help="windows without mark of every photo")
    parser.add_argument("--batch", type=int, default=1024, help="marks, and bare windows, in a batch")
    parser.add_argument("--minutes", type=float, default=9.3, help="wall time for everything, drawing included")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


if __name__ == "__main__":
    main()

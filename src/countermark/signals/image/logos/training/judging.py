"""Teach the pair judge: same mark or not, and where the corners really are."""

import time

import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.pairs import Views, moved, offsets, pair_field
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels, embed_field, judge_field
from countermark.signals.image.logos.training.embed import window_fields
from countermark.signals.image.logos.training.nets import Embedder, PairJudge
from countermark.signals.image.logos.training.samples import LONG, PATCH, Samples

_RIGHT, _WRONG, _BARE = 96, 48, 112
_NEIGHBOURS = 12


class _Pairs:
    """Draws batches of pairs; wrong ones are those the embedding network mistakes."""

    def __init__(self, samples: Samples, empty: Pixels, marks: list[Mark], embedder: Embedder, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._samples, self._empty = samples, empty
        self._drawn = [judge_field(mark) for mark in marks]
        ours = embed_fields(embedder, np.stack([embed_field(mark) for mark in marks]))
        self._alike = np.argsort(-(ours @ ours.T), axis=1)[:, 1 : _NEIGHBOURS + 1]
        self._mistaken = np.argsort(-(embed_fields(embedder, window_fields(empty)) @ ours.T), axis=1)[:, :_NEIGHBOURS]

    def batch(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Fields (N, 6, 56, 56), whether it is the same mark (N,), corner offsets (N, 8)."""
        fields: list[npt.NDArray[np.float32]] = []
        right: list[float] = []
        corners: list[npt.NDArray[np.float32]] = []
        for at in self._rng.integers(len(self._samples.windows), size=_RIGHT + _WRONG):
            same = len(fields) < _RIGHT
            label = int(self._samples.marks[at])
            truth = self._samples.poses[at].astype(np.float64)
            pose = self._pose(truth)
            shown = label if same else int(self._rng.choice(self._alike[label]))
            fields.append(pair_field(Views(self._samples.windows[at]), pose, self._drawn[shown]))
            right.append(float(same))
            corners.append(offsets(pose, truth))
        for at in self._rng.integers(len(self._empty), size=_BARE):
            shown = int(self._rng.choice(self._mistaken[at]))
            fields.append(pair_field(Views(self._empty[at]), self._pose(None), self._drawn[shown]))
            right.append(0.0)
            corners.append(np.zeros(8, np.float32))
        return np.stack(fields), np.array(right, np.float32), np.stack(corners)

    def _pose(self, truth: Matrix | None) -> Matrix:
        """Half as the search proposes it, half as it is after a correction."""
        rng = self._rng
        if truth is None or rng.random() < 0.4:
            half = LONG / 2 * np.exp(rng.uniform(-0.08, 0.08))
            x, y = (PATCH - 1) / 2 + rng.uniform(-2, 2, 2)
            first = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])
            return first if truth is not None or rng.random() < 0.4 else moved(first, _noise(rng, 0.25))
        return moved(truth, _noise(rng, float(rng.choice([0.04, 0.15]))))


def _noise(rng: np.random.Generator, size: float) -> npt.NDArray[np.float32]:
    shift, turn, grow = rng.normal(0, size, 2), rng.normal(0, size), rng.normal(0, size * 0.7)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * np.exp(grow)
    out = turned + shift + rng.normal(0, size * 0.2, (4, 2)) - corners
    return np.asarray(np.clip(out, -0.6, 0.6).ravel(), np.float32)


def embed_fields(net: Embedder, fields: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Embeddings (N, 128) of edge fields (N, 3, 64, 64)."""
    out = []
    with torch.no_grad():
        for start in range(0, len(fields), 256):
            part = torch.from_numpy(fields[start : start + 256].astype(np.float32))
            out.append(net(part)[:, :, 1, 1].numpy())
    return np.asarray(np.concatenate(out), np.float32)


def train_judge(
    samples: Samples, empty: Pixels, marks: list[Mark], embedder: Embedder, minutes: float, seed: int = 5
) -> PairJudge:
    """Cross entropy on same or not, Huber on the corners of the right pairs."""
    torch.manual_seed(seed)
    pairs = _Pairs(samples, empty, marks, embedder, seed)
    net = PairJudge()
    net.to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
    started, step = time.monotonic(), 0
    while (part := (time.monotonic() - started) / (60 * minutes)) < 1:
        for group in best.param_groups:
            group["lr"] = 2e-3 * min(1.0, 0.05 + part * 20) * (1 - part) + 1e-5
        fields, right, corners = (torch.from_numpy(each) for each in pairs.batch())
        with torch.autocast("cpu", torch.bfloat16):
            out = net(fields.contiguous(memory_format=torch.channels_last))
        out = out.float()
        same = nn.functional.binary_cross_entropy_with_logits(out[:, 0], right)
        place = nn.functional.smooth_l1_loss(out[right > 0, 1:], corners[right > 0], beta=0.05)
        best.zero_grad()
        (same + 3 * place).backward()
        best.step()
        step += 1
        if step % 50 == 0:
            hits = ((out[:, 0] > 0).float() == right).float()
            print(  # noqa: T201
                f"judge {step} {time.monotonic() - started:.0f}s same {same.item():.3f} corners {place.item():.4f} "
                f"right {hits[:_RIGHT].mean():.2f} wrong {hits[_RIGHT:-_BARE].mean():.2f} "
                f"bare {hits[-_BARE:].mean():.2f}",
                flush=True,
            )
    net.eval()
    return net

"""Teach the verdict network whether the mark is really there, from finalists right and wrong (`finalists.py`)."""

import time
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.evidence import Drawing, seen_maps, settle
from countermark.signals.image.logos.maps import NAMES
from countermark.signals.image.logos.templates import JUDGE_SIDE, Mark
from countermark.signals.image.logos.training.finalists import Finalists
from countermark.signals.image.logos.training.nets import VerdictNet

_STEPS = 31.0  # levels of a byte for one unit of a map
_PEAK = 2e-3
_RIGHT = 0.35  # share of a batch that is right
_TURNED = [NAMES.index("edges across"), NAMES.index("drawn across")]  # change sign in a mirror

Bytes = npt.NDArray[np.int8]


def maps_of(finalists: Finalists, marks: Sequence[Mark]) -> Bytes:
    """Maps (N, 13, 56, 56) of all windows, a byte a number."""
    known = cache(lambda mark: Drawing(marks[mark]))
    out = np.zeros((len(finalists.windows), len(NAMES), JUDGE_SIDE, JUDGE_SIDE), np.int8)
    for at in np.argsort(finalists.marks, kind="stable"):
        drawing = known(finalists.marks[at])
        window = finalists.windows[at]
        seen = seen_maps(window, drawing, settle(window, drawing)[1])
        out[at] = np.clip(np.round(seen * _STEPS), -127, 127)
        if known.cache_info().currsize > 200:
            known.cache_clear()
    return out


def train_verdict(
    maps: Bytes, same: npt.NDArray[np.int64], *, steps: int, batch: int = 192, seed: int = 9
) -> VerdictNet:
    """Cross entropy over batches of which a set share is right; places are mirrored both ways at random."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net: VerdictNet = VerdictNet().to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=_PEAK, weight_decay=0.05)
    right, wrong = (_endless(np.flatnonzero(same == is_same), rng) for is_same in (1, 0))
    started, first = time.monotonic(), round(batch * _RIGHT)
    for step in range(steps):
        for group in best.param_groups:
            group["lr"] = _PEAK * min(1.0, (step + 1) / (0.05 * steps)) * (1 - step / steps) + 1e-6
        picked = [next(right) for _ in range(first)] + [next(wrong) for _ in range(batch - first)]
        shown = torch.from_numpy(_mirrored(maps[np.array(picked)], rng)).float() / _STEPS
        with torch.autocast("cpu", torch.bfloat16):
            out = net(shown.contiguous(memory_format=torch.channels_last)).float()
        target = torch.from_numpy(same[np.array(picked)]).float()
        loss = nn.functional.binary_cross_entropy_with_logits(out, target * 0.99 + 0.005)
        best.zero_grad(set_to_none=True)
        loss.backward()
        best.step()
        if (step + 1) % 100 == 0:
            hits = ((out > 0) == (target > 0)).float()
            print(  # noqa: T201
                f"verdict {step + 1} {time.monotonic() - started:.0f}s loss {loss.item():.4f} "
                f"right {hits[:first].mean():.3f} wrong {hits[first:].mean():.3f}",
                flush=True,
            )
    net.eval()
    return net


def _endless(rows: npt.NDArray[np.int64], rng: np.random.Generator):  # type: ignore[no-untyped-def]
    while True:
        yield from rng.permutation(rows)


def _mirrored(maps: Bytes, rng: np.random.Generator) -> Bytes:
    out = maps.copy()
    for axis in (2, 3):
        some = rng.random(len(out)) < 0.5
        turned = np.flip(out[some], axis=axis).copy()
        turned[:, _TURNED] *= -1
        out[some] = turned
    return out

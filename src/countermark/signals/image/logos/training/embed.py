"""Teach the embedding network: a mark on cloth lands near its drawing, plain cloth lands near no drawing."""

import time

import cv2
import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.templates import EMBED_LONG, Mark, Pixels, embed_field
from countermark.signals.image.logos.training.nets import Embedder
from countermark.signals.image.logos.training.samples import LONG, Samples

SIDE = 64  # pixels of a training window: the 48 that an embedding describes and a margin
_CLASSES, _EACH, _EMPTY = 128, 1, 96
_SCALE = 16.0


def window_fields(windows: Pixels) -> npt.NDArray[np.float16]:
    """Edge fields (N, 3, 64, 64) of stored windows, shrunk so that a mark is 32 pixels long."""
    out = np.zeros((len(windows), 3, SIDE, SIDE), np.float16)
    side = round(windows.shape[1] * EMBED_LONG / LONG)
    for at, window in enumerate(windows):
        out[at] = edge_field(cv2.resize(window, (side, side), interpolation=cv2.INTER_AREA))
    return out


def train_embedder(samples: Samples, empty: Pixels, marks: list[Mark], minutes: float, seed: int = 3) -> Embedder:
    """InfoNCE from window to drawing and back, where bare windows compete."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    drawn = np.stack([embed_field(mark) for mark in marks])
    shown, bare = window_fields(samples.windows), window_fields(empty)
    by_mark = [np.flatnonzero(samples.marks == at) for at in range(len(marks))]
    net = Embedder()
    net.to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.01)
    started, step, peak = time.monotonic(), 0, 1.5e-3
    while (part := (time.monotonic() - started) / (60 * minutes)) < 1:
        for group in best.param_groups:
            group["lr"] = peak * min(1.0, 0.05 + part * 20) * (1 - part) + 1e-5
        picked = rng.choice(len(marks), _CLASSES, replace=False)
        chosen = np.concatenate([rng.choice(by_mark[at], _EACH, replace=False) for at in picked])
        bare_at = rng.integers(len(bare), size=_EMPTY)
        loss, hit = _step(net, np.concatenate([drawn[picked], shown[chosen], bare[bare_at]]))
        best.zero_grad()
        loss.backward()
        best.step()
        step += 1
        if step % 50 == 0:
            spent = time.monotonic() - started
            print(f"embed {step} {spent:.0f}s loss {loss.item():.3f} hit {hit:.3f}", flush=True)  # noqa: T201
    net.eval()
    return net


def _step(net: Embedder, fields: npt.NDArray[np.floating]) -> tuple[torch.Tensor, float]:
    """Loss both ways: window to drawing over the batch, drawing to window over the batch and the bare windows."""
    with torch.autocast("cpu", torch.bfloat16):
        out = net(_tensor(fields))
    out = nn.functional.normalize(out.float()[:, :, 1, 1], dim=1)
    ours, near = out[:_CLASSES], out[_CLASSES:]
    shown = near[: _CLASSES * _EACH]
    target = torch.arange(_CLASSES).repeat_interleave(_EACH)
    alike = shown @ ours.T
    forth = nn.functional.cross_entropy(alike * _SCALE, target)
    bare = ours @ near[len(shown) :].T * _SCALE
    back = torch.zeros(())
    for at in range(_EACH):
        back = back + nn.functional.cross_entropy(
            torch.cat([ours @ shown[at::_EACH].T * _SCALE, bare], dim=1), torch.arange(_CLASSES)
        )
    hit = (alike.argmax(1) == target).float().mean().item()
    return forth + back / _EACH, hit


def _tensor(fields: npt.NDArray[np.floating]) -> torch.Tensor:
    return torch.from_numpy(fields.astype(np.float32)).contiguous(memory_format=torch.channels_last)

"""Teach the embedding network: a mark on cloth lands near its drawing, plain cloth lands near no drawing."""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.templates import EMBED_LONG
from countermark.signals.image.logos.training.fields import torch_field
from countermark.signals.image.logos.training.nets import Embedder
from countermark.signals.image.logos.training.samples import LONG, PATCH

SIDE = round(PATCH * EMBED_LONG / LONG)  # pixels of a training window: the 48 that an embedding describes and a margin
_SCALE = 20.0
_PEAK = 2e-3


def window_fields(windows: torch.Tensor) -> torch.Tensor:
    """Edge fields (N, 3, 64, 64) of stored windows (N, 96, 96, 3), shrunk so that a mark is 32 pixels long."""
    shown = windows.permute(0, 3, 1, 2).float()
    return torch_field(torch.round(nn.functional.interpolate(shown, (SIDE, SIDE), mode="area")))


@dataclass(frozen=True)
class Windows:
    """What both networks learn from, on the device that trains.

    Attributes:
        shown: composites (N, 96, 96, 3), bytes.
        marks: the mark of each (N,); every mark has as many.
        poses: mark units -> window pixels (N, 3, 3).
        bare: windows without any mark (M, 96, 96, 3).
    """

    shown: torch.Tensor
    marks: torch.Tensor
    poses: npt.NDArray[np.float32]
    bare: torch.Tensor


def train_embedder(
    windows: Windows, drawn: torch.Tensor, minutes: float, *, classes: int, empty: int, seed: int = 3
) -> Embedder:
    """InfoNCE from window to drawing and back, where bare windows compete.

    Args:
        windows: composites and bare windows.
        drawn: edge fields of the drawings (K, 3, 64, 64).
        minutes: how long; the learning rate falls to nothing over them.
        classes: marks in a batch.
        empty: bare windows in a batch.
        seed: of the first weights and the order.
    """
    torch.manual_seed(seed)
    device = windows.shown.device
    by_mark = torch.argsort(windows.marks, stable=True).reshape(len(drawn), -1)
    net: Embedder = Embedder().to(device).to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=_PEAK, weight_decay=0.02)
    started, step = time.monotonic(), 0
    while (part := (time.monotonic() - started) / (60 * minutes)) < 1:
        for group in best.param_groups:
            group["lr"] = _PEAK * min(1.0, 0.05 + part * 20) * (1 - part) + 1e-6
        picked = torch.randperm(len(drawn), device=device)[:classes]
        chosen = by_mark[picked, torch.randint(by_mark.shape[1], (len(picked),), device=device)]
        free = torch.randint(len(windows.bare), (empty,), device=device)
        fields = torch.cat([drawn[picked], window_fields(windows.shown[chosen]), window_fields(windows.bare[free])])
        loss, hit = _loss(net, fields, len(picked))
        best.zero_grad(set_to_none=True)
        loss.backward()
        best.step()
        step += 1
        if step % 500 == 0:
            print(  # noqa: T201
                f"embed {step} {time.monotonic() - started:.0f}s loss {loss.item():.3f} hit {hit.item():.3f}",
                flush=True,
            )
    net.eval()
    return net


def _loss(net: Embedder, fields: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss both ways: window to drawing over the batch, drawing to window over the batch and the bare windows."""
    with torch.autocast(fields.device.type, torch.bfloat16):
        out = net(fields.contiguous(memory_format=torch.channels_last))
    out = nn.functional.normalize(out.float()[:, :, 1, 1], dim=1)
    ours, shown, bare = out[:count], out[count : 2 * count], out[2 * count :]
    target = torch.arange(count, device=fields.device)
    alike = shown @ ours.T
    forth = nn.functional.cross_entropy(alike * _SCALE, target)
    back = nn.functional.cross_entropy(torch.cat([ours @ shown.T, ours @ bare.T], dim=1) * _SCALE, target)
    return forth + back, (alike.argmax(1) == target).float().mean()


def embeddings(net: Embedder, fields: torch.Tensor) -> torch.Tensor:
    """Unit vectors (N, D) of edge fields (N, 3, 64, 64)."""
    with torch.no_grad():
        return torch.cat([net(part.float())[:, :, 1, 1] for part in fields.split(2048)])


def window_embeddings(net: Embedder, windows: torch.Tensor) -> torch.Tensor:
    """Unit vectors (N, D) of stored windows (N, 96, 96, 3)."""
    return torch.cat([embeddings(net, window_fields(part)) for part in windows.split(2048)])


def as_tensor(rows: npt.NDArray[np.generic], device: str) -> torch.Tensor:
    """An array on the device."""
    return torch.from_numpy(np.ascontiguousarray(rows)).to(device)

"""The edge field of `edges.py` and the upright window of `pairs.py` in torch, for thousands of windows at once."""

import numpy as np
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.pairs import Views
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, Pixels, unit_to_window

_KEEP = 4.0  # as in edges.py
_MEAN = 33  # side of the local mean, as in edges.py
_SOBEL = ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))


def torch_field(rgb: torch.Tensor) -> torch.Tensor:
    """Edge fields (N, 3, H, W) of RGB windows (N, 3, H, W), 0 to 255; `same_as_search` holds it to `edge_field`."""
    count, _, height, width = rgb.shape
    kernel = torch.tensor(_SOBEL, device=rgb.device, dtype=torch.float32)[None, None] * 0.25
    flat = nn.functional.pad(rgb.float(), (1, 1, 1, 1), mode="replicate").reshape(count * 3, 1, height + 2, width + 2)
    dx = nn.functional.conv2d(flat, kernel).reshape(count, 3, height, width)
    dy = nn.functional.conv2d(flat, kernel.transpose(2, 3)).reshape(count, 3, height, width)
    along, across = (dx * dx - dy * dy).sum(1), (2 * dx * dy).sum(1)
    energy = torch.sqrt((dx * dx + dy * dy).sum(1))
    strength = energy / (2 * _local_mean(energy) + _KEEP)
    norm = torch.sqrt(along * along + across * across) + 1e-3
    return torch.stack([strength * along / norm, strength * across / norm, strength], 1)


def same_as_search(photo: Pixels) -> bool:
    """Whether edge field and upright window of a corner of a photo come out as the search will see them."""
    window = np.ascontiguousarray(photo[:96, :96])
    pose = np.array([[23.0, 3.0, 47.0], [-3.0, 23.0, 49.0], [0.02, 0.01, 1.0]])
    shown = torch.from_numpy(window).permute(2, 0, 1)[None]
    fields = torch_field(shown)[0].numpy() - edge_field(window)
    laid = upright_windows(shown, torch.from_numpy(pose)[None])[0].permute(1, 2, 0).numpy() - Views(window).upright(
        pose
    )
    return bool(abs(fields).max() < 1e-3 and abs(laid).mean() < 0.5)


def _local_mean(energy: torch.Tensor) -> torch.Tensor:
    """Box mean with the border mirrored, edge pixel included (OpenCV's BORDER_REFLECT)."""
    reach = _MEAN // 2
    for axis in (1, 2):
        size = energy.shape[axis]
        at = torch.arange(-reach, size + reach, device=energy.device)
        at = torch.where(at < 0, -at - 1, at)
        at = torch.where(at >= size, 2 * size - 1 - at, at)
        energy = energy.index_select(axis, at)
    return nn.functional.avg_pool2d(energy[:, None], _MEAN, 1)[:, 0]


def upright_windows(windows: torch.Tensor, poses: torch.Tensor) -> torch.Tensor:
    """Windows (N, 3, 56, 56), 0 to 255, laid so that marks printed by `poses` (N, 3, 3) on (N, 3, S, S) are upright."""
    canon = torch.tensor(unit_to_window(JUDGE_SIDE, JUDGE_LONG), device=windows.device, dtype=torch.float32)
    side = torch.arange(JUDGE_SIDE, device=windows.device, dtype=torch.float32)
    rows, columns = torch.meshgrid(side, side, indexing="ij")
    grid = torch.stack([columns.ravel(), rows.ravel(), torch.ones_like(rows).ravel()])
    seen = poses.float() @ (torch.linalg.inv(canon) @ grid)
    places = (seen[:, :2] / seen[:, 2:]).transpose(1, 2).reshape(-1, JUDGE_SIDE, JUDGE_SIDE, 2)
    places = places / (windows.shape[-1] - 1) * 2 - 1
    shown = nn.functional.grid_sample(
        windows.float(), places, mode="bilinear", padding_mode="border", align_corners=True
    )
    return torch.round(shown)

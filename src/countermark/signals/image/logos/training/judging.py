"""Teach the pair judge: same mark or not, and where the corners really are."""

import time
from copy import copy

import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.pairs import moved, offsets
from countermark.signals.image.logos.templates import Matrix
from countermark.signals.image.logos.training.embed import Windows
from countermark.signals.image.logos.training.fields import torch_field, upright_windows
from countermark.signals.image.logos.training.nets import PairJudge
from countermark.signals.image.logos.training.samples import LONG, PATCH

_PEAK = 2e-3
_SHARES = (0.36, 0.24, 0.40)  # right pairs, wrong marks, bare windows


class Pairs:
    """Draws batches of pairs; wrong ones are those the embedding network mistakes."""

    def __init__(
        self, windows: Windows, drawn: torch.Tensor, alike: torch.Tensor, mistaken: torch.Tensor, seed: int
    ) -> None:
        """Drawings (K, 3, 56, 56), the marks most like each (K, n) and those most like each bare window (M, n)."""
        self._rng = np.random.default_rng(seed)
        self._shown, self._bare, self._drawn = windows.shown, windows.bare, drawn
        self._marks, self._poses = windows.marks.cpu().numpy(), windows.poses
        self._alike, self._mistaken = alike.cpu().numpy(), mistaken.cpu().numpy()

    @property
    def device(self) -> torch.device:
        """Where the pictures lie."""
        return self._shown.device

    def without_pictures(self) -> "Pairs":
        """A copy that can draw numbers and poses alone, for processes that must not touch the device."""
        light = copy(self)
        light._shown = light._bare = light._drawn = torch.zeros(0)
        return light

    def begin(self, seed: tuple[int, int]) -> None:
        """Draw from here on as `seed` says."""
        self._rng = np.random.default_rng(seed)

    def asked(self, count: int) -> tuple[npt.NDArray[np.generic], ...]:
        """Numbers of windows (N,), whether bare (N,), drawings (N,), poses (N, 3, 3), right (N,), corners (N, 8)."""
        right, wrong, free = (round(count * share) for share in _SHARES)
        shown = self._rng.integers(len(self._marks), size=right + wrong)
        empty = self._rng.integers(len(self._mistaken), size=free)
        poses, corners, drawings = [], [], []
        for number, at in enumerate(shown):
            truth = self._poses[at].astype(np.float64)
            pose = self._pose(truth)
            label = int(self._marks[at])
            drawings.append(label if number < right else int(self._rng.choice(self._alike[label])))
            poses.append(pose)
            corners.append(offsets(pose, truth))
        for at in empty:
            drawings.append(int(self._rng.choice(self._mistaken[at])))
            poses.append(self._pose(None))
            corners.append(np.zeros(8, np.float32))
        same = np.r_[np.ones(right), np.zeros(wrong + free)].astype(np.float32)
        bare = np.r_[np.zeros(right + wrong, bool), np.ones(free, bool)]
        return (
            np.r_[shown, empty],
            bare,
            np.array(drawings),
            np.stack(poses).astype(np.float32),
            same,
            np.stack(corners),
        )

    def fields(self, asked: tuple[npt.NDArray[np.generic], ...]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Fields (N, 6, 56, 56), right (N,), corners (N, 8) on the device that trains."""
        device = self._shown.device
        numbers, bare, drawings, poses, same, corners = (torch.as_tensor(part).to(device) for part in asked)
        shown = torch.cat([self._shown[numbers[~bare]], self._bare[numbers[bare]]]).permute(0, 3, 1, 2)
        seen = torch_field(upright_windows(shown, poses))
        return torch.cat([seen, self._drawn[drawings].float()], 1), same, corners

    def _pose(self, truth: Matrix | None) -> Matrix:
        """Half as the search proposes it, half as it is after a correction."""
        rng = self._rng
        if truth is None or rng.random() < 0.4:
            half = LONG / 2 * np.exp(rng.uniform(-0.08, 0.08))
            x, y = (PATCH - 1) / 2 + rng.uniform(-2, 2, 2)
            first = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])
            return first if truth is not None or rng.random() < 0.4 else moved(first, _noise(rng, 0.25))
        return moved(truth, _noise(rng, float(rng.choice([0.02, 0.06, 0.15]))))


def _noise(rng: np.random.Generator, size: float) -> npt.NDArray[np.float32]:
    shift, turn, grow = rng.normal(0, size, 2), rng.normal(0, size), rng.normal(0, size * 0.7)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * np.exp(grow)
    out = turned + shift + rng.normal(0, size * 0.2, (4, 2)) - corners
    return np.asarray(np.clip(out, -0.6, 0.6).ravel(), np.float32)


class Queue(torch.utils.data.IterableDataset):  # type: ignore[misc]
    """What `Pairs.asked` answers, drawn by processes of their own, since the poses are numpy."""

    def __init__(self, pairs: Pairs, count: int) -> None:
        super().__init__()
        self._pairs, self._count = pairs, count

    def __iter__(self):  # type: ignore[no-untyped-def]
        """Batches without end, other ones in each process."""
        at = torch.utils.data.get_worker_info()
        self._pairs.begin((7, 0 if at is None else at.id))
        while True:
            yield self._pairs.asked(self._count)


def train_judge(pairs: Pairs, minutes: float, *, batch: int, processes: int, seed: int = 5) -> PairJudge:
    """Cross entropy on same or not, Huber on the corners of the right pairs."""
    torch.manual_seed(seed)
    device = pairs.device
    net: PairJudge = PairJudge().to(device).to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=_PEAK, weight_decay=0.02)
    queue = torch.utils.data.DataLoader(Queue(pairs.without_pictures(), batch), batch_size=None, num_workers=processes)
    started = time.monotonic()
    for step, asked in enumerate(queue, 1):
        part = (time.monotonic() - started) / (60 * minutes)
        if part >= 1:
            break
        for group in best.param_groups:
            group["lr"] = _PEAK * min(1.0, 0.05 + part * 20) * (1 - part) + 1e-6
        fields, right, corners = pairs.fields(asked)
        with torch.autocast(device.type, torch.bfloat16):
            out = net(fields.contiguous(memory_format=torch.channels_last))
        out = out.float()
        same = nn.functional.binary_cross_entropy_with_logits(out[:, 0], right)
        place = nn.functional.smooth_l1_loss(out[right > 0, 1:], corners[right > 0], beta=0.05)
        best.zero_grad(set_to_none=True)
        (same + 3 * place).backward()
        best.step()
        if step % 500 == 0:
            hits = ((out[:, 0] > 0).float() == right).float()
            print(  # noqa: T201
                f"judge {step} {time.monotonic() - started:.0f}s same {same.item():.4f} corners {place.item():.4f} "
                f"right {hits[right > 0].mean():.3f} wrong {hits[right == 0].mean():.3f}",
                flush=True,
            )
    net.eval()
    return net

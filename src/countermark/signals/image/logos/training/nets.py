"""The two networks as torch modules; `layers.py` beside the search runs the same arithmetic in numpy."""

import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

from countermark.signals.image.logos.layers import EMBED_PLAN, JUDGE_PLAN, VERDICT_PLAN, Plan


class Stack(nn.Module):  # type: ignore[misc]
    """Convolutions of a plan, batch normalisation after each but the last, ReLU between."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.convs = nn.ModuleList(
            nn.Conv2d(step.inputs, step.outputs, step.size, step.stride, step.pad) for step in plan
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(step.outputs) for step in plan[:-1])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> (N, outputs, h, w)."""
        for conv, norm in zip(self.convs, self.norms, strict=False):
            x = torch.relu(norm(conv(x)))
        return self.convs[-1](x)

    def arrays(self) -> list[tuple[npt.NDArray[np.float16], npt.NDArray[np.float16]]]:
        """Weights and biases with the normalisation folded in, half precision."""
        out = []
        for at, conv in enumerate(self.convs):
            weight, bias = conv.weight.detach().double(), conv.bias.detach().double()
            if at < len(self.norms):
                norm = self.norms[at]
                scale = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
                weight = weight * scale[:, None, None, None]
                bias = (bias - norm.running_mean.double()) * scale + norm.bias.detach().double()
            out.append((weight.cpu().numpy().astype(np.float16), bias.cpu().numpy().astype(np.float16)))
        return out


class Embedder(Stack):
    """Edge field (N, 3, 48 or more, ...) -> embeddings (N, 128, h, w), unit length."""

    def __init__(self) -> None:
        super().__init__(EMBED_PLAN)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalised over channels."""
        return nn.functional.normalize(super().forward(x), dim=1)


class PairJudge(Stack):
    """Aligned pair of edge fields (N, 6, 56, 56) -> (N, 9): match logit, then corner-free homography residual."""

    def __init__(self) -> None:
        super().__init__(JUDGE_PLAN)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One row a pair."""
        return super().forward(x).flatten(1)


class VerdictNet(Stack):
    """Maps of a place (N, 13, 56, 56) -> log odds (N,) that the mark is there."""

    def __init__(self) -> None:
        super().__init__(VERDICT_PLAN)
        self.dropped = nn.Dropout(0.3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One number a place."""
        for conv, norm in zip(self.convs, self.norms, strict=False):
            x = torch.relu(norm(conv(x)))
        return self.convs[-1](self.dropped(x)).flatten()

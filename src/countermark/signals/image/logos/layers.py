"""Convolutions in plain numpy: the shipped networks need no deep-learning library."""

from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Step:
    """One convolution: channels in and out, kernel size, stride, zero padding."""

    inputs: int
    outputs: int
    size: int
    stride: int = 1
    pad: int = 0


Plan = tuple[Step, ...]
EMBED_PLAN: Plan = (
    Step(3, 24, 5, 2, 2),
    Step(24, 40, 3, 2, 1),
    Step(40, 96, 3, 2, 1),
    Step(96, 96, 3, 1, 1),
    Step(96, 40, 1),
    Step(40, 128, 6),
)
JUDGE_PLAN: Plan = (
    Step(6, 32, 5, 2, 2),
    Step(32, 48, 3, 2, 1),
    Step(48, 64, 3, 1, 1),
    Step(64, 80, 3, 2, 1),
    Step(80, 96, 3, 1, 1),
    Step(96, 128, 7),
    Step(128, 9, 1),
)
VERDICT_PLAN: Plan = (
    Step(13, 32, 5, 2, 2),
    Step(32, 48, 3, 2, 1),
    Step(48, 64, 3, 1, 1),
    Step(64, 64, 3, 2, 1),
    Step(64, 80, 3, 1, 1),
    Step(80, 96, 7),
    Step(96, 1, 1),
)
STRIDE = 8  # pixels of the input for one step of the embedding map
WINDOW = 48  # pixels of the input that one embedding describes


class Network:
    """A plan with its weights: ReLU after each convolution but the last."""

    def __init__(self, plan: Plan, arrays: list[tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]]) -> None:
        self.plan = plan
        self._weights = [
            np.ascontiguousarray(weight.astype(np.float32).transpose(2, 3, 1, 0).reshape(-1, weight.shape[0]))
            for weight, _ in arrays
        ]
        self._biases = [bias.astype(np.float32) for _, bias in arrays]

    def __call__(self, x: Array) -> Array:
        """(N, C, H, W) -> (N, outputs, h, w)."""
        x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
        last = len(self.plan) - 1
        for at, (step, weight, bias) in enumerate(zip(self.plan, self._weights, self._biases, strict=True)):
            x = _convolve(x, step, weight, bias)
            if at < last:
                np.maximum(x, 0, out=x)
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def _convolve(x: Array, step: Step, weight: Array, bias: Array) -> Array:
    """Rows of patches times one matrix (im2col), in channel-last order."""
    if step.pad:
        x = np.pad(x, ((0, 0), (step.pad, step.pad), (step.pad, step.pad), (0, 0)))
    count, height, width, channels = x.shape
    rows, columns = (height - step.size) // step.stride + 1, (width - step.size) // step.stride + 1
    n, h, w, c = x.strides
    shape = (count, rows, columns, step.size, step.size, channels)
    patches = np.lib.stride_tricks.as_strided(x, shape, (n, h * step.stride, w * step.stride, h, w, c), writeable=False)
    flat = patches.reshape(count * rows * columns, -1)
    out: Array = flat @ weight
    out += bias
    return out.reshape(count, rows, columns, step.outputs)


def read_network(file: str, name: str, plan: Plan) -> Network:
    """A shipped network, by its name in one of the files beside this module."""
    with np.load(BytesIO(files(__package__).joinpath(file).read_bytes())) as stored:
        return Network(plan, [(stored[f"{name}_w{at}"], stored[f"{name}_b{at}"]) for at in range(len(plan))])


def load_networks() -> tuple[Network, Network]:
    """The shipped embedding network and the pair judge."""
    return read_network("weights.npz", "embed", EMBED_PLAN), read_network("weights.npz", "judge", JUDGE_PLAN)

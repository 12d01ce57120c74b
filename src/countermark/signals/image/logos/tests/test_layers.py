import numpy as np
import pytest

from countermark.signals.image.logos.layers import EMBED_PLAN, JUDGE_PLAN, Network, Step, load_networks
from countermark.signals.image.logos.quiet import quiet_embeddings


def by_hand(x, weight, bias, stride, pad):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    size = weight.shape[2]
    rows, columns = ((side - size) // stride + 1 for side in x.shape[1:])
    out = np.zeros((weight.shape[0], rows, columns))
    for row in range(rows):
        for column in range(columns):
            patch = x[:, row * stride : row * stride + size, column * stride : column * stride + size]
            out[:, row, column] = (weight * patch).sum(axis=(1, 2, 3)) + bias
    return out


@pytest.mark.parametrize("size, stride, pad", [(5, 2, 2), (3, 1, 1), (1, 1, 0), (4, 1, 0)])
def test_a_convolution_is_the_sum_over_its_window(size, stride, pad):
    rng = np.random.default_rng(size)
    weight, bias = rng.normal(size=(4, 3, size, size)), rng.normal(size=4)
    x = rng.normal(size=(3, 9, 11)).astype(np.float32)
    out = Network((Step(3, 4, size, stride, pad),), [(weight, bias)])(x[None])[0]
    assert np.allclose(out, by_hand(x, weight, bias, stride, pad), atol=1e-4)


def test_nothing_negative_passes_between_layers():
    one = np.full((1, 1, 1, 1), -1.0), np.zeros(1)
    out = Network((Step(1, 1, 1), Step(1, 1, 1)), [one, one])(np.ones((1, 1, 2, 2), np.float32))
    assert (out == 0).all()


def test_the_shipped_networks_have_the_shapes_of_their_plans():
    embedder, judge = load_networks()
    assert embedder.plan == EMBED_PLAN
    assert judge.plan == JUDGE_PLAN
    assert embedder(np.zeros((1, 3, 64, 80), np.float32)).shape == (1, 128, 3, 5)
    assert judge(np.zeros((2, 6, 56, 56), np.float32)).shape == (2, 9, 1, 1)


def test_quiet_rows_are_unit_vectors():
    assert np.allclose(np.linalg.norm(quiet_embeddings(), axis=1), 1, atol=1e-5)

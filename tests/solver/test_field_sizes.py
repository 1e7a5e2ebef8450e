from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.solver import receptive_field as field


@dataclass(frozen=True)
class Layer:
    kernel: int
    stride: int = 1
    dilation: int = 1


LAYERS = st.lists(st.builds(Layer, st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4)


def forward(layers: list[Layer], size: int) -> np.ndarray:
    """Row u: which of the inputs reach unit u, by running the layers with all weights 1 on every unit vector."""
    signals = np.eye(size)
    for layer in layers:
        count = (len(signals) - layer.dilation * (layer.kernel - 1) - 1) // layer.stride + 1
        taps = [
            signals[tap * layer.dilation : tap * layer.dilation + count * layer.stride : layer.stride][:count]
            for tap in range(layer.kernel)
        ]
        signals = np.minimum(np.sum(taps, axis=0), 1)
    return signals


@given(LAYERS)
def test_sizes_and_strides_are_those_of_layers_that_really_run(layers: list[Layer]) -> None:
    size, stride = field.sizes(layers)[-1], field.effective_strides(layers)[-1]
    reached = forward(layers, size + stride)
    first, second = (np.flatnonzero(row) for row in reached[:2])
    assert first[-1] - first[0] + 1 == size
    assert second[0] - first[0] == stride
    assert frozenset(first.tolist()) == field.inputs_touched(layers, 0)


@given(LAYERS)
def test_gaps_are_inputs_that_some_layer_leaves_out(layers: list[Layer]) -> None:
    cones = [field.inputs_touched(layers[:depth], 0) for depth in range(1, len(layers) + 1)]
    assert field.has_gaps(layers) == any(len(cone) < max(cone) - min(cone) + 1 for cone in cones)


def test_by_hand() -> None:
    layers = [Layer(3, 2), Layer(2, 3), Layer(3, 1, 2)]
    assert field.effective_strides(layers) == (2, 6, 6)
    assert field.sizes(layers) == (3, 5, 29)


@given(st.integers(2, 7), st.integers(1, 3), st.integers(2, 90))
def test_depth_is_the_least_that_reaches_the_target(kernel: int, growth: int, target: int) -> None:
    depth = field.depth_needed(kernel, growth, target)
    sizes = field.sizes([Layer(kernel, 1, growth**below) for below in range(depth)])
    assert sizes[-1] >= target
    assert depth == 1 or sizes[-2] < target


def test_kernels_of_one_never_reach_anything() -> None:
    with pytest.raises(ValueError, match="kernel size 1"):
        field.depth_needed(1, 2, 5)

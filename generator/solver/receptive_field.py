"""Receptive fields of stacked convolution and pooling layers: sizes, effective strides, the depth that a size needs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import Protocol


class Layer(Protocol):
    """A layer along one axis: unit u looks at the units u·stride, u·stride + dilation, … (``kernel`` of them) below."""

    @property
    def kernel(self) -> int:
        """How many units of the layer below one unit looks at."""

    @property
    def stride(self) -> int:
        """How many units of the layer below lie between the starts of two neighbouring units."""

    @property
    def dilation(self) -> int:
        """How far apart the units lie that one unit looks at."""


def effective_strides(layers: Sequence[Layer]) -> tuple[int, ...]:
    """The stride of every layer counted in inputs, ``j_l = j_{l-1} s_l`` with ``j_0 = 1``.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016);
    Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks (2019), equation 3.
    """
    return tuple(accumulate((layer.stride for layer in layers), mul))


def sizes(layers: Sequence[Layer]) -> tuple[int, ...]:
    """The receptive field of every layer in inputs, ``r_l = r_{l-1} + (k_l - 1) d_l j_{l-1}`` with ``r_0 = 1``.

    Counts from the first input to the last one that a unit depends on, those in between included.
    """
    below = (1, *effective_strides(layers))
    growth = (
        (layer.kernel - 1) * layer.dilation * jump for layer, jump in zip(layers, below[: len(layers)], strict=True)
    )
    return tuple(accumulate(growth, initial=1))[1:]


def has_gaps(layers: Sequence[Layer]) -> bool:
    """Whether some unit skips inputs that lie inside its receptive field."""
    size, jump = 1, 1
    for layer in layers:
        if layer.kernel > 1 and layer.dilation * jump > size:
            return True
        size += (layer.kernel - 1) * layer.dilation * jump
        jump *= layer.stride
    return False


def inputs_touched(layers: Sequence[Layer], unit: int) -> frozenset[int]:
    """The inputs that one unit of the last layer depends on, found by following every connection downwards."""
    touched = {unit}
    for layer in reversed(layers):
        touched = {start * layer.stride + layer.dilation * tap for start in touched for tap in range(layer.kernel)}
    return frozenset(touched)


def stack_size(kernel: int, growth: int, depth: int) -> int:
    """The receptive field of a stack whose layers have the steps 1, g, g² and so on.

    The step is the dilation times the effective stride below: ``r_L = 1 + (k - 1)(1 + g + … + g^{L-1})``.
    """
    return 1 + (kernel - 1) * sum(int(growth**below) for below in range(depth))


def depth_needed(kernel: int, growth: int, target: int) -> int:
    """The least depth of such a stack whose receptive field has at least ``target`` inputs.

    Raises ValueError for a kernel below 2, which never widens the receptive field.
    """
    if kernel < 2:
        raise ValueError("layers of kernel size 1 never widen the receptive field")
    depth = 1
    while stack_size(kernel, growth, depth) < target:
        depth += 1
    return depth

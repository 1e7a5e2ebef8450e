"""Receptive fields of stacked convolution and pooling layers: sizes, effective strides, the depth that a size needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import Protocol

from generator.notation import Value
from generator.working import Sum, Term, num


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


def stride_formula(below: Term, stride: Term) -> Term:
    """The recursion of `effective_strides`, to be printed and worked out."""
    return below * stride


def size_formula(below: Term, kernel: Term, dilation: Term, jump: Term) -> Term:
    """The recursion of `sizes`, to be printed and worked out; ``jump`` is the effective stride below."""
    return below + (kernel - 1) * dilation * jump


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


@dataclass(frozen=True, slots=True)
class OverLayers(Term):
    """A term added up over the layers l = 1 … L."""

    summand: Term

    def tex(self) -> str:
        """TeX with the sign for a sum."""
        text = self.summand.tex()
        return rf"\sum_{{l=1}}^{{L}} {f'({text})' if isinstance(self.summand, Sum) else text}"

    def value(self) -> Value:
        """The sum in SymPy, not yet carried out."""
        import sympy

        layer, last = sympy.symbols("l L")
        return sympy.Sum(self.summand.value(), (layer, 1, last))

    def children(self) -> tuple[Term, ...]:
        """What is added up."""
        return (self.summand,)


@lru_cache(maxsize=16)
def growing(factor: int) -> Term:
    """What has grown by a factor from layer to layer, at layer l: ``factor^{l-1}``."""
    import sympy

    return num(sympy.Integer(factor) ** (sympy.Symbol("l") - 1))


@lru_cache(maxsize=16)
def layer_growth(growth: int) -> Term:
    """What layer l of a stack with kernels of size k adds to the receptive field."""
    import sympy

    step = num(sympy.Symbol("k")) - 1
    return step if growth == 1 else step * growing(growth)


@lru_cache(maxsize=16)
def stack_size_forms(growth: int) -> tuple[Term, ...]:
    """Equal forms of `stack_size` for kernels of size k and L layers, from the sum to the closed form."""
    import sympy

    kernel, depth = (num(sympy.Symbol(letter)) for letter in "kL")
    summed = num(1) + OverLayers(layer_growth(growth))
    if growth == 1:
        return summed, flat_size(depth, kernel)
    reached = num(sympy.Integer(growth) ** sympy.Symbol("L")) - 1
    return summed, num(1) + (kernel - 1) * (reached if growth == 2 else reached / (growth - 1))


def flat_size(depth: Term, kernel: Term) -> Term:
    """The receptive field of L equal layers where nothing grows: ``1 + L (k - 1)``."""
    return num(1) + depth * (kernel - 1)


def flat_size_below(depth: Term, kernel: Term) -> Term:
    """The same for one layer less."""
    return num(1) + (depth - 1) * (kernel - 1)


def grown_size(below: Term, kernel: Term, *, growth: int, layer: int) -> Term:
    """One step of the recursion in a stack: layer l adds `layer_growth` to the receptive field below."""
    return below + (kernel - 1) * num(growth) ** (layer - 1)


def depth_bound(target: Term, kernel: Term) -> Term:
    """The least number of layers that reaches a target, before rounding up, where nothing grows: (R - 1)/(k - 1)."""
    return (target - 1) / (kernel - 1)


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

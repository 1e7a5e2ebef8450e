"""What the layers of a network cost: sizes of feature maps, learned parameters, multiply–accumulate operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from generator.solver.convolution import output_length
from generator.working import Term, num

Kind = Literal["conv", "pool", "batchnorm", "linear"]
SHORT: Mapping[Kind, str] = {"conv": "conv", "pool": "pool", "batchnorm": "bn", "linear": "fc"}


class Layer(Protocol):
    """A layer as it is specified; what its kind does not need is ignored."""

    @property
    def kind(self) -> Kind:
        """What the layer does."""

    @property
    def out(self) -> int:
        """Output channels of a convolution, outputs of a fully connected layer."""

    @property
    def kernel(self) -> int:
        """Side of the window of a convolution or pooling layer."""

    @property
    def stride(self) -> int:
        """Step of that window."""

    @property
    def padding(self) -> int:
        """Rows and columns of zeros on every side."""

    @property
    def bias(self) -> bool:
        """Whether every output (channel) has a bias."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one layer takes and gives: channels and side length of square feature maps (a vector has side 1).

    ``fan_in`` counts the weights of one output, ``positions`` how often each weight is used in one forward pass.
    """

    name: str
    channels_in: int
    side_in: int
    channels: int
    side: int
    fan_in: int = 0
    biases: int = 0
    positions: int = 0
    scales: int = 0

    @property
    def weights(self) -> int:
        """The weights that take part in products."""
        return self.channels * self.fan_in

    @property
    def parameters(self) -> int:
        """All learned numbers."""
        return self.weights + self.biases + self.scales

    @property
    def operations(self) -> int:
        """Multiply–accumulate operations of one forward pass."""
        return self.weights * self.positions


def convolution_weights(channels: Term, kernel: Term) -> Term:
    """The weights of one output channel of a convolution."""
    return channels * kernel**2


def parameters(outputs: Term, weights: Term, *, bias: bool) -> Term:
    """The parameters of a layer whose every output (channel) has so many weights, and perhaps a bias."""
    return outputs * (weights + 1) if bias else outputs * weights


def normalisation_parameters(channels: Term) -> Term:
    """A scale and a shift for every channel."""
    return num(2) * channels


def operations(outputs: Term, weights: Term, side: Term | None = None) -> Term:
    """Every weight used once, in a convolution once for each place of its output map, a square."""
    used = outputs * weights
    return used if side is None else used * side**2


def flattened(channels: Term, side: Term) -> Term:
    """The entries of square feature maps."""
    return channels * side**2


def costs(channels: int, side: int, layers: Sequence[Layer]) -> Iterator[Cost]:
    """The cost of every layer, in order; a side of 0 means that its window does not fit.

    Batch normalisation is counted with a learned scale and shift per channel, as Ioffe and Szegedy define it (2015).
    """
    seen: Counter[Kind] = Counter()
    for layer in layers:
        seen[layer.kind] += 1
        name = f"{SHORT[layer.kind]}{seen[layer.kind]}"
        match layer.kind:
            case "conv":
                reached = output_length(side, layer.kernel, layer.stride, layer.padding, 1)
                fan_in, biases = channels * layer.kernel**2, layer.out * layer.bias
                cost = Cost(name, channels, side, layer.out, reached, fan_in, biases, reached**2)
            case "pool":
                reached = output_length(side, layer.kernel, layer.stride, layer.padding, 1)
                cost = Cost(name, channels, side, channels, reached)
            case "batchnorm":
                cost = Cost(name, channels, side, channels, side, scales=2 * channels)
            case "linear":
                cost = Cost(name, channels, side, layer.out, 1, channels * side**2, layer.out * layer.bias, 1)
        yield cost
        channels, side = cost.channels, cost.side

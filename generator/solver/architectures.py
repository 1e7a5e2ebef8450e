"""Well-known convolutional networks, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.solver.parameter_counts import Kind

Name = Literal["lenet5", "alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"]


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer; see `generator.solver.parameter_counts.Layer`."""

    kind: Kind
    out: int = 0
    kernel: int = 1
    stride: int = 1
    padding: int = 0
    bias: bool = True


@dataclass(frozen=True, slots=True)
class Architecture:
    """Input channels and side, and the layers."""

    channels: int
    side: int
    layers: tuple[LayerPlan, ...]


def _convolution(out: int, kernel: int, stride: int = 1, padding: int = 0) -> LayerPlan:
    return LayerPlan("conv", out, kernel, stride, padding)


def _pooling(kernel: int, stride: int) -> LayerPlan:
    return LayerPlan("pool", kernel=kernel, stride=stride)


def _dense(*outs: int) -> tuple[LayerPlan, ...]:
    return tuple(LayerPlan("linear", out) for out in outs)


def _vgg(*blocks: int, norm: bool = False) -> Architecture:
    """Simonyan and Zisserman (2015), table 1: so many convolutions before each of the five pooling layers."""
    layers: list[LayerPlan] = []
    for count, out in zip(blocks, (64, 128, 256, 512, 512), strict=True):
        for _ in range(count):
            layers += [_convolution(out, 3, padding=1), *([LayerPlan("batchnorm")] if norm else [])]
        layers.append(_pooling(2, 2))
    return Architecture(3, 224, (*layers, *_dense(4096, 4096, 1000)))


ARCHITECTURES: Mapping[Name, Architecture] = {
    # LeCun et al. (1998), with all connections between the feature maps and plain pooling.
    "lenet5": Architecture(
        1,
        32,
        (_convolution(6, 5), _pooling(2, 2), _convolution(16, 5), _pooling(2, 2), *_dense(120, 84, 10)),
    ),
    # Krizhevsky (2014), the network of one column that torchvision calls alexnet.
    "alexnet": Architecture(
        3,
        224,
        (
            _convolution(64, 11, 4, 2),
            _pooling(3, 2),
            _convolution(192, 5, 1, 2),
            _pooling(3, 2),
            _convolution(384, 3, 1, 1),
            _convolution(256, 3, 1, 1),
            _convolution(256, 3, 1, 1),
            _pooling(3, 2),
            *_dense(4096, 4096, 1000),
        ),
    ),
    "vgg11": _vgg(1, 1, 2, 2, 2),
    "vgg13": _vgg(2, 2, 2, 2, 2),
    "vgg16": _vgg(2, 2, 3, 3, 3),
    "vgg19": _vgg(2, 2, 4, 4, 4),
    "vgg11_bn": _vgg(1, 1, 2, 2, 2, norm=True),
    "vgg13_bn": _vgg(2, 2, 2, 2, 2, norm=True),
    "vgg16_bn": _vgg(2, 2, 3, 3, 3, norm=True),
    "vgg19_bn": _vgg(2, 2, 4, 4, 4, norm=True),
}

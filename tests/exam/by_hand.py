"""Answers to the source sheets that these do not print, computed straight from their numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import minimize

A3_IMAGE = np.array([[1, 0, 2], [2, 1, -1], [0, 0, 2]])
A3_KERNEL = np.array([[1, -1], [0, 2]])

# Sheet A, problems 1 and 2: the sample, with its homogeneous 1, the weights and the learning rate.
INPUT, TARGET, WEIGHTS, RATE = (2, 1), -1, (1, -1), Fraction(1, 4)
UPDATED = (1 - RATE * 2, -1 - RATE * 1)
"""The residual is -1 - (2 - 1) = -2, so the gradient of |y - w x| is the input itself, (2, 1)."""


def laplace_forward() -> dict[str, str]:
    """Prediction, residual and loss."""
    z = INPUT[0] * WEIGHTS[0] + INPUT[1] * WEIGHTS[1]
    return {"z": str(z), "r": str(TARGET - z), "L": str(abs(TARGET - z))}


def laplace_gradient() -> list[str]:
    """By differences of the loss, which is linear nearby."""

    def loss(*weights: Fraction) -> Fraction:
        return abs(TARGET - INPUT[0] * weights[0] - INPUT[1] * weights[1])

    here, step = tuple(map(Fraction, WEIGHTS)), Fraction(1, 100)
    found = (
        (loss(here[0] + step, here[1]) - loss(*here)) / step,
        (loss(here[0], here[1] + step) - loss(*here)) / step,
    )
    return [str(entry) for entry in found]


def laplace_updated() -> list[str]:
    """One step against the gradient."""
    return [str(entry) for entry in UPDATED]


def laplace_loss_after() -> str:
    """The loss of the same sample with the updated weights."""
    return str(abs(TARGET - INPUT[0] * UPDATED[0] - INPUT[1] * UPDATED[1]))


def correlated(image: Any, kernel: Any, stride: int, padding: int) -> list[list[str]]:
    """Cross-correlation, as the conv layer of deep learning computes it."""
    padded = np.pad(image, padding)
    size = len(kernel)
    starts = range(0, len(padded) - size + 1, stride)
    return [[str((padded[i : i + size, j : j + size] * kernel).sum()) for j in starts] for i in starts]


def largest(image: Any, size: int) -> list[list[str]]:
    """Max pooling with stride 1."""
    starts = range(len(image) - size + 1)
    return [[str(image[i : i + size, j : j + size].max()) for j in starts] for i in starts]


def fields(*layers: tuple[int, int, int]) -> dict[str, str]:
    """Receptive field of one unit of every layer (kernel, stride, dilation): the inputs it reaches are collected."""
    sizes = {}
    for depth in range(1, len(layers) + 1):
        reached = {0}
        for kernel, stride, dilation in reversed(layers[:depth]):
            reached = {unit * stride + tap * dilation for unit in reached for tap in range(kernel)}
        sizes[f"r_{depth}"] = str(max(reached) - min(reached) + 1)
    return sizes


def crossings(*curves: tuple[int, int]) -> dict[str, str]:
    """Where sig(a + b x) is 1/2, and its slope b/4 there."""
    found: dict[str, str] = {}
    for number, (a, b) in enumerate(curves, 1):
        found |= {f"c_{number}": str(Fraction(-a, b)), f"m_{number}": str(Fraction(b, 4))}
    return found


CLASS_0 = (-2.6, -2.3, -2.1, -1.8, -1.1, -0.4, -0.4, -0.3, 0.3, 0.5)
CLASS_1 = (-0.5, -0.1, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.3, 1.5)


def minimum_of_the_sample() -> tuple[str, ...]:
    """The minimum of the logistic loss, to the decimals that are asked for, as the solution states it."""
    x, y = np.array(CLASS_0 + CLASS_1), np.repeat([0, 1], 10)

    def loss(phi: Any) -> float:
        z = phi[0] + phi[1] * x
        return float(np.sum(np.logaddexp(0, z) - y * z))

    found = minimize(loss, (0.0, 1.0))
    intercept = round(found.x[0], 1) + 0.0  # no -0.0
    return rf"\phi_0 \approx {intercept}", rf"\phi_1 \approx {found.x[1]:.1f}", rf"L \approx {found.fun:.2f}"


def vgg11() -> dict[str, str]:
    """Weights and biases of the published configuration: 3 × 3 kernels, five poolings of 224 × 224 inputs."""
    channels = (3, 64, 128, 256, 256, 512, 512, 512, 512)
    widths = (512 * (224 // 2**5) ** 2, 4096, 4096, 1000)
    counts = {}
    for number, (into, out) in enumerate(pairwise(channels), 1):
        counts[f"conv{number}"] = out * into * 3 * 3 + out
    for number, (into, out) in enumerate(pairwise(widths), 1):
        counts[f"fc{number}"] = into * out + out
    return {name: str(count) for name, count in counts.items()}

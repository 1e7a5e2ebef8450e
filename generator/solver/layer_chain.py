"""A chain of linear layers, activations and a loss in complex arithmetic, differentiated by complex steps."""

from __future__ import annotations

import cmath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Activation = Literal["relu", "leaky-relu", "prelu", "hard-tanh", "sigmoid", "tanh"]
Loss = Literal["squared", "absolute"]
STEP = 1e-30
"""So small that a complex step has no error of its own (Squire and Trapp, 1998)."""
Place = tuple[str, int, int, int]
"""What is changed: kind ("before", "after", "weight" or "constant"), layer, and one or two indices, all from 0."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Inputs, a matrix per linear layer (a row per input of the layer), activations between them, target and loss."""

    x: Sequence[float]
    weights: Sequence[Sequence[Sequence[float]]]
    activations: Sequence[Activation]
    constant: float
    target: Sequence[float]
    loss: Loss

    def run(self, bump: Place | None = None) -> tuple[Mapping[Place, complex], complex]:
        """All values on the way and the loss, where the value at one place is moved by an imaginary step."""
        values: dict[Place, complex] = {}
        layer: list[complex] = [complex(value) for value in self.x]
        for number, matrix in enumerate(self.weights):
            sums = []
            for j in range(len(matrix[0])):
                moved = [row[j] + _step(bump, ("weight", number, i, j)) for i, row in enumerate(matrix)]
                place = ("before", number, j, 0)
                sums.append(sum(w * h for w, h in zip(moved, layer, strict=True)) + _step(bump, place))
                values[place] = sums[-1]
            layer = sums
            if number < len(self.activations):
                constant = self.constant + _step(bump, ("constant", number, 0, 0))
                layer = []
                for j, value in enumerate(sums):
                    place = ("after", number, j, 0)
                    layer.append(_activate(self.activations[number], value, constant) + _step(bump, place))
                    values[place] = layer[-1]
        gaps = [value - goal for value, goal in zip(layer, self.target, strict=True)]
        if self.loss == "squared":
            return values, sum((gap**2 for gap in gaps), 0j) / 2
        return values, sum((gap if gap.real > 0 else -gap for gap in gaps), 0j)

    def slope(self, place: Place) -> float:
        """The derivative of the loss by the value at a place."""
        return self.run(place)[1].imag / STEP


def _step(bump: Place | None, here: Place) -> complex:
    return STEP * 1j if bump == here else 0j


def _activate(name: Activation, value: complex, constant: complex) -> complex:
    match name:
        case "sigmoid":
            return 1 / (1 + cmath.exp(-value))
        case "tanh":
            return cmath.tanh(value)
        case "hard-tanh":
            return value if abs(value.real) < 1 else complex(1 if value.real > 0 else -1)
        case "relu":
            return value if value.real > 0 else 0j
        case _:
            return value if value.real > 0 else constant * value

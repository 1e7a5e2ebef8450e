"""Feature maps to be pooled: what the levels draw, and entries that are good for each kind of pooling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.draw import Draw, Level
from generator.solver.convolution import Matrix
from generator.solver.pooling import Mode

MODES: tuple[Mode, ...] = ("max", "average", "l2")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a level draws: mode, input rows and columns, window, stride, padding."""

    mode: Mode
    rows: int
    columns: int
    window: int
    stride: int
    padding: int = 0


PLANS: Mapping[Level, tuple[Plan, ...]] = {
    "easy": (Plan("max", 4, 4, 2, 2), Plan("average", 4, 4, 2, 2)),
    "medium": (
        Plan("max", 5, 5, 3, 1),
        Plan("max", 5, 5, 3, 2, 1),
        Plan("average", 4, 4, 2, 2, 1),
        Plan("average", 4, 4, 2, 1),
        Plan("l2", 4, 6, 2, 2),
        Plan("l2", 6, 4, 2, 2),
    ),
    "hard": (
        Plan("max", 5, 5, 3, 1),
        Plan("max", 5, 5, 3, 2, 1),
        Plan("average", 4, 4, 2, 1),
        Plan("l2", 4, 6, 2, 2),
        Plan("l2", 6, 4, 2, 2),
    ),
}
QUADRUPLES = (
    (0, 1, 2, 2), (1, 2, 2, 4), (1, 1, 3, 5), (1, 4, 4, 4), (2, 2, 4, 5), (0, 2, 3, 6), (2, 4, 5, 6), (0, 1, 4, 8),
    (1, 5, 5, 7),
)  # fmt: skip
"""Whole numbers the sum of whose squares is a square, so that L2 pooling over 2 × 2 windows gives whole numbers."""


def drawn_map(d: Draw, plan: Plan) -> Matrix:
    """A feature map whose windows have one maximum each, or norms that are whole numbers."""
    if plan.mode == "max":
        # Different entries leave no doubt which one is the maximum.
        # More negative ones beside a padding, so that a zero of it would be the maximum of some window.
        entries = d.sample(range(-20, 9) if plan.padding else range(-15, 16), plan.rows * plan.columns)
        return tuple(entries[start : start + plan.columns] for start in range(0, len(entries), plan.columns))
    if plan.mode == "average":
        return tuple(d.integers(plan.columns, -9, 9) for _ in range(plan.rows))
    # Different quadruples, so that hardly any two outputs are equal.
    quadruples = iter(d.sample(QUADRUPLES, plan.rows * plan.columns // 4))
    rows: list[tuple[int, ...]] = []
    for _ in range(plan.rows // 2):
        blocks = [[entry * d.pick((-1, 1)) for entry in d.shuffled(next(quadruples))] for _ in range(plan.columns // 2)]
        rows += [tuple(entry for block in blocks for entry in block[half : half + 2]) for half in (0, 2)]
    return tuple(rows)

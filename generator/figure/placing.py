"""Where labels go: each at the best of its places that keeps clear of everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.figure.geometry import Path, bounds, crosses, inflated, overlap
from generator.figure.model import Box, Label


@dataclass(frozen=True, slots=True)
class Request:
    """A label's possible places, best first; `own` are the lines that it belongs to.

    It keeps `clearance` away from other lines; it may touch its own lines only if it is `astride` of them.
    """

    choices: tuple[Label, ...]
    own: frozenset[int] = frozenset()
    clearance: float = 2.5
    astride: bool = False


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What labels must keep clear of: boxes (nodes), and lines by number."""

    boxes: tuple[Box, ...]
    lines: tuple[Path, ...]
    around: tuple[Box, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Most lines are far from a given label: their boxes tell so at once.
        object.__setattr__(self, "around", tuple(bounds(line) for line in self.lines))

    def block(self, box: Box, request: Request) -> bool:
        """Say whether a label of this request would be in the way of something there."""
        if any(overlap(box, other) for other in self.boxes):
            return True
        wide = inflated(box, request.clearance)
        for number, line in enumerate(self.lines):
            if number in request.own:
                if not request.astride and crosses(line, box):
                    return True
            elif overlap(self.around[number], wide) and crosses(line, wide):
                return True
        return False


def place(requests: Sequence[Request], obstacles: Obstacles, *, patience: int = 3000) -> tuple[Label, ...] | None:
    """Choose a place for every label so that none overlaps an obstacle or another label.

    Depth first, the label with the fewest places first; None if there is no way or patience (in steps) ends.
    """
    free: list[list[tuple[Label, Box]]] = []
    for request in requests:
        boxes = [(label, label.bounds()) for label in request.choices]
        free.append([(label, box) for label, box in boxes if not obstacles.block(box, request)])
        if not free[-1]:
            return None
    order = sorted(range(len(requests)), key=lambda number: len(free[number]))
    chosen: dict[int, tuple[Label, Box]] = {}
    steps = 0

    def search(depth: int) -> bool:
        nonlocal steps
        if depth == len(order):
            return True
        for label, box in free[order[depth]]:
            steps += 1
            if steps > patience:
                return False
            if not any(overlap(inflated(box, 1.2), taken) for _, taken in chosen.values()):
                chosen[order[depth]] = (label, box)
                if search(depth + 1):
                    return True
                del chosen[order[depth]]
        return False

    return tuple(chosen[number][0] for number in range(len(requests))) if search(0) else None


def place_somehow(requests: Sequence[Request], obstacles: Obstacles) -> tuple[Label, ...]:
    """Place every label, the least bad way: off the boxes and one another where possible, over lines if need be."""
    taken: list[Box] = []
    labels: list[Label] = []
    for request in requests:
        best = min(request.choices, key=lambda label: _harm(label.bounds(), request, obstacles, taken))
        taken.append(best.bounds())
        labels.append(best)
    return tuple(labels)


def _harm(box: Box, request: Request, obstacles: Obstacles, taken: Sequence[Box]) -> int:
    boxes = sum(overlap(box, other) for other in (*obstacles.boxes, *taken))
    lines = sum(crosses(line, box) for number, line in enumerate(obstacles.lines) if number not in request.own)
    return 10 * boxes + lines

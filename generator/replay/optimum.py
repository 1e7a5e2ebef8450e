"""Where a function is least or largest: found numerically, or compared by the way in which it is steepest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from generator.replay.arrays import Array, UndefinedError, Value, number
from generator.replay.lookup import Evaluate, symbol_of
from generator.replay.slopes import differentiated
from generator.replay.tree import Best, Big, Name, parts_of
from generator.replay.world import World

_START, _STRIDE, _FAR = 0.5, 0.25, 60.0
_ROUNDS = 60
_CLOSE = 1e-13


def optimum(node: Best, world: World, evaluate: Evaluate) -> Value:
    """The place of the minimum or maximum over a number, kept; raises UndefinedError where none is found."""
    letters = [(letter, world.letters.get(letter)) for letter in _letters(node)]
    place = f"{node.kind} {id(node)} {letters} {world.fixed}", ()
    if place not in world.pure:
        world.pure[place] = _found(node, world, evaluate)
    return world.pure[place]


@lru_cache
def _letters(node: Best) -> tuple[str, ...]:
    """The letters of indices that are open in it."""
    bound = {part.letter for part in parts_of(node) if isinstance(part, Big)}
    return tuple(
        sorted(
            {i.letter for part in parts_of(node) if isinstance(part, Name) for i in part.indices if i.letter} - bound
        )
    )


def _found(node: Best, world: World, evaluate: Evaluate) -> float:
    symbol = symbol_of(node.by, world)

    def steepness(place: float) -> float:
        fixed = world.with_fixed({symbol: place})
        return number(differentiated(node.body, (node.by,), fixed, evaluate)) * (1 if node.kind == "min" else -1)

    low, below = _START, steepness(_START)
    if below == 0 == steepness(_START + _STRIDE):
        raise UndefinedError("a function that is level")
    high, above = low, below
    stride = _STRIDE
    while above < 0:
        low, below = high, above
        high, stride = high + stride, 2 * stride
        if high > _FAR:
            raise UndefinedError("no minimum")
        above = steepness(high)
    stride = _STRIDE
    while below > 0:
        high, above = low, below
        try:
            below = steepness(low - stride)
            low, stride = low - stride, 2 * stride
        except UndefinedError:
            stride /= 2
        if low < -_FAR or stride < 1 / 64:
            raise UndefinedError("no minimum")
    return _root(steepness, low, below, high, above)


def _root(steepness: Callable[[float], float], low: float, below: float, high: float, above: float) -> float:
    """The zero between two places of different sign (Illinois method: Dahlquist and Björck, section 6.2.2)."""
    last, side = low, 0
    for _ in range(_ROUNDS):
        if above == below:
            break
        middle = (low * above - high * below) / (above - below)
        if abs(middle - last) <= _CLOSE * max(1.0, abs(middle)):
            return middle
        last, value = middle, steepness(middle)
        if (value < 0) == (below < 0):
            low, below = middle, value
            above, side = (above / 2 if side < 0 else above), -1
        else:
            high, above = middle, value
            below, side = (below / 2 if side > 0 else below), 1
    return last


def steepest(node: Best, world: World, evaluate: Evaluate) -> Array:
    """The direction in which a function falls, or rises if it is to be large, as a vector of length 1.

    Two functions that fall in the same direction everywhere are least in the same places.
    """
    slopes = np.atleast_2d(differentiated(node.body, (node.by,), world, evaluate))
    size = float(np.sqrt((slopes * slopes).sum()))
    if size == 0:
        raise UndefinedError("a function that is level")
    direction: Array = slopes / (size if node.kind == "max" else -size)
    return direction

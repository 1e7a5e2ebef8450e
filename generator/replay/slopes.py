"""Derivatives taken numerically: partial ones, primes, gradients and Hessians."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.replay.arrays import Array, UndefinedError, Value, add, number, times
from generator.replay.lookup import Evaluate, entry_key, symbol_of
from generator.replay.tree import Call, Derivative, Gradient, Name, Node, Number
from generator.replay.world import Symbol, World

STEP = 2e-4
"""Errors of the differences are about the fourth power of this, those of rounding 1e-16 divided by it."""


def slope(along: Callable[[float], Value], at: float) -> Value:
    """The derivative of a function of one number, by differences of the fourth order (Abramowitz and Stegun 25.3.6)."""
    far = add(along(at - 2 * STEP), times(-1.0, along(at + 2 * STEP)))
    close = add(along(at + STEP), times(-1.0, along(at - STEP)))
    return times(1 / (12 * STEP), add(far, times(8.0, close)))


def derivative_symbol(node: Derivative, world: World) -> Symbol | None:
    """What a derivative is filed under that is used as a name, as in the chain rule."""
    if not isinstance(node.subject, (Name, Call)):
        return None
    subject = node.subject if isinstance(node.subject, Name) else node.subject.name
    places = (symbol_of(subject, world), *(symbol_of(name, world) for name in node.by))
    return "∂" + "/".join(f"{key}{list(place)}" for key, place in places), ()


def derivative(node: Derivative, world: World, evaluate: Evaluate) -> Value:
    """A partial derivative; one that the world knows by its symbol is not taken again."""
    symbol = derivative_symbol(node, world)
    if symbol is not None and isinstance(node.subject, (Name, Call)):
        if symbol in world.fixed:
            return world.fixed[symbol]
        if world.setting.numbers_first and symbol in world.setting.numbers:
            return world.setting.numbers[symbol]
        if not world.setting.definitions or not _said(node.subject, world):
            return world.made_up(symbol)
        if symbol in world.memo:
            return world.memo[symbol]
    cuts = world.cuts[0]
    value = differentiated(node.subject, node.by, world, evaluate)
    if symbol is not None and world.cuts[0] == cuts:
        world.memo[symbol] = value
    return value


def _said(subject: Name | Call, world: World) -> bool:
    """Whether anything is said of what is differentiated, so that a derivative is more than a symbol."""
    name = subject if isinstance(subject, Name) else subject.name
    return name.key in world.setting.definitions or (name.key in world.setting.functions and not name.indices)


def differentiated(subject: Node, by: tuple[Name, ...], world: World, evaluate: Evaluate) -> Value:
    """A subject differentiated with respect to names, one after the other."""
    if not by:
        return evaluate(subject, world)
    at = evaluate(by[0], world)
    if isinstance(at, float):
        symbol = symbol_of(by[0], world)
        return slope(lambda value: differentiated(subject, by[1:], world.with_fixed({symbol: value}), evaluate), at)
    slopes = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        slopes[place] = number(_partial(subject, by, at, place, world, evaluate))
    return slopes


def _partial(
    subject: Node, by: tuple[Name, ...], at: Array, place: tuple[int, ...], world: World, evaluate: Evaluate
) -> Value:
    def along(value: float) -> Value:
        moved = at.copy()
        moved[place] = value
        return differentiated(subject, by[1:], _moved(by[0], moved, world), evaluate)

    return slope(along, float(at[place]))


def _moved(variable: Name, value: Array, world: World) -> World:
    """The world where a vector or matrix, and its entries, have other values."""
    flat = value.shape[1] == 1
    plain = entry_key(variable.key, 1 if flat else 2)
    order = world.setting.sizes.orders.get(plain) or tuple(range(1, value.shape[0] + 1))
    entries: dict[Symbol, Value] = {
        (plain, (order[i],) if flat else (i + 1, j + 1)): float(value[i, j]) for i, j in np.ndindex(value.shape)
    }
    if flat:
        entries |= {(entry_key(variable.key, 2), (i + 1, 1)): float(value[i, 0]) for i in range(value.shape[0])}
    return world.with_fixed({symbol_of(variable, world): value, **entries})


def primed(name: Name, arguments: tuple[Node, ...], world: World, evaluate: Evaluate) -> Value:
    """A derivative with respect to the last argument of a function."""
    whole = Name(name.key[:-1], name.indices)
    at = number(evaluate(arguments[-1], world))
    return slope(lambda value: evaluate(Call(whole, (*arguments[:-1], Number(value, ""))), world), at)


def gradient(node: Gradient, world: World, evaluate: Evaluate) -> Value:
    """All partial derivatives of a function; of order 2 the Hessian matrix."""
    subject, by = node.subject, node.by
    if isinstance(subject, Name) and (parameters := world.setting.functions.get(subject.key)):
        subject = Call(subject, parameters)
    if by is None:
        first = subject.arguments[0] if isinstance(subject, Call) and subject.arguments else None
        if not isinstance(first, Name):
            raise UndefinedError("a gradient with respect to what?")
        by = first
    if node.order == 1:
        return differentiated(subject, (by,), world, evaluate)
    at = evaluate(by, world)
    if isinstance(at, float):
        return differentiated(subject, (by, by), world, evaluate)
    columns = []
    for place in np.ndindex(at.shape):

        def along(value: float, place: tuple[int, ...] = place, at: Array = at, by: Name = by) -> Value:
            moved = at.copy()
            moved[place] = value
            return differentiated(subject, (by,), _moved(by, moved, world), evaluate)

        columns.append(slope(along, float(at[place])))
    return np.hstack(columns)

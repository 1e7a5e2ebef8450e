"""The value of a tree in a world: names looked up, sums added up, functions called."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.replay.arrays import UndefinedError, Value, add, near, number, times
from generator.replay.lookup import call_symbol, entry_key, given_value, symbol_of, worth
from generator.replay.operators import operate
from generator.replay.optimum import optimum
from generator.replay.slopes import derivative, gradient, primed
from generator.replay.tree import (
    At,
    Best,
    Big,
    Call,
    Cases,
    Derivative,
    Gradient,
    Grid,
    Index,
    Name,
    Node,
    Number,
    Operation,
    parts_of,
)
from generator.replay.world import Definition, World, smooth

MOST_TERMS = 40
"""Sums over more than this are not added up."""


def value_of(node: Node, world: World) -> Value:
    """The value; raises UndefinedError where it has none in this world."""
    match node:
        case Number(value, _):
            return value
        case Operation(kind, parts):
            return operate(kind, tuple([value_of(part, world) for part in parts]))
        case Name():
            return worth(node, world, value_of)
        case Call():
            return _called(node, world)
        case Big():
            return _big(node, world)
        case Grid(rows):
            return np.array([[number(value_of(entry, world)) for entry in row] for row in rows])
        case Derivative():
            return derivative(node, world, value_of)
        case Gradient():
            return gradient(node, world, value_of)
        case Cases():
            return _case(node, world)
        case At(body, name, place):
            return value_of(body, world.with_fixed({symbol_of(name, world): value_of(place, world)}))
        case Best():
            return optimum(node, world, value_of)


def _called(call: Call, world: World) -> Value:
    name, arguments, setting = call.name, call.arguments, world.setting
    key = name.key
    own = (setting.functions.get(key) or setting.functions.get(key.rstrip("'"))) == arguments
    if own and (fixed := world.fixed.get((key, ()))) is not None:
        return fixed
    if own and setting.numbers_first and (given := given_value((key, ()), world)) is not None:
        return given
    if setting.numbers_first and setting.numbers and (filed := call_symbol(call, world)) in setting.numbers:
        assert filed is not None
        return setting.numbers[filed]
    symbol = (f"{key}(…)", ())
    if symbol in world.open:
        world.cuts[0] += 1
    else:
        # One letter may name several densities, which what they are functions of tells apart.
        several = sorted(setting.definitions.get(key, ()), key=lambda one: len(one.parameters) != len(arguments))
        for definition in several:
            if definition.parameters and (values := _arguments(definition, arguments, world)) is not None:
                inner = world.following(symbol, world.letters)
                return value_of(definition.body, _with_parameters(definition, values, inner, world))
    if own and key in setting.definitions and (key, ()) in world.open:
        world.cuts[0] += 1
    elif own and key in setting.definitions:
        return worth(name, world, value_of)
    if key.endswith("'"):
        return primed(name, arguments, world, value_of)
    if key == r"\sigma" and len(arguments) == 1:
        return 1 / (1 + number(operate("exp", (-value_of(arguments[0], world),))))
    if own and (given := given_value((key, ()), world)) is not None:
        return given
    if not setting.invented:
        raise UndefinedError(f"no value for {key}(…)")
    return smooth(setting, key, tuple([value_of(argument, world) for argument in arguments]))


def _arguments(definition: Definition, arguments: tuple[Node, ...], world: World) -> list[Value] | None:
    """The values to put in for the parameters; several numbers for one parameter are a vector."""
    if len(definition.parameters) == len(arguments):
        return [value_of(argument, world) for argument in arguments]
    if len(definition.parameters) == 1:
        return [np.array([[number(value_of(argument, world))] for argument in arguments])]
    # One argument may stand for several, as an observation z for its x and y.
    entries = [entry for argument in arguments for entry in np.ravel(value_of(argument, world)).tolist()]
    if len(entries) == 1:
        # What is left out stays as it is: y(x) of a layer y(x, a).
        entries += [value_of(parameter, world) for parameter in definition.parameters[1:]]
    return entries if len(entries) == len(definition.parameters) else None


def _with_parameters(definition: Definition, values: list[Value], inner: World, outer: World) -> World:
    fixed: dict[tuple[str, tuple[int, ...]], Value] = {}
    for parameter, value in zip(definition.parameters, values, strict=True):
        fixed[symbol_of(parameter, outer)] = value
        if isinstance(value, np.ndarray) and not parameter.indices and value.shape[1] == 1:
            plain = entry_key(parameter.key, 1)
            order = outer.setting.sizes.orders.get(plain) or tuple(range(1, value.shape[0] + 1))
            for at, entry in zip(order, value[:, 0].tolist(), strict=False):
                fixed[plain, (at,)] = entry
        elif isinstance(value, float) and value == 0 and not parameter.indices:
            # A function of a vector at 0 is one at the zero vector.
            fixed |= {(entry_key(parameter.key, 1), (at,)): 0.0 for at in range(1, MOST_TERMS + 1)}
    return inner.with_fixed(fixed)


def _big(node: Big, world: World) -> Value:
    total: Value | None = None
    for at in _range(node, world):
        term = value_of(node.body, world.with_letters({node.letter: at}))
        total = term if total is None else (add(total, term) if node.kind == "sum" else times(total, term))
    if total is None:
        return 0.0 if node.kind == "sum" else 1.0
    return total


def _range(node: Big, world: World) -> Iterator[int]:
    if not node.letter:
        raise UndefinedError("a sum without an index")
    last = _last(node, world)
    if last != int(last) or not 0 <= last <= MOST_TERMS:
        raise UndefinedError("a sum over what is not a small whole number")
    left_out = None if node.skipped is None else world.index(node.skipped)
    return (at for at in range(node.low, int(last) + 1) if at != left_out)


def _last(node: Big, world: World) -> float:
    """How far a sum goes; where it does not say it, as its names have entries, as sums over the same index do."""
    if node.high is not None:
        try:
            return number(value_of(node.high, world))
        except UndefinedError:
            if not isinstance(node.high, Name):
                raise
    sizes, numbers = world.setting.sizes, world.setting.numbers
    named, known, printed = [], [], []
    for part in parts_of(node.body):
        if isinstance(part, Name):
            for at in (at for at, index in enumerate(part.indices) if index.letter == node.letter):
                key, count = entry_key(part.key, len(part.indices)), len(part.indices)
                known += [place[at] for name, place in numbers if name == key and len(place) == count]
                if (length := sizes.lengths.get((key, count, at))) is not None:
                    named.append(length)
                printed.append(sizes.extents.get((key, count, at), 0))
    if known:
        return float(max(known))
    if world.setting.invented and named:
        return number(value_of(named[0], world))
    if max(printed, default=0) > 0:
        return float(max(printed))
    if world.setting.invented:
        bound = sizes.ranges.get(node.letter)
        return 3.0 if bound is None else number(value_of(bound, world))
    raise UndefinedError("a sum that does not say how far it goes")


def _case(node: Cases, world: World) -> Value:
    for value, condition in node.rows:
        if condition is None or _true(condition, world):
            return value_of(value, world)
    raise UndefinedError("no case fits")


def _true(condition: tuple[Node, str, Node], world: World) -> bool:
    left, relation, right = condition
    one, other = _compared(left, world), _compared(right, world)
    equal = near(one, other, 1e-12)
    if relation in ("=", r"\ne", r"\neq"):
        return equal == (relation == "=")
    smaller = number(one) < number(other)
    if relation in ("<", r"\le", r"\leq"):
        return smaller or (equal and relation != "<")
    return (not smaller and not equal) or (equal and relation != ">")


def _compared(node: Node, world: World) -> Value:
    """A side of a condition, where a letter may be an index."""
    if isinstance(node, Name) and not node.indices and node.key in "ijklm":
        return float(world.index(Index(node.key, 0)))
    return value_of(node, world)

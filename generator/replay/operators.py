"""The operators and functions that everybody knows, on numbers and matrices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from generator.replay.arrays import Array, UndefinedError, Value, add, number, power, times


def operate(kind: str, values: tuple[Value, ...]) -> Value:
    """Apply an operator; raises UndefinedError where there is no value."""
    try:
        return _OPERATORS[kind](*values)
    except KeyError as problem:
        raise UndefinedError(kind) from problem
    except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError) as problem:
        raise UndefinedError(f"{kind}: {problem}") from problem


def _sum(*values: Value) -> Value:
    total = values[0]
    for value in values[1:]:
        total = add(total, value)
    return total


def _quotient(one: Value, other: Value) -> Value:
    return times(one, power(number(other), -1.0))


def _real(function: Callable[[float], float]) -> Callable[[Value], Value]:
    return lambda value: function(number(value))


def _factorial(value: Value) -> Value:
    """Also between whole numbers, where made-up numbers lie."""
    if not 0 <= number(value) <= 100:
        raise UndefinedError("a factorial of what is negative or large")
    return math.gamma(number(value) + 1)


def _transpose(value: Value) -> Value:
    return value if isinstance(value, float) else value.T


def _norm(value: Value) -> Value:
    return abs(value) if isinstance(value, float) else math.sqrt(float((value * value).sum()))


def _square(value: Value) -> Array:
    return np.array([[value]]) if isinstance(value, float) else value


def _entry(value: Value, *indices: Value) -> Value:
    matrix = _square(value)
    places = [int(number(index)) - 1 for index in indices]
    if len(places) == 1 and matrix.shape[1] == 1:
        places.append(0)
    if len(places) != 2 or not all(0 <= place < size for place, size in zip(places, matrix.shape, strict=True)):
        raise UndefinedError("an entry that is not there")
    return float(matrix[places[0], places[1]])


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))


def _exp(value: float) -> float:
    if value > 300:
        raise UndefinedError("a number too large")
    return math.exp(value)


_OPERATORS: Mapping[str, Callable[..., Value]] = {
    "sum": _sum,
    "product": times,
    "quotient": _quotient,
    "negative": lambda value: -value,
    "power": power,
    "factorial": _factorial,
    "transpose": _transpose,
    "entry": _entry,
    "norm": _norm,
    "absolute": lambda value: abs(number(value)),
    "floor": _real(lambda value: float(math.floor(value))),
    "ceil": _real(lambda value: float(math.ceil(value))),
    "root": _real(math.sqrt),
    "max": lambda *values: max(map(number, values)),
    "min": lambda *values: min(map(number, values)),
    "exp": _real(_exp),
    "ln": _real(math.log),
    "log": _real(math.log),
    "sin": _real(math.sin),
    "cos": _real(math.cos),
    "tan": _real(math.tan),
    "arctan": _real(math.atan),
    "tanh": _real(math.tanh),
    "sign": _real(_sign),
    "sgn": _real(_sign),
    "Gamma": _real(math.gamma),
    "det": lambda value: float(np.linalg.det(_square(value))),
    "tr": lambda value: float(np.trace(_square(value))),
    "pi": lambda: math.pi,
    "e": lambda: math.e,
}

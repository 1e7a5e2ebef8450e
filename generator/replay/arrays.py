"""Sums and products of numbers and matrices, where a misfit of shapes is an error."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Value: TypeAlias = float | Array
"""A number, or a matrix; vectors are matrices with one column."""


class UndefinedError(Exception):
    """A formula has no value at these numbers: shapes that do not fit, a root of less than nothing, a name unknown."""


def number(value: Value) -> float:
    """A value that must be a number."""
    if isinstance(value, float):
        return value
    raise UndefinedError("a matrix where a number must be")


def add(one: Value, other: Value) -> Value:
    """The sum of two numbers or of two matrices of one shape."""
    if isinstance(one, float) and isinstance(other, float):
        return one + other
    if isinstance(one, float) or isinstance(other, float) or one.shape != other.shape:
        raise UndefinedError("a sum of different shapes")
    total: Array = one + other
    return total


def times(one: Value, other: Value) -> Value:
    """The product of numbers and matrices; a matrix with one entry counts as a number."""
    if isinstance(one, float) or isinstance(other, float):
        return one * other
    if one.shape[1] != other.shape[0]:
        raise UndefinedError("a product of shapes that do not fit")
    return plain(one @ other)


def plain(matrix: Array) -> Value:
    """A matrix, or its only entry."""
    return float(matrix[0, 0]) if matrix.size == 1 else matrix


def power(base: Value, exponent: Value) -> Value:
    """Powers of numbers, and whole powers of square matrices, the inverse among them."""
    upper = number(exponent)
    if isinstance(base, float):
        if base == 0 and upper < 0:
            raise UndefinedError("a division by zero")
        if base < 0 and upper != int(upper):
            raise UndefinedError("a root of less than nothing")
        return float(base**upper)
    if base.shape[0] != base.shape[1] or upper != int(upper):
        raise UndefinedError("a power of a matrix that is not square")
    try:
        return np.linalg.matrix_power(base, int(upper))
    except np.linalg.LinAlgError as problem:
        raise UndefinedError("a matrix without an inverse") from problem


def near(one: Value, other: Value, slack: float) -> bool:
    """Whether two values agree, shapes included; ``slack`` is relative to the larger one where that is above 1."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            raise UndefinedError("not a number")
        return abs(one - other) <= slack * max(1.0, abs(one), abs(other))
    if isinstance(one, float) or isinstance(other, float):
        # A bold zero and the number zero are the same here.
        return False
    if one.shape != other.shape:
        return False
    scale = max(1.0, float(np.abs(one).max()), float(np.abs(other).max()))
    return bool(np.abs(one - other).max() <= slack * scale)

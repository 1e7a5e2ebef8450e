"""Activation layers, one output from one input each: definition, and derivative by the input and by a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log1p, tanh
from typing import Literal

from generator.notation import Value, tex

Name = Literal["sigmoid", "tanh", "softplus", "silu", "relu", "leaky-relu", "prelu", "elu", "hard-tanh"]
KINKS: Mapping[Name, tuple[int, ...]] = {
    "relu": (0,),
    "leaky-relu": (0,),
    "prelu": (0,),
    "elu": (0,),
    "hard-tanh": (-1, 1),
}
"""Where a layer has no derivative (the ELU only where its parameter is not 1)."""
LEARNED: tuple[Name, ...] = ("prelu", "elu")
"""Layers whose parameter a is learned."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A value on a part of the line; one branch without a condition is the whole of it. Both are SymPy objects."""

    value: Value
    condition: Value = None


Branches = tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Activation:
    """A layer y(x) in the symbols x, y, a and (for a constant slope) c.

    ``steps`` are equal forms of the derivative of a smooth layer, the last one its ``slope``. In ``by_output``, s
    stands for the sigmoid of x, which the SiLU needs besides y.
    """

    definition: Branches
    slope: Branches
    by_output: Branches
    by_parameter: Branches = ()
    steps: tuple[Value, ...] = ()


def expression(branches: Branches) -> Value:
    """The branches as one SymPy expression."""
    if branches[0].condition is None:
        return branches[0].value
    import sympy

    return sympy.Piecewise(*((branch.value, branch.condition) for branch in branches))


def branches_tex(branches: Branches) -> str:
    """The branches as one TeX formula."""
    if branches[0].condition is None:
        return tex(branches[0].value)
    rows = r" \\ ".join(rf"{tex(branch.value)} & \text{{if }} {tex(branch.condition)}" for branch in branches)
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@lru_cache(maxsize=16)
def activation(name: Name) -> Activation:
    """The layer of a name.

    Sources of the less usual: ELU, Clevert, Unterthiner and Hochreiter (2016); SiLU, Hendrycks and Gimpel (2016).
    """
    import sympy

    x, y, a, c = sympy.symbols("x y a c")
    up, down = sympy.exp(x), sympy.exp(-x)
    whole = 1 + down
    s = sympy.Symbol("s")
    one, zero = sympy.Integer(1), sympy.Integer(0)

    def smooth(definition: Value, by_output: Value, *steps: Value) -> Activation:
        return Activation((Branch(definition),), (Branch(steps[-1]),), (Branch(by_output),), steps=steps)

    def bent(factor: Value) -> Branches:
        return (Branch(sympy.Add(sympy.Max(0, x), factor * sympy.Min(0, x), evaluate=False)),)

    def sides(right: Value, left: Value, of: Value = x) -> Branches:
        return (Branch(sympy.sympify(right), of > 0), Branch(sympy.sympify(left), of < 0))

    match name:
        case "sigmoid":
            chain = sympy.Mul(-1 / whole**2, -down, evaluate=False)
            return smooth(1 / whole, y * (1 - y), chain, down / whole**2)
        case "tanh":
            # SymPy would rewrite the numerator; the student squares it out.
            top = sympy.Add((up + down) ** 2, -((up - down) ** 2), evaluate=False)
            return smooth((up - down) / (up + down), 1 - y**2, top / (up + down) ** 2, 4 / (up + down) ** 2)
        case "softplus":
            chain = sympy.Mul(1 / (1 + up), up, evaluate=False)
            return smooth(sympy.log(1 + up), 1 - sympy.exp(-y), chain, 1 / whole)
        case "silu":
            return smooth(x / whole, s + y * (1 - s), 1 / whole + x * down / whole**2)
        case "relu":
            zero_output = (Branch(one, y > 0), Branch(zero, sympy.Eq(y, 0)))
            return Activation((Branch(sympy.Max(0, x)),), sides(1, 0), zero_output)
        case "leaky-relu":
            return Activation(bent(c), sides(1, c), sides(1, c, y))
        case "prelu":
            return Activation(bent(a), sides(1, a), sides(1, a, y), sides(0, x))
        case "elu":
            definition = (Branch(x, x > 0), Branch(a * (up - 1), x <= 0))
            return Activation(definition, sides(1, a * up), sides(1, y + a, y), sides(0, up - 1))
        case "hard-tanh":
            size, output = sympy.Abs(x), sympy.Abs(y)
            clipped = (Branch(-one, x <= -1), Branch(x, size < 1), Branch(one, x >= 1))
            slopes = (Branch(one, size < 1), Branch(zero, size > 1))
            return Activation(clipped, slopes, (Branch(one, output < 1), Branch(zero, sympy.Eq(output, 1))))


PLAIN: Mapping[Name, Callable[[float, float], float]] = {
    "sigmoid": lambda x, _: 1 / (1 + exp(-x)),
    "tanh": lambda x, _: tanh(x),
    "softplus": lambda x, _: log1p(exp(x)),
    "silu": lambda x, _: x / (1 + exp(-x)),
    "relu": lambda x, _: max(x, 0.0),
    "leaky-relu": lambda x, c: max(x, 0.0) + c * min(x, 0.0),
    "prelu": lambda x, a: max(x, 0.0) + a * min(x, 0.0),
    "elu": lambda x, a: max(x, 0.0) + a * (exp(min(x, 0.0)) - 1),
    "hard-tanh": lambda x, _: max(-1.0, min(1.0, x)),
}
"""The same layers in floating point, written down apart from the symbolic ones; the second argument is a or c."""

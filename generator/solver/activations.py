"""Activation layers, one output from one input each: definition, and derivative by the input and by a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log1p, tanh
from typing import Literal

from generator.notation import Value
from generator.solver.written import Derivation, add, minus, over, squared, times, written_tex

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
    """A layer y(x) in the symbols x, y, a and (for a constant slope) c, all formulas as one writes them.

    ``pieces`` are the layer on both sides of its kinks, whole for a smooth one; ``slope`` and ``by_parameter`` their
    derivatives. ``derivation`` leads to the slope of a smooth layer, ``by_output_steps`` to the slope in terms of y
    (for x < 0 only where the layer has a kink). There, s stands for the sigmoid of x, which the SiLU needs besides y.
    ``made_of`` are what the rule of the derivation is applied to, an outer function of u and an inner one or two
    factors; ``aside`` is an equation that the steps to the output use.
    """

    definition: Branches
    pieces: Branches
    slope: Branches
    by_output: Branches
    by_parameter: Branches = ()
    derivation: Derivation | None = None
    by_output_steps: Derivation | None = None
    made_of: tuple[Value, ...] = ()
    aside: Derivation | None = None


def expression(branches: Branches) -> Value:
    """The branches as one SymPy expression, in SymPy's order."""
    if branches[0].condition is None:
        return branches[0].value.doit()
    import sympy

    return sympy.Piecewise(*((branch.value.doit(), branch.condition) for branch in branches))


def branches_tex(branches: Branches) -> str:
    """The branches as one TeX formula."""
    if branches[0].condition is None:
        return written_tex(branches[0].value)
    rows = r" \\ ".join(
        rf"{written_tex(branch.value)} & \text{{if }} {written_tex(branch.condition)}" for branch in branches
    )
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@lru_cache(maxsize=128)
def activation(name: Name, index: str = "") -> Activation:
    """The layer of a name; with an index, in the symbols of one component: x_2, y_2.

    Sources of the less usual: ELU, Clevert, Unterthiner and Hochreiter (2016); SiLU, Hendrycks and Gimpel (2016).
    """
    import sympy

    x, y, s = (sympy.Symbol(f"{letter}_{index}" if index else letter) for letter in "xys")
    a, c = sympy.symbols("a c")
    if name in KINKS:
        return _bent(name, x, y, a, c)
    up, down, u = sympy.exp(x), sympy.exp(-x), sympy.Symbol("u")
    whole, sigmoid = add(1, down), over(1, add(1, down))

    def smooth(
        definition: Value,
        slope: tuple[Value, ...],
        by_output: tuple[Value, ...],
        made_of: tuple[Value, ...] = (),
        aside: Derivation | None = None,
    ) -> Activation:
        return Activation(
            (Branch(definition),),
            (Branch(definition),),
            (Branch(slope[-1]),),
            (Branch(by_output[-1]),),
            derivation=Derivation(f"y'({x})", slope),
            by_output_steps=Derivation("y'", by_output),
            made_of=made_of,
            aside=aside,
        )

    by_output: tuple[Value, ...]
    match name:
        case "sigmoid":
            slope = over(down, squared(whole))
            chain = times(minus(over(1, squared(whole))), minus(down))
            split = times(sigmoid, over(down, whole))
            by_output = (slope, split, times(sigmoid, add(1, minus(sigmoid))), times(y, add(1, minus(y))))
            return smooth(sigmoid, (chain, slope), by_output, (over(1, u), whole))
        case "tanh":
            top, bottom = add(up, minus(down)), add(up, down)
            quotient = over(add(squared(bottom), minus(squared(top))), squared(bottom))
            slope = over(sympy.Integer(4), squared(bottom))
            expanded = over(times(4, up, down), squared(bottom))
            split = add(1, minus(squared(over(top, bottom))))
            return smooth(over(top, bottom), (quotient, expanded, slope), (quotient, split, add(1, minus(squared(y)))))
        case "softplus":
            inner = add(1, up)
            chain = over(up, inner)
            by_output = (chain, add(1, minus(over(1, inner))), add(1, minus(sympy.exp(-y))))
            aside = Derivation("", (sympy.exp(-y), over(1, inner)))
            slopes = (times(over(1, inner), up), chain, sigmoid)
            return smooth(sympy.log(inner), slopes, by_output, (sympy.log(u), inner), aside)
        case "silu":
            other = over(down, squared(whole))
            product = add(times(1, sigmoid), times(x, other))
            slope = add(sigmoid, over(times(x, down), squared(whole)))
            split = add(sigmoid, times(x, sigmoid, over(down, whole)))
            steps = (slope, split, add(s, times(x, s, add(1, minus(s)))), add(s, times(y, add(1, minus(s)))))
            aside = Derivation("", (over(down, whole), add(1, minus(s))))
            return smooth(over(x, whole), (product, slope), steps, (x, sigmoid), aside)
    raise ValueError(f"no layer {name}")


def _bent(name: Name, x: Value, y: Value, a: Value, c: Value) -> Activation:
    """A layer of several pieces: what it is on each of them gives its derivatives."""
    import sympy

    low = {"relu": sympy.Integer(0), "leaky-relu": c * x, "prelu": a * x, "elu": times(a, add(sympy.exp(x), -1))}
    high = x
    slopes: Branches
    if name == "hard-tanh":
        size, output = sympy.Abs(x), sympy.Abs(y)
        one = sympy.Integer(1)
        clipped = (Branch(-one, x <= -1), Branch(high, size < 1), Branch(one, x >= 1))
        slopes = (Branch(sympy.diff(high, x), size < 1), Branch(sympy.diff(one, x), size > 1))
        by_output = (Branch(slopes[0].value, output < 1), Branch(slopes[1].value, sympy.Eq(output, 1)))
        return Activation(clipped, clipped, slopes, by_output)
    pieces = (Branch(high, x > 0), Branch(low[name], x < 0))
    slopes = tuple(Branch(sympy.diff(piece.value.doit(), x), piece.condition) for piece in pieces)
    by_output = (Branch(slopes[0].value, y > 0), Branch(slopes[1].value, sympy.Eq(y, 0) if name == "relu" else y < 0))
    if name == "relu":
        return Activation((Branch(sympy.Max(0, x)),), pieces, slopes, by_output)
    factor = c if name == "leaky-relu" else a
    by_parameter = tuple(Branch(sympy.diff(piece.value.doit(), a), piece.condition) for piece in pieces)
    if name != "elu":
        definition = add(sympy.Max(0, x), times(factor, sympy.Min(0, x)))
        learned = by_parameter if name == "prelu" else ()
        return Activation((Branch(definition),), pieces, slopes, by_output, learned)
    rising = slopes[1].value
    steps = (rising, add(pieces[1].value, a), add(y, a))
    return Activation(
        (Branch(x, x > 0), Branch(pieces[1].value, x <= 0)),
        pieces,
        slopes,
        (by_output[0], Branch(steps[-1], y < 0)),
        (by_parameter[0], Branch(add(sympy.exp(x), -1), by_parameter[1].condition)),
        by_output_steps=Derivation("y'", steps),
    )


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

"""What an activation layer and its derivatives are worth, exactly and at made-up points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import exp, nan

from generator.exact import Number, normal_form, symbolic
from generator.exercises.layers._activation_draw import SMOOTH
from generator.notation import Value
from generator.solver.activations import PLAIN, Activation, Branches, Name, activation, expression
from generator.solver.written import evaluated


def exact_value(branches: Branches, x: Number, constant: int | Fraction) -> Value:
    """An expression of a layer at an input, exactly."""
    import sympy

    at = {"x": symbolic(x), "a": symbolic(constant), "c": symbolic(constant)}
    # A logarithm of a fraction stays whole, as it is printed.
    return _plain(sympy.expand(expression(branches).subs(at), log=False))


def exact_slope(layer: Name, x: Number, constant: int | Fraction) -> Value:
    """The derivative, from its formula in x."""
    return exact_value(activation(layer).slope, x, constant)


def exact_by_parameter(layer: Name, x: Number) -> Value:
    return 0 if float(x) > 0 else exact_value(activation(layer).by_parameter, x, 1)


def _plain(value: Value) -> Value:
    return normal_form(Fraction(int(value.p), int(value.q))) if value.is_Rational else value


def answers(layer: Activation) -> tuple[Branches, ...]:
    answers = (layer.slope, layer.by_output)
    return (*answers, layer.by_parameter) if layer.by_parameter else answers


POINTS, CONSTANT, STEP = (-2.3, -1.05, -0.95, -0.05, 0.05, 0.95, 1.05, 1.9), 0.6, 1e-5
"""Where answers in symbols are looked at, on both sides of every kink; made-up constant; step of a difference."""
_LETTERS: Mapping[str, str] = {"a": "x", "b": "ys", "c": "x"}
"""What each part's answer may be written in, besides the constant of the layer."""


@lru_cache(maxsize=64)
def values_at_points(answer: Value, layer: Name, part: str) -> tuple[float, ...]:
    """An answer in symbols at the fixed points; not-a-number where it has letters that its part does not know."""
    letters = _LETTERS[part] + ("c" if layer == "leaky-relu" else "a")
    if not {symbol.name for symbol in answer.free_symbols} <= set(letters):
        return (nan,) * len(POINTS)
    return tuple(float(answer.subs(_numbers(PLAIN[layer], x, CONSTANT))) for x in POINTS)


@lru_cache(maxsize=32)
def central_slopes(layer: Name, part: str) -> tuple[float, ...]:
    """Central differences of the layer in plain numbers at the same points: by the parameter in part c, else by x."""
    by_x, by_constant = (0.0, STEP) if part == "c" else (STEP, 0.0)
    plain = PLAIN[layer]
    return tuple(
        (plain(x + by_x, CONSTANT + by_constant) - plain(x - by_x, CONSTANT - by_constant)) / (2 * STEP) for x in POINTS
    )


@lru_cache(maxsize=16)
def judged_steps(layer: Name) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """What the question and the derivations print at fixed points: the layer, and each form of its derivative."""
    constant, step, plain, known = 0.6, 1e-5, PLAIN[layer], activation(layer)
    # Forms in terms of the output of a layer with a kink are about its left side.
    points = (-2.3, -0.7, 0.4, 1.9)
    left = tuple(x for x in points if x < 0 or layer in SMOOTH)

    def slopes(at: Sequence[float]) -> tuple[float, ...]:
        return tuple((plain(x + step, constant) - plain(x - step, constant)) / (2 * step) for x in at)

    def printed(form: Value, at: Sequence[float]) -> tuple[float, ...]:
        return tuple(evaluated(form, _numbers(plain, x, constant)) for x in at)

    outputs = tuple(plain(x, constant) for x in points)
    judged = [(printed(expression(form), points), outputs) for form in (known.definition, known.pieces)]
    if known.derivation:
        judged += [(printed(form, points), slopes(points)) for form in known.derivation.forms]
    if known.by_output_steps:
        judged += [(printed(form, left), slopes(left)) for form in known.by_output_steps.forms]
    if known.aside:
        one, other = (printed(form, points) for form in known.aside.forms)
        judged.append((one, other))
    return tuple(judged)


def _numbers(plain: Callable[[float, float], float], x: float, constant: float) -> Mapping[str, float]:
    """Values for all letters of a layer."""
    return {"x": x, "y": plain(x, constant), "s": 1 / (1 + exp(-x)), "a": constant, "c": constant}

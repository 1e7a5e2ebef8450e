"""The loss of a linear model on one sample as a chain of named steps, with its derivatives along the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generator.solver.likelihood import Terms
from generator.solver.sample_loss import HUBER, LossName


@dataclass(frozen=True, slots=True)
class Step:
    """A value of the graph: its name, its formula in the value ``before`` it (and y), its derivative by that one."""

    name: str
    before: str
    formula: Terms
    derivative: Terms


@dataclass(frozen=True, slots=True)
class LossGraph:
    """From the prediction z to the loss, step by step, and what a gradient step is made of.

    ``loss`` is the loss in the weights and the input. ``gradient`` has forms of the gradient, each equal to the next:
    the product of all derivatives, that with every value put in, and in the end in y, z and the input with its
    constant 1. ``updated`` is in the weights and the learning rate too.
    """

    loss: Terms
    steps: tuple[Step, ...]
    gradient: tuple[Terms, ...]
    updated: Terms


@lru_cache(maxsize=16)
def loss_graph(loss: LossName, large: bool = False) -> LossGraph:
    """The graph of a loss; ``large`` says on which side of Huber's threshold the residual lies."""
    import sympy

    y, z, w, rate, growth = sympy.symbols("y z w alpha growth")
    steps = tuple(_steps(_formulas(loss, large)))
    backward = {sympy.Symbol(step.name): step.formula.meaning for step in reversed(steps)}
    product = sympy.Mul(sympy.Symbol("xbar"), *(step.derivative.meaning for step in steps))
    put_in = _put_in(product, backward)
    # The quotient exp(-y z) / (1 + exp(-y z)) is shown with one exponential.
    short = sympy.cancel(put_in.subs(sympy.exp(-y * z), 1 / growth)).subs(growth, sympy.exp(y * z))
    forms = (product, put_in, short) if put_in.has(sympy.exp) else (product, put_in)
    return LossGraph(
        loss=Terms((_put_in(sympy.Symbol("L"), backward).subs(z, sympy.Symbol(r"w^\top \bar{x}")),)),
        steps=steps,
        gradient=tuple(Terms((form,)) for form in forms),
        updated=Terms((w, -rate * forms[-1])),
    )


def _put_in(expression: Any, formulas: Mapping[Any, Any]) -> Any:
    for name, formula in formulas.items():
        expression = expression.subs(name, formula)
    return expression


def huber_rule(large: bool) -> Terms:
    """What Huber's loss makes of a small or of a large residual r (Huber 1964)."""
    import sympy

    r = sympy.Symbol("r")
    return Terms((HUBER * sympy.Abs(r), -sympy.Rational(HUBER**2, 2)) if large else (r**2 / 2,))


def _formulas(loss: LossName, large: bool) -> Mapping[str, Terms]:
    """The values after z, each in the one before it."""
    import sympy

    y, z, r, m, p, s = sympy.symbols("y z r m p s")
    if loss == "logistic":
        formulas = {"m": (y * z,), "p": (sympy.exp(-m),), "s": (1, p), "L": (sympy.log(s),)}
        return {name: Terms(tuple(map(sympy.sympify, terms))) for name, terms in formulas.items()}
    last = {"absolute": Terms((sympy.Abs(r),)), "squared": Terms((r**2,)), "huber": huber_rule(large)}
    return {"r": Terms((y, -z)), "L": last[loss]}


def _steps(formulas: Mapping[str, Terms]) -> list[Step]:
    import sympy

    before, steps = "z", []
    for name, formula in formulas.items():
        real = sympy.Symbol(before, real=True)
        slope = sympy.diff(formula.meaning.xreplace({sympy.Symbol(before): real}), real)
        slope = slope.xreplace({real: sympy.Symbol(before)})
        if formula.meaning.is_Function and slope.has(formula.meaning) and name != "L":
            # The derivative of p = exp(-m) is -p.
            slope = slope.subs(formula.meaning, sympy.Symbol(name))
        steps.append(Step(name, before, formula, Terms((slope,))))
        before = name
    return steps

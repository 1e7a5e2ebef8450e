"""Sums over a sample: built term by term, and evaluated on numbers.

This module imports SymPy as it loads; import it inside functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from generator.solver.formula_tex import join, powers_tex, sum_tex, tex
from generator.solver.substitution import exact_number, term

__all__ = [
    "DATA",
    "INDEX",
    "OBSERVATION",
    "SIZE",
    "evaluate",
    "exact_number",
    "for_one",
    "join",
    "over",
    "over_sample",
    "powers_tex",
    "sum_tex",
    "term",
    "tex",
]

INDEX, SIZE = sympy.Symbol("i"), sympy.Symbol("n")
DATA = sympy.Function("x")
OBSERVATION = DATA(INDEX)
"""One observation; what it is called in the end is a matter of renaming."""


def over(term: Any, index: Any, size: Any, *, keep: Any = None) -> Any:
    """The sum of a term over an index from 1 to ``size``, with what is free of the index taken out.

    Sums inside are split, unless they contain ``keep`` (a squared deviation from a parameter stays together).
    """
    factor, inner = term.as_independent(index, as_Add=False)
    if inner == 1:
        return size * factor
    if inner.is_Add and not (keep is not None and inner.has(keep)):
        return factor * sympy.Add(*(over(part, index, size, keep=keep) for part in inner.args))
    return factor * sympy.Sum(inner, (index, 1, size))


def over_sample(term: Any, *, keep: Any = None) -> Any:
    """The sum of a term over the sample; see `over`."""
    return over(term, INDEX, SIZE, keep=keep)


def for_one(expression: Any) -> Any:
    """The expression with 1 in place of the sample size, the sums left as they are: what forgetting n gives."""
    hidden = {found: sympy.Dummy() for found in expression.atoms(sympy.Sum)}
    shown = {symbol: found for found, symbol in hidden.items()}
    return expression.xreplace(hidden).subs(SIZE, 1).xreplace(shown)


def evaluate(
    expression: Any, values: Mapping[Any, Any], sample: Sequence[Any] = (), ln: Callable[[Any], Any] = math.log
) -> Any:
    """The number that an expression stands for; ``values`` has its symbols, ``sample`` the observations.

    Without a sample, sums run over their index, and ``values`` has x(1), x(2), and so on; with one, they must run over
    all of it: raises ValueError for a sum that does not.

    Exact (int, Fraction) as long as the values are and neither roots nor logarithms occur.
    """
    if expression in values:
        return values[expression]
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    if isinstance(expression, sympy.Sum) and not sample:
        return sum(evaluate(term, values, (), ln) for term in _written_out(expression, values))
    if isinstance(expression, sympy.Sum):
        if expression.limits[0][1:] != (1, SIZE):
            raise ValueError(f"a sum that does not run over the sample: {expression}")
        observation = next(iter(expression.function.atoms(AppliedUndef)))
        return sum(evaluate(expression.function, {**values, observation: x}, (), ln) for x in sample)
    parts = [evaluate(part, values, sample, ln) for part in expression.args]
    if expression.is_Add:
        return sum(parts)
    if expression.is_Mul:
        return reduce(mul, parts)
    if expression.is_Pow:
        base, exponent = parts
        if not isinstance(exponent, Fraction) or exponent.denominator != 1:
            return float(base) ** float(exponent)
        # An int to a negative power would be a float.
        return (Fraction(base) if isinstance(base, int) else base) ** int(exponent)
    if isinstance(expression, sympy.log):
        return ln(parts[0])
    if isinstance(expression, sympy.exp):
        return math.exp(parts[0])
    if isinstance(expression, sympy.Abs):
        return abs(parts[0])
    if isinstance(expression, sympy.factorial):
        return math.factorial(int(parts[0]))
    return float(expression)


def _written_out(expression: Any, values: Mapping[Any, Any]) -> Iterable[Any]:
    """The terms of a sum, one for every value of its indices."""
    terms = [expression.function]
    for index, first, last in expression.limits:
        places = range(int(evaluate(first, values)), int(evaluate(last, values)) + 1)
        terms = [term.xreplace({index: sympy.Integer(place)}) for term in terms for place in places]
    return terms

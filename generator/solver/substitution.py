"""Formulas with printed numbers put in, ready to be worked out by hand.

This module imports SymPy as it loads; import it inside functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from generator.exact import log, normal_form
from generator.solver.formula_tex import place, readable
from generator.working import Function, Sum, Term, apply, num, product, total

Recipe = Callable[[Mapping[Any, Any]], Term]
"""Makes the work of a formula from the numbers of its symbols and sums."""


def exact_number(value: Any) -> Any:
    """A rational SymPy number as int or Fraction; any other value as it is."""
    if getattr(value, "is_Rational", False):
        return normal_form(Fraction(int(value.p), int(value.q)))
    return normal_form(value) if isinstance(value, Fraction) else value


_FUNCTIONS: Mapping[Any, Function] = {sympy.Abs: "abs", sympy.exp: "exp"}


def term(expression: Any, values: Mapping[Any, Any]) -> Term:
    """A rational expression with its symbols and sums replaced by printed numbers, ready to be worked out.

    Logarithms and signs of numbers are printed as what they are.
    """
    return _recipe(expression, frozenset(values))(values)


def worked(terms: Iterable[Any], values: Mapping[Any, Any]) -> Term:
    """The sum of some expressions in the given order, with printed numbers put in."""
    return total(term(part, values) for part in terms)


@lru_cache(maxsize=8192)
def _recipe(expression: Any, known: frozenset[Any]) -> Recipe:
    """How to put numbers in for what is known; found once per formula, since it costs more than the numbers do."""
    if expression in known:
        return lambda values: num(values[expression])
    if expression.is_Rational:
        number = num(exact_number(expression))
        return lambda _: number
    if isinstance(expression, sympy.log | sympy.sign):
        inside, finish = _recipe(expression.args[0], known), _log if isinstance(expression, sympy.log) else _sign
        return lambda values: finish(inside(values).value())
    for function, name in _FUNCTIONS.items():
        if isinstance(expression, function):
            argument = _recipe(expression.args[0], known)
            return lambda values: apply(name, argument(values))
    if expression.is_Add:
        parts = [_signed(part, known) for part in sorted(expression.args, key=readable)]
        return lambda values: Sum(tuple(part(values) for part in parts))
    return _signed(expression, known)


def _log(value: Any) -> Term:
    number = exact_number(value)
    return num(log(number) if isinstance(number, int | Fraction) else sympy.log(number))


def _sign(value: Any) -> Term:
    return num(int(value > 0) - int(value < 0))


def _signed(expression: Any, known: frozenset[Any]) -> Recipe:
    if expression in known or not (expression.is_Mul or expression.is_Pow or expression.is_Rational):
        return _recipe(expression, known)
    if expression.as_coeff_Mul()[0].is_negative:
        size = _quotient(-expression, known)
        return lambda values: -size(values)
    return _quotient(expression, known)


def _quotient(expression: Any, known: frozenset[Any]) -> Recipe:
    if expression.is_Pow and expression.args[1].is_Integer and expression.args[1] > 1:
        base, exponent = _recipe(expression.args[0], known), int(expression.args[1])
        return lambda values: base(values) ** exponent
    above, below = sympy.fraction(expression)
    top, bottom = _row(above, known), _row(below, known)
    return top if below == 1 else lambda values: top(values) / bottom(values)


def _row(expression: Any, known: frozenset[Any]) -> Recipe:
    factors = sorted(sympy.Mul.make_args(expression), key=lambda factor: (not factor.is_Rational, place(factor)))
    recipes = [_recipe(factor, known) for factor in factors]
    return lambda values: product([recipe(values) for recipe in recipes])

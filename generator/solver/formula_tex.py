"""Formulas in TeX as a textbook prints them: fractions of what is short, then logarithms, then sums over a sample.

This module imports SymPy as it loads; import it inside functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter


def join(terms: Iterable[str]) -> str:
    """Terms in TeX as a sum; a term that starts with a minus sign is subtracted."""
    first, *others = terms
    return first + "".join(f" - {term[1:].lstrip()}" if term.startswith("-") else f" + {term}" for term in others)


@lru_cache(maxsize=4096)
def sum_tex(terms: tuple[Any, ...]) -> str:
    """The sum of some terms in the given order."""
    return join([tex(term) for term in terms])


def tex(expression: Any) -> str:
    """TeX of an expression over a sample: fractions of what is short, then logarithms, sums last."""
    return str(_PRINTER.doprint(expression))


def negative(expression: Any) -> bool:
    """Whether a minus sign can be taken out of every term."""
    return all(part.as_coeff_Mul()[0].is_negative for part in sympy.Add.make_args(expression))


def readable(expression: Any) -> tuple[Any, ...]:
    """Sorting key of the terms of a sum: positive terms first, then those without a sum, numbers last."""
    return (
        bool(expression.as_coeff_Mul()[0].is_negative),
        bool(expression.is_number and not expression.has(sympy.log)),
        bool(expression.has(sympy.Sum)),
        expression.sort_key(),
    )


def place(factor: Any) -> int:
    """Where a factor of a product stands: n, then short ones; from logarithms on beside a fraction; vectors last."""
    base = factor.as_base_exp()[0]
    if _is_vector(base):
        return 8
    if isinstance(base, sympy.Sum | sympy.Product):
        return 7
    if base is sympy.E:
        return 6
    if isinstance(base, sympy.log):
        return _LOGARITHM
    if isinstance(base, sympy.gamma | sympy.Derivative) or (base.is_Symbol and base.name.startswith("\\frac")):
        return 4
    if isinstance(base, AppliedUndef) or type(base).__name__ in _PROPER:
        return 3
    if base.is_Add or isinstance(base, sympy.sign):
        return 2
    return 0 if base.is_Symbol and base.name == "n" else 1


def _is_vector(expression: Any) -> bool:
    """Whether a symbol stands for a vector, or for a product with one: an input with its constant 1 wears a bar."""
    return bool(expression.is_Symbol and "bar" in expression.name)


def _is_estimate(factor: Any) -> bool:
    """Whether a factor wears a hat: it stands behind the constants."""
    base = factor.as_base_exp()[0]
    return bool(base.is_Symbol and base.name.startswith(r"\hat"))


_LOGARITHM = 5
"""From logarithms on, factors stand beside a fraction, not in its numerator."""


_PROPER = ("f", "L", "L'", "L''")
"""Functions that are called, with what follows a semicolon as their parameters; any other one is an indexed name."""


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy is not typed
    """Textbook order of factors and terms, observations with an index, logarithms as ln."""

    def _print_AppliedUndef(self, expr: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        name = expr.func.__name__
        if name in _PROPER or name.startswith(r"\hat"):
            # A model's prediction or loss is a function proper: of an input, given parameters.
            return rf"{name}({'; '.join(self.doprint(argument) for argument in expr.args)}){power}"
        indices = "".join(self.doprint(index) for index in expr.args)
        subscript = indices if len(indices) == 1 else f"{{{indices}}}"
        return f"{self.doprint(sympy.Symbol(expr.func.__name__))}_{subscript}{power}"

    _print_Function = _print_AppliedUndef  # noqa: N815  # the name that SymPy's printer looks for

    def _print_Derivative(self, expr: Any) -> str:
        (variable,) = expr.variables
        return rf"\frac{{d {self.doprint(expr.expr)}}}{{d {self.doprint(variable)}}}"

    def _print_factorial(self, expr: Any, exp: str | None = None) -> str:
        del exp
        return f"{self.doprint(expr.args[0])}!"

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        del exp
        argument = expr.args[0]
        inside = self.doprint(argument)
        if argument.is_Symbol or argument.is_Integer or isinstance(argument, AppliedUndef):
            return rf"\ln {inside}"
        return _called(r"\ln", inside)

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        del exp
        inside = self.doprint(expr.args[0])
        return _called(r"\exp", inside) if _tall(inside) else f"e^{{{inside}}}"

    _print_exp = _print_ExpBase

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        del order
        terms = sorted(expr.args, key=readable)
        if expr.has(sympy.exp):
            # 1 + exp(z) is written with the number first.
            terms.sort(key=lambda term: not term.is_number)
        return sum_tex(tuple(terms))

    def _print_Mul(self, expr: Any) -> str:
        coefficient, rest = expr.as_coeff_Mul()
        numerator: list[Any] = []
        denominator: list[Any] = []
        for factor in sympy.Mul.make_args(rest):
            base, exponent = factor.as_base_exp()
            below = exponent.is_number and exponent.is_negative and base is not sympy.E
            chosen = base**-exponent if below else factor
            if chosen.is_Add and negative(chosen):
                coefficient, chosen = -coefficient, -chosen
            (denominator if below else numerator).append(chosen)
        text = self._fraction(abs(coefficient), numerator, denominator)
        return f"-{text}" if coefficient.is_negative else text

    def _fraction(self, coefficient: Any, numerator: list[Any], denominator: list[Any]) -> str:
        below = ([sympy.Integer(coefficient.q)] if coefficient.q != 1 else []) + denominator
        above = ([sympy.Integer(coefficient.p)] if coefficient.p != 1 else []) + numerator
        if not below:
            return self._row(above)
        # Exponentials on both sides of a fraction line stay together, and so do sums.
        joint = [kind for kind in (sympy.exp, sympy.Sum) if any(factor.has(kind) for factor in denominator)]
        after = [f for f in above if place(f) >= _LOGARITHM and not any(f.has(kind) for kind in joint)]
        over = [factor for factor in above if factor not in after]
        fraction = rf"\frac{{{self._row(over)}}}{{{self._row(below)}}}"
        return f"{fraction} {self._row(after)}" if after else fraction

    def _row(self, factors: list[Any]) -> str:
        ordered = sorted(
            factors, key=lambda factor: (place(factor), not factor.is_number, _is_estimate(factor), factor.sort_key())
        )
        ordered = [f for f in ordered if f.is_Integer] + [f for f in ordered if not f.is_Integer]
        texts = []
        for number, factor in enumerate(ordered):
            text = self.doprint(factor)
            last = number == len(ordered) - 1
            if len(ordered) > 1 and factor.is_Add:
                text = _in_parentheses(text)
            elif isinstance(factor, sympy.log) and not last and not text.endswith(")"):
                # Without the brackets the next factor would be read as part of the argument.
                text = _called(r"\ln", self.doprint(factor.args[0]))
            texts.append(text)
        return r" \, ".join(texts) if r"\sum" in "".join(texts[:-1]) else " ".join(texts) or "1"

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.as_base_exp()
        if base is sympy.E:
            return self._print_ExpBase(sympy.exp(exponent, evaluate=False))
        if exponent.is_number and exponent.is_negative:
            return self._print_Mul(expr)
        if exponent.is_Rational and exponent.p == 1 and exponent.q > 1:
            degree = f"[{exponent.q}]" if exponent.q > 2 else ""
            return rf"\sqrt{degree}{{{self.doprint(base)}}}"
        inside = self.doprint(base)
        if base.is_Add or base.is_Mul or isinstance(base, sympy.log | sympy.Sum):
            inside = _in_parentheses(inside)
        return f"{inside}^{{{self.doprint(exponent)}}}"

    def _print_Abs(self, expr: Any, exp: str | None = None) -> str:
        del exp
        inside = expr.args[0]
        if inside.is_Add and any(map(_is_vector, inside.args)):
            # SymPy keeps one of |y - z| and |z - y|; the product with a vector is what is subtracted.
            inside = -inside
        return rf"\left|{self.doprint(inside)}\right|"

    def _print_sign(self, expr: Any, exp: str | None = None) -> str:
        del exp
        return _called(r"\operatorname{sign}", self.doprint(expr.args[0]))

    def _print_Sum(self, expr: Any) -> str:
        return self._over(r"\sum", expr)

    def _print_Product(self, expr: Any) -> str:
        return self._over(r"\prod", expr)

    def _over(self, sign: str, expr: Any) -> str:
        body = str(self.doprint(expr.function))
        if expr.function.is_Add:
            body = _in_parentheses(body)
        for index, first, last in reversed(expr.limits):
            body = rf"{sign}_{{{self.doprint(index)}={self.doprint(first)}}}^{{{self.doprint(last)}}} {body}"
        return body


def _tall(text: str) -> bool:
    return any(command in text for command in (r"\frac", r"\sum", r"\prod"))


def _in_parentheses(text: str) -> str:
    return rf"\left({text}\right)" if _tall(text) else f"({text})"


def _called(function: str, inside: str) -> str:
    return f"{function}{_in_parentheses(inside)}"


_PRINTER = _Printer()


def powers_tex(pairs: Iterable[tuple[Any, Any]]) -> str:
    """A product of powers as it stands in a table of densities: negative powers in a denominator, exponentials last."""
    above: list[Any] = []
    below: list[Any] = []
    last = ""
    # What follows a product over the sample would be read as part of it.
    for base, exponent in sorted(pairs, key=lambda pair: isinstance(pair[0], sympy.Product)):
        power = sympy.sympify(exponent)
        if base is sympy.E:
            last = tex(sympy.exp(power, evaluate=False))
        elif negative(power):
            below.append(_power_tex(base, -power))
        else:
            above.append(_power_tex(base, power))
    # A number that stands after another factor needs a sign between them.
    above = [rf"\cdot {text}" if number and text[0].isdigit() else text for number, text in enumerate(above)]
    if not below:
        if last and above and above[-1].startswith(r"\prod"):
            above[-1] = _in_parentheses(above[-1])
        return " ".join([*above, last]).strip()
    if not above and any("e^{" in power or r"\exp" in power for power in below):
        # Exponentials on both sides of a fraction line stay together.
        above, last = [last], ""
    return rf"\frac{{{' '.join(above) or '1'}}}{{{' '.join(below)}}} {last}".strip()


def _power_tex(base: Any, exponent: Any) -> str:
    text = tex(base)
    if exponent == 1:
        return text
    if exponent == sympy.Rational(1, 2):
        return rf"\sqrt{{{text}}}"
    compound = base.is_Add or base.is_Mul or (base.is_Rational and not base.is_Integer)
    return f"{_in_parentheses(text) if compound else text}^{{{tex(exponent)}}}"

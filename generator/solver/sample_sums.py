"""Sums over a sample: built term by term, evaluated on numbers, and printed as a textbook prints them.

This module imports SymPy as it loads; import it inside functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from generator.exact import log, normal_form
from generator.working import Term, apply, num, product

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


def exact_number(value: Any) -> Any:
    """A rational SymPy number as int or Fraction; any other value as it is."""
    if getattr(value, "is_Rational", False):
        return normal_form(Fraction(int(value.p), int(value.q)))
    return normal_form(value) if isinstance(value, Fraction) else value


def term(expression: Any, values: Mapping[Any, Any]) -> Term:
    """A rational expression with its symbols and sums replaced by printed numbers, ready to be worked out."""
    if expression in values:
        return num(values[expression])
    if expression.is_Rational:
        return num(exact_number(expression))
    if isinstance(expression, sympy.log):
        return num(log(exact_number(expression.args[0])))
    if isinstance(expression, sympy.Abs):
        return apply("abs", term(expression.args[0], values))
    if expression.is_Add:
        first, *others = (_signed(part, values) for part in sorted(expression.args, key=_readable))
        return reduce(lambda left, right: left + right, others, first)
    return _signed(expression, values)


def _signed(expression: Any, values: Mapping[Any, Any]) -> Term:
    if expression in values or not (expression.is_Mul or expression.is_Pow or expression.is_Rational):
        return term(expression, values)
    coefficient = expression.as_coeff_Mul()[0]
    size = _quotient(-expression if coefficient.is_negative else expression, values)
    return -size if coefficient.is_negative else size


def _quotient(expression: Any, values: Mapping[Any, Any]) -> Term:
    if expression.is_Pow and expression.args[1].is_Integer and expression.args[1] > 1:
        return term(expression.args[0], values) ** int(expression.args[1])
    above, below = sympy.fraction(expression)
    top = product([term(factor, values) for factor in _row_order(above)])
    return top if below == 1 else top / product([term(factor, values) for factor in _row_order(below)])


def _row_order(expression: Any) -> list[Any]:
    return sorted(sympy.Mul.make_args(expression), key=lambda factor: (not factor.is_Rational, _place(factor)))


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


def _negative(expression: Any) -> bool:
    """Whether a minus sign can be taken out of every term."""
    return all(part.as_coeff_Mul()[0].is_negative for part in sympy.Add.make_args(expression))


def _readable(expression: Any) -> tuple[Any, ...]:
    """Sorting key of the terms of a sum: positive terms first, then those without a sum, numbers last."""
    return (
        bool(expression.as_coeff_Mul()[0].is_negative),
        bool(expression.is_number and not expression.has(sympy.log)),
        bool(expression.has(sympy.Sum)),
        expression.sort_key(),
    )


def _place(factor: Any) -> int:
    """Where a factor of a product stands: short ones, brackets, indexed ones, derivatives, logarithms, sums."""
    base = factor.as_base_exp()[0]
    if isinstance(base, sympy.Sum):
        return 7
    if base is sympy.E:
        return 6
    if isinstance(base, sympy.log):
        return _LOGARITHM
    if base.is_Symbol and base.name.startswith("\\frac"):
        return 4
    if isinstance(base, AppliedUndef):
        return 3
    if base.is_Add:
        return 2
    return 1 if base != SIZE else 0


_LOGARITHM = 5
"""From logarithms on, factors stand beside a fraction, not in its numerator."""


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy is not typed
    """Textbook order of factors and terms, observations with an index, logarithms as ln."""

    def _print_AppliedUndef(self, expr: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        if expr.func.__name__ == "f":
            # A model's prediction is a function proper: of an input, given parameters.
            return rf"f({'; '.join(self.doprint(argument) for argument in expr.args)}){power}"
        indices = "".join(self.doprint(index) for index in expr.args)
        subscript = indices if len(indices) == 1 else f"{{{indices}}}"
        return f"{self.doprint(sympy.Symbol(expr.func.__name__))}_{subscript}{power}"

    _print_Function = _print_AppliedUndef  # noqa: N815  # the name that SymPy's printer looks for

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
        return _called(r"\exp", inside) if r"\frac" in inside else f"e^{{{inside}}}"

    _print_exp = _print_ExpBase

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        del order
        terms = sorted(expr.args, key=_readable)
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
            if chosen.is_Add and _negative(chosen):
                coefficient, chosen = -coefficient, -chosen
            (denominator if below else numerator).append(chosen)
        text = self._fraction(abs(coefficient), numerator, denominator)
        return f"-{text}" if coefficient.is_negative else text

    def _fraction(self, coefficient: Any, numerator: list[Any], denominator: list[Any]) -> str:
        below = ([sympy.Integer(coefficient.q)] if coefficient.q != 1 else []) + denominator
        above = ([sympy.Integer(coefficient.p)] if coefficient.p != 1 else []) + numerator
        if not below:
            return self._row(above)
        after = [factor for factor in above if _place(factor) >= _LOGARITHM]
        over = [factor for factor in above if _place(factor) < _LOGARITHM]
        fraction = rf"\frac{{{self._row(over)}}}{{{self._row(below)}}}"
        return f"{fraction} {self._row(after)}" if after else fraction

    def _row(self, factors: list[Any]) -> str:
        ordered = sorted(factors, key=lambda factor: (_place(factor), not factor.is_number, factor.sort_key()))
        ordered = [f for f in ordered if f.is_Integer] + [f for f in ordered if not f.is_Integer]
        texts = []
        for place, factor in enumerate(ordered):
            text = self.doprint(factor)
            last = place == len(ordered) - 1
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
        return rf"\left|{self.doprint(expr.args[0])}\right|"

    def _print_Sum(self, expr: Any) -> str:
        body = str(self.doprint(expr.function))
        if expr.function.is_Add:
            body = _in_parentheses(body)
        for index, first, last in reversed(expr.limits):
            body = rf"\sum_{{{self.doprint(index)}={self.doprint(first)}}}^{{{self.doprint(last)}}} {body}"
        return body


def _in_parentheses(text: str) -> str:
    return rf"\left({text}\right)" if r"\frac" in text or r"\sum" in text else f"({text})"


def _called(function: str, inside: str) -> str:
    return rf"{function}\left({inside}\right)" if r"\frac" in inside else f"{function}({inside})"


_PRINTER = _Printer()


def powers_tex(pairs: Iterable[tuple[Any, Any]]) -> str:
    """A product of powers as it stands in a table of densities: negative powers in a denominator, exponentials last."""
    above: list[Any] = []
    below: list[Any] = []
    last = ""
    for base, exponent in pairs:
        power = sympy.sympify(exponent)
        if base is sympy.E:
            last = tex(sympy.exp(power, evaluate=False))
        elif _negative(power):
            below.append(_power_tex(base, -power))
        else:
            above.append(_power_tex(base, power))
    # A number that stands after another factor needs a sign between them.
    above = [rf"\cdot {text}" if place and text[0].isdigit() else text for place, text in enumerate(above)]
    if not below:
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

"""How values look: TeX for print, SymPy's own notation for records, and rounding half away from zero."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from generator.exact import Log, normal_form

Value: TypeAlias = Any
"""A number (int, Fraction, Decimal, Log), a SymPy object, a name, or nested tuples and mappings of them."""


def is_symbolic(value: Value) -> bool:
    """Whether a value is a SymPy object, found out without importing SymPy."""
    return (type(value).__module__ or "").startswith("sympy.") or hasattr(value, "free_symbols")


def tex(value: Value) -> str:
    """TeX of a scalar: number, logarithm, symbolic expression, or a string that is TeX already.

    Tuples become column vectors, tuples of tuples matrices.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise TypeError("a truth value has no mathematical notation")
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, Fraction):
        return _fraction_tex(value)
    if isinstance(value, Log):
        return _log_tex(value)
    if isinstance(value, tuple):
        return matrix_tex(value) if value and isinstance(value[0], tuple) else vector_tex(value)
    return symbolic_tex(value)


def _fraction_tex(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _log_tex(value: Log) -> str:
    if value.argument.numerator == 1:
        return rf"-\ln {value.argument.denominator}"
    if value.argument.denominator == 1:
        return rf"\ln {value.argument.numerator}"
    return rf"\ln\frac{{{value.argument.numerator}}}{{{value.argument.denominator}}}"


@lru_cache(maxsize=4096)
def symbolic_tex(expression: Value) -> str:
    """TeX of a SymPy expression in textbook style: ln for the natural logarithm, x_i for the i-th of many values."""
    printer = _printer()
    return flat_parentheses(str(printer.doprint(expression)))


@lru_cache(maxsize=1)
def _printer() -> Any:
    return textbook_printer()({"ln_notation": True, "inv_trig_style": "full"})


@lru_cache(maxsize=1)
def textbook_printer() -> Any:
    """The class of SymPy's TeX printer in textbook style, for modules that change it further."""
    from sympy import Symbol, log
    from sympy.printing.latex import LatexPrinter

    class Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
        """SymPy's printer, except that an observation x(i) is x_i and functions of plain numbers have no parentheses.

        A sum starts with a term that has no minus sign, and a logarithm stands beside its fraction.
        """

        def _print_Function(self, expression: Any, exp: str | None = None) -> str:  # SymPy's name
            indices = expression.args
            undefined = getattr(expression.func, "__module__", None) is None
            running = [isinstance(index, Symbol) and index.name in ("i", "j", "k") for index in indices]
            if (
                undefined
                and any(running)
                and all(run or index.is_Integer for run, index in zip(running, indices, strict=True))
            ):
                name = self._print(Symbol(expression.func.__name__))
                text = f"{name}_{{{','.join(self._print(index) for index in indices)}}}"
                return f"{text}^{{{exp}}}" if exp else text
            name, number = expression.func.__name__, expression.args[0]
            if name in ("sin", "cos") and number.is_Integer and number >= 0:
                return rf"\{name}^{{{exp}}} {number}" if exp else rf"\{name} {number}"
            return str(super()._print_Function(expression, exp))

        def _print_log(self, expression: Any, exp: str | None = None) -> str:
            number = expression.args[0]
            if number.is_Integer and exp is None:
                return rf"\ln {number}"
            if number.is_Rational and number > 0 and exp is None:
                return rf"\ln\frac{{{number.p}}}{{{number.q}}}"
            return str(super()._print_log(expression, exp))

        def _print_Mul(self, expression: Any) -> str:
            coefficient, rest = expression.as_coeff_Mul()
            if isinstance(rest, log) and rest.args[0].is_Rational and not coefficient.is_Integer:
                sign = "-" if coefficient < 0 else ""
                return rf"{sign}\frac{{{abs(coefficient.p)}}}{{{coefficient.q}}} {self._print(rest)}"
            return str(super()._print_Mul(expression))

        def _in_order(self, expression: Any, order: str | None) -> list[Any]:
            terms = list(self._as_ordered_terms(expression, order=order))
            # A number's logarithms stand first, its roots last: ln 3 + 1/2 and 4 + sqrt 5.
            return sorted(terms, key=lambda term: term.is_number and 2 - term.is_Rational - 2 * term.has(log))

        def _print_Add(self, expression: Any, order: str | None = None) -> str:
            terms = [
                rf"\left({self._print(term)}\right)" if self._needs_add_brackets(term) else self._print(term)
                for term in self._in_order(expression, order)
            ]
            first = next((place for place, term in enumerate(terms) if not term.startswith("-")), 0)
            text, *others = terms[first], *terms[:first], *terms[first + 1 :]
            for term in others:
                text += f" - {term[1:].lstrip()}" if term.startswith("-") else f" + {term}"
            return text

    return Printer


_TALL = ("\\frac", "\\sum", "\\prod", "\\int", "\\begin", "\\sqrt", "\\left")
_PAIR = re.compile(r"(\{?)\\left\(((?:(?!\\left|\\right).)*)\\right\)(\}?)")


def flat_parentheses(tex: str) -> str:
    r"""Parentheses that need not grow as plain ones, which stand closer: ``\exp(x)`` for ``\exp{\left(x \right)}``."""

    def plain(match: re.Match[str]) -> str:
        opening, inner, closing = match.groups()
        if any(command in inner for command in _TALL):
            # Marked so that the next round looks at what is around it.
            return rf"{opening}\Left({inner}\Right){closing}"
        both = bool(opening and closing)
        return f"{'' if both else opening}({inner.strip()}){'' if both else closing}"

    before = ""
    while before != tex:
        before, tex = tex, _PAIR.sub(plain, tex)
    return tex.replace(r"\Left(", r"\left(").replace(r"\Right)", r"\right)")


def vector_tex(values: Sequence[Value]) -> str:
    """A column vector in parentheses."""
    return r"\begin{pmatrix} " + r" \\ ".join(tex(value) for value in values) + r" \end{pmatrix}"


def row_tex(values: Sequence[Value]) -> str:
    r"""A vector written in a line with the sign for transposition: ``(1, 2)^\top``."""
    return r"\left(" + r",\; ".join(tex(value) for value in values) + r"\right)^{\top}"


def matrix_tex(rows: Sequence[Sequence[Value]]) -> str:
    """A matrix in parentheses."""
    body = r" \\ ".join(" & ".join(tex(value) for value in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def grid_tex(rows: Sequence[Sequence[Value]]) -> str:
    """A gridded array, as feature maps are drawn."""
    columns = "|" + "c|" * len(rows[0])
    body = " ".join(" & ".join(tex(value) for value in row) + r" \\ \hline" for row in rows)
    return rf"\begin{{array}}{{{columns}}} \hline {body} \end{{array}}"


def plain(value: Value) -> Value:
    """The form of a value in records: strings that SymPy parses, in lists and objects of the same nesting."""
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if value is None or isinstance(value, str):
        return value
    return str(value)


def decimal_form(value: Value) -> Value:
    """The nearest floats of a value with the same nesting; None where an entry is not a number."""
    if isinstance(value, Mapping):
        return {str(name): decimal_form(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return [decimal_form(entry) for entry in value]
    if value is None or isinstance(value, str) or getattr(value, "free_symbols", None):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def rounded(value: Value, places: int) -> Decimal:
    """A number rounded half away from zero to ``places`` decimals."""
    unit = Decimal(1).scaleb(-places)
    if isinstance(value, int | Fraction | Decimal):
        exact = Fraction(value)
        scaled = abs(exact) * 10**places
        whole = int(scaled + Fraction(1, 2))
        result = Decimal(whole).scaleb(-places)
        # "-0.00" would be a strange thing to print.
        return -result if exact < 0 and whole else result
    from sympy import N

    # Thirty digits decide every tie that is not exact, and an irrational number has none.
    with localcontext() as context:
        context.prec = 40
        result = Decimal(str(N(_for_sympy(value), 30))).quantize(unit, rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _for_sympy(value: Value) -> Value:
    if isinstance(value, Log):
        from generator.exact import symbolic

        return symbolic(value)
    return value


def terminating(value: Fraction) -> Decimal | None:
    """The decimal that equals a fraction, or None when its expansion does not end."""
    denominator = value.denominator
    places = 0
    while denominator % 10 == 0:
        denominator //= 10
        places += 1
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
            places += 1
    if denominator != 1:
        return None
    scaled = Decimal(int(value * 10**places)).scaleb(-places)
    return scaled.normalize() if scaled else Decimal(0)


def canonical(value: Value) -> Value:
    """Equal numbers in one form: fractions and decimals with denominator 1 become ints, at any depth."""
    if isinstance(value, Mapping):
        return {name: canonical(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return tuple(canonical(entry) for entry in value)
    if isinstance(value, Fraction | Decimal):
        return normal_form(Fraction(value))
    return value

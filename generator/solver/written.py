"""Formulas as they are written by hand: SymPy expressions that nothing rearranges, and derivations made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generator.notation import Value, flat_parentheses, textbook_printer


@dataclass(frozen=True, slots=True)
class Derivation:
    """Equal forms (SymPy) of one quantity, each of which follows from the one before: ``left = form = form = …``.

    ``left``, the name of the quantity in TeX, may be empty.
    """

    left: str
    forms: tuple[Value, ...]

    @property
    def tex(self) -> str:
        """The derivation as one chain of equations."""
        return " = ".join(filter(None, (self.left, *map(written_tex, self.forms))))

    @property
    def result(self) -> Value:
        """The last form, in SymPy's own order."""
        return self.forms[-1].doit()


def add(*terms: Value) -> Value:
    """A sum that keeps its terms in their order."""
    import sympy

    return sympy.Add(*map(sympy.sympify, terms), evaluate=False)


def times(*factors: Value) -> Value:
    """A product that keeps its factors in their order, also ones and zeros."""
    import sympy

    return sympy.Mul(*map(sympy.sympify, factors), evaluate=False)


def minus(term: Value) -> Value:
    """The opposite of a formula, as a term that is subtracted."""
    factors = term.args if term.is_Mul else (term,)
    return times(-1, *(factors[1:] if factors[0] == 1 else factors))


def over(top: Value, bottom: Value) -> Value:
    """A fraction that is not reduced."""
    import sympy

    base, exponent = bottom.as_base_exp() if bottom.is_Pow else (bottom, 1)
    return times(top, sympy.Pow(base, -exponent, evaluate=False))


def squared(base: Value) -> Value:
    """A square that is not multiplied out."""
    import sympy

    return sympy.Pow(base, 2, evaluate=False)


def quotient_rule(top: Value, bottom: Value, by_top: Value, by_bottom: Value) -> Value:
    """The derivative of a fraction, given those of its numerator and its denominator."""
    return over(add(times(by_top, bottom), minus(times(top, by_bottom))), squared(bottom))


def evaluated(form: Value, numbers: Mapping[str, Any]) -> float:
    """The value of a formula: ``numbers`` has that of every symbol and index, and the members of every family.

    The members of a family p[1], p[2], … stand in a tuple, those of w[i, j] in a tuple of rows.
    """
    import sympy

    given = {symbol: numbers.get(symbol.name) for symbol in form.free_symbols}
    # The label of a family is a symbol too.
    single = {symbol: value for symbol, value in given.items() if value is not None and not isinstance(value, tuple)}

    def member(base: Value, *indices: Value) -> Value:
        found = numbers[str(base)]
        for index in indices:
            found = found[int(index) - 1]
        return sympy.Float(found)

    return float(form.subs(single).doit().replace(sympy.Indexed, member))


def partial_tex(top: Value, bottom: Value) -> str:
    """The name of a partial derivative."""
    return rf"\frac{{\partial {written_tex(top)}}}{{\partial {written_tex(bottom)}}}"


@lru_cache(maxsize=4096)
def written_tex(expression: Value) -> str:
    """TeX of a formula in the order in which it was put together."""
    return flat_parentheses(str(_printer().doprint(expression)))


@lru_cache(maxsize=1)
def _printer() -> Any:
    class Printer(textbook_printer()):  # type: ignore[misc]  # SymPy has no types
        """Keeps the order of terms and factors; a member of a family is written with an index."""

        def _print_Add(self, expression: Any, order: str | None = None) -> str:  # SymPy's name
            del order
            text = ""
            for term in expression.args:
                piece = self._print(term)
                piece = rf"\left({piece}\right)" if self._needs_add_brackets(term) else piece
                if not text:
                    text = piece
                else:
                    text += f" - {piece[1:].lstrip()}" if piece.startswith("-") else f" + {piece}"
            return text

        def _print_Mul(self, expression: Any) -> str:
            first, *others = expression.args
            if first == 1 and len(others) == 1 and others[0].is_Pow:
                return str(self._print(others[0]))
            if others and first in (0, 1):
                # "0 S" would be read as a name.
                return rf"{first} \cdot {self._factor(others)}"
            if others and first.is_Mul and self._print(first).startswith("-"):
                return rf"\left({self._print(first)}\right) {self._factor(others)}"
            return str(super()._print_Mul(expression))

        def _factor(self, factors: Any) -> str:
            text = self._print(times(*factors) if len(factors) > 1 else factors[0])
            alone = len(factors) == 1 and (factors[0].is_Add or text.startswith("-"))
            return rf"\left({text}\right)" if alone else text

        def _print_log(self, expression: Any, exp: str | None = None) -> str:
            argument = expression.args[0]
            if exp is None and (argument.is_Symbol or argument.is_Indexed):
                return rf"\ln {self._print(argument)}"
            return str(super()._print_log(expression, exp))

        def _print_Indexed(self, expression: Any) -> str:
            return f"{expression.base.label}_{{{''.join(map(self._print, expression.indices))}}}"

        def _print_KroneckerDelta(self, expression: Any, exp: str | None = None) -> str:
            del exp
            return rf"\delta_{{{''.join(map(self._print, expression.args))}}}"

    return Printer({"ln_notation": True, "order": "none"})

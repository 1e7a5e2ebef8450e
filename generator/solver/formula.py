"""A formula written once: printed with letters, worked out with numbers, and judged as a SymPy expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from generator.notation import Value
from generator.working import Line, Term, line, num

Formula: TypeAlias = Callable[..., Term]
"""What is to be done with some terms, one parameter for each letter: ``lambda n, k: n - k + 1``."""

_AFTER_NUMBER = re.compile(r"(?<![\w}])(\d+) \\cdot (?!\d)")
_BETWEEN_LETTERS = re.compile(r"(?<!\d) \\cdot | \\cdot (?!\d)")
_BEFORE_BRACKET = re.compile(r" \\cdot (?=\(|\\left\()")


def letters_tex(term: Term) -> str:
    r"""TeX of a term made of letters, its products without dots: ``2 p - d (k - 1)``, ``j_0 \, s_1``.

    A dot between two numbers stays.
    """
    text = _AFTER_NUMBER.sub(r"\1 ", term.tex())
    return _BETWEEN_LETTERS.sub(r" \\, ", _BEFORE_BRACKET.sub(" ", text))


def formula_tex(formula: Formula, *letters: str) -> str:
    """The formula with these letters (TeX)."""
    return letters_tex(formula(*map(num, letters)))


def formula_line(left: str, formula: Formula, numbers: Mapping[str, Value], *, places: int | None = None) -> Line:
    """The worked line ``left = formula = numbers put in = result``; ``numbers`` has the letters (TeX) in order."""
    return line(left, formula(*map(num, numbers.values())), formula_tex(formula, *numbers), places)


def expression(formula: Formula, *letters: str) -> Value:
    """The formula as a SymPy expression in symbols of these names."""
    import sympy

    return formula(*(num(sympy.Symbol(letter)) for letter in letters)).value()

"""The quantities of a graph as SymPy expressions, and their notation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.notation import Value, flat_parentheses, textbook_printer
from generator.solver.graphs.rules import SYMBOLS, step_value
from generator.solver.graphs.steps import Graph


@lru_cache(maxsize=256)
def symbol(name: str) -> Any:
    """The symbol of a quantity."""
    import sympy

    return sympy.Symbol(name)


@lru_cache(maxsize=1024)
def composed(graph: Graph) -> Mapping[str, Any]:
    """Every quantity in terms of the inputs alone."""
    known = {name: symbol(name) for name in graph.inputs}
    for step in graph.steps:
        known[step.name] = step_value(SYMBOLS, step, known)
    return known


@lru_cache(maxsize=1)
def _printer() -> Any:
    class Printer(textbook_printer()):  # type: ignore[misc]  # SymPy has no types
        """Writes exp as the steps do, so that nothing long stands in an exponent."""

        def _print_ExpBase(self, expr: Any, exp: Any = None) -> Any:
            argument = expr.args[0]
            if argument.is_number:
                return super()._print_ExpBase(expr, exp)
            power = f"^{{{exp}}}" if exp is not None else ""
            return rf"\exp{power}\left({self._print(argument)}\right)"

    return Printer({"ln_notation": True})


@lru_cache(maxsize=4096)
def expression_tex(expression: Value) -> str:
    """An expression in TeX, with exp, ln, sin and cos as functions of what stands in parentheses."""
    return flat_parentheses(str(_printer().doprint(expression)))


def whole_tex(graph: Graph, expression: Value) -> str:
    r"""An expression in the inputs in TeX, where sine and cosine keep the arguments that the steps gave them.

    SymPy writes ``\cos(x - \sqrt{x})`` as ``\cos(\sqrt{x} - x)``.
    """
    import sympy

    given = {value for value in composed(graph).values() if value.is_Add}

    def kept(function: Any, sign: int) -> Any:
        def write(argument: Any) -> Any:
            return sign * function(_held()(-argument)) if -argument in given else function(argument)

        return write

    written = expression.replace(sympy.sin, kept(sympy.sin, -1)).replace(sympy.cos, kept(sympy.cos, 1))
    return expression_tex(written)


@lru_cache(maxsize=1)
def _held() -> Any:
    import sympy

    class Held(sympy.Symbol):  # type: ignore[misc]  # SymPy has no types
        """An argument that stays as it is."""

        __slots__ = ("argument",)

        def __new__(cls, argument: Any) -> Any:
            made = super().__new__(cls, str(argument))
            made.argument = argument
            return made

        def _latex(self, printer: Any) -> str:  # SymPy's name
            return str(printer.doprint(self.argument))

    return Held


def printed_length(tex: str) -> int:
    """About how many letters a formula shows: the names of functions count, other commands are one sign."""
    shown = re.sub(r"\\(exp|sin|cos|ln)", r"\1", tex)
    return len(re.sub(r"[{}^_\s]", "", re.sub(r"\\[A-Za-z]+", "x", shown)))


@lru_cache(maxsize=512)
def shortest(expression: Any) -> Any:
    """The expression as it is or multiplied out, whichever is shorter in print."""
    import sympy

    expanded = sympy.expand(expression, log=False, power_base=False, power_exp=False)
    return min((expression, expanded), key=lambda form: printed_length(expression_tex(form)))

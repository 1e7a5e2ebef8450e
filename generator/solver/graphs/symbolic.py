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

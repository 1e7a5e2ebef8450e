"""What every operation computes and its local derivatives, written once for worked terms and for SymPy alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from generator.exact import symbolic
from generator.notation import Value
from generator.solver.graphs.steps import Graph, Operation, Step
from generator.working import Function, Operations, Term, apply, num


class Algebra(Protocol):
    """Objects that can be added, multiplied and so on, and the functions for them."""

    def constant(self, value: Any) -> Any:
        """A number as such an object."""

    def function(self, name: Function, argument: Any) -> Any:
        """A function of such an object."""

    def extremum(self, largest: bool, first: Any, second: Any) -> Any:
        """The larger or the smaller one of two such objects."""


@dataclass(frozen=True, slots=True)
class Extremum(Term):
    """The larger or the smaller one of two terms."""

    largest: bool
    first: Term
    second: Term

    def tex(self) -> str:
        """TeX as a function of two arguments."""
        return rf"\{'max' if self.largest else 'min'}({self.first.tex()}, {self.second.tex()})"

    def value(self) -> Value:
        """The exact value."""
        return (max if self.largest else min)(self.first.value(), self.second.value())

    def children(self) -> tuple[Term, ...]:
        """The operands."""
        return (self.first, self.second)

    def own_operations(self) -> Operations:
        """One comparison."""
        return Counter(comparisons=1)


class _Worked:
    """Terms of worked lines: they print what they compute."""

    def constant(self, value: Any) -> Term:
        return num(value)

    def function(self, name: Function, argument: Any) -> Term:
        return apply(name, argument)

    def extremum(self, largest: bool, first: Any, second: Any) -> Term:
        return Extremum(largest, first, second)


class _Symbols:
    """SymPy expressions."""

    def constant(self, value: Any) -> Any:
        return symbolic(value)

    def function(self, name: Function, argument: Any) -> Any:
        return _sympy_function(name)(argument)

    def extremum(self, largest: bool, first: Any, second: Any) -> Any:
        return _sympy_function("Max" if largest else "Min")(first, second)


WORKED: Algebra = _Worked()
SYMBOLS: Algebra = _Symbols()


@lru_cache(maxsize=32)
def _sympy_function(name: str) -> Any:
    import sympy

    return getattr(sympy, {"ln": "log", "abs": "Abs"}.get(name, name))


Rule = Callable[..., Any]

_VALUES: Mapping[Operation, Rule] = {
    "exp": lambda f, a: f.function("exp", a),
    "log": lambda f, a: f.function("ln", a),
    "sin": lambda f, a: f.function("sin", a),
    "cos": lambda f, a: f.function("cos", a),
    "sqrt": lambda f, a: f.function("sqrt", a),
    "square": lambda _, a: a**2,
    "reciprocal": lambda _, a: 1 / a,
    "negative": lambda _, a: -a,
    "add": lambda _, a, b: a + b,
    "subtract": lambda _, a, b: a - b,
    "multiply": lambda _, a, b: a * b,
    "divide": lambda _, a, b: a / b,
    "abs": lambda f, a: f.function("abs", a),
    "max": lambda f, a, b: f.extremum(True, a, b),
    "min": lambda f, a, b: f.extremum(False, a, b),
}
_LOCAL: Mapping[Operation, tuple[Rule, ...]] = {
    "exp": (lambda f, a: f.function("exp", a),),
    "log": (lambda _, a: 1 / a,),
    "sin": (lambda f, a: f.function("cos", a),),
    "cos": (lambda f, a: -f.function("sin", a),),
    "sqrt": (lambda f, a: 1 / (2 * f.function("sqrt", a)),),
    "square": (lambda _, a: 2 * a,),
    "reciprocal": (lambda _, a: -(1 / a**2),),
    "negative": (lambda f, _a: f.constant(-1),),
    "add": (lambda f, _a, _b: f.constant(1), lambda f, _a, _b: f.constant(1)),
    "subtract": (lambda f, _a, _b: f.constant(1), lambda f, _a, _b: f.constant(-1)),
    "multiply": (lambda _, _a, b: b, lambda _, a, _b: a),
    "divide": (lambda _, _a, b: 1 / b, lambda _, a, b: -(a / b**2)),
}


def _objects(algebra: Algebra, step: Step, known: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(known[o] if isinstance(o, str) else algebra.constant(o) for o in step.operands)


def step_value(algebra: Algebra, step: Step, known: Mapping[str, Any]) -> Any:
    """The value of a step, given those of the quantities before it."""
    return _VALUES[step.operation](algebra, *_objects(algebra, step, known))


def local_derivative(algebra: Algebra, step: Step, source: str, known: Mapping[str, Any]) -> Any:
    """The partial derivative of a step with respect to one of its operands."""
    place = step.operands.index(source)
    return _LOCAL[step.operation][place](algebra, *_objects(algebra, step, known))


def name_tex(name: str) -> str:
    """A quantity's name in TeX: ``f_{12}``."""
    letter, _, number = name.partition("_")
    return f"{letter}_{{{number}}}" if len(number) > 1 else name


def named(graph: Graph) -> Mapping[str, Term]:
    """The graph's quantities as terms that print their names; they have no value."""
    return {name: num(name_tex(name)) for name in graph.names}


def step_tex(graph: Graph, step: Step) -> str:
    """The right-hand side of a step in TeX."""
    return step_value(WORKED, step, named(graph)).tex()  # type: ignore[no-any-return]  # a Term's

"""What the chain rule gives when a branch is left out, or when a step is differentiated at the wrong point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from generator.exact import Number, normal_form, symbolic
from generator.notation import Value
from generator.solver.graphs.chain import factored_sum, reverse_chains
from generator.solver.graphs.rules import name_tex, step_tex
from generator.solver.graphs.steps import Graph
from generator.solver.graphs.symbolic import composed, symbol
from generator.solver.graphs.worked import forward_lines

Locals = Mapping[tuple[str, str], Any]
"""Local derivatives by (source, step)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong way through the chain rule: its name, and the local derivatives that it uses."""

    name: str
    locals: Locals
    graph: Graph

    def derivatives(self) -> Mapping[str, Any]:
        """What comes out for the derivatives of the output, in terms of the graph's quantities."""
        return _derivatives(self)

    def slopes(self) -> Mapping[str, Any]:
        """What comes out for the derivatives by the input, in terms of the graph's quantities."""
        found: dict[str, Any] = {name: symbolic(1) for name in self.graph.inputs}
        for step in self.graph.steps:
            found[step.name] = factored_sum([found[source] * self.locals[source, step.name] for source in step.sources])
        return found

    def __hash__(self) -> int:
        return hash((self.name, self.graph))


@lru_cache(maxsize=256)
def _derivatives(mistake: Mistake) -> Mapping[str, Any]:
    graph = mistake.graph
    found: dict[str, Any] = {graph.output: symbolic(1)}
    for name in graph.backwards():
        shares: dict[Any, Any] = {}
        for step in graph.users(name):
            known = found[step.name]
            shares[known] = shares.get(known, 0) + mistake.locals[name, step.name]
        found[name] = factored_sum([known * local for known, local in shares.items()])
    return found


@lru_cache(maxsize=1024)
def mistakes(graph: Graph) -> tuple[Mistake, ...]:
    """One dropped branch for every quantity with several users, and one outer derivative taken at the input."""
    right = {(name, link.via): link.local for name, chain in reverse_chains(graph).items() for link in chain.links}
    found = []
    for name in graph.shared():
        user = graph.users(name)[-1].name
        text = f"the branch from ${name_tex(name)}$ to ${name_tex(user)}$ left out"
        found.append(Mistake(text, {**right, (name, user): symbolic(0)}, graph))
    start = graph.inputs[0]
    for step in reversed(graph.steps):
        source = step.operands[0]
        if len(step.operands) == 1 and isinstance(source, str) and source != start and step.operation != "negative":
            moved = right[source, step.name].xreplace({symbol(source): symbol(start)})
            text = (
                f"the derivative of ${name_tex(step.name)} = {step_tex(graph, step)}$ taken at ${name_tex(start)}$ "
                f"instead of ${name_tex(source)}$"
            )
            found.append(Mistake(text, {**right, (source, step.name): moved}, graph))
            break
    return tuple(found)


@lru_cache(maxsize=512)
def in_input(graph: Graph, expression: Any) -> Any:
    """An expression of the graph's quantities in terms of its inputs alone."""
    return expression.xreplace({symbol(name): value for name, value in composed(graph).items()})


@lru_cache(maxsize=512)
def at_point(graph: Graph, at: Number, expression: Any) -> Value | None:
    """The exact value of an expression of the graph's quantities, None where it has none."""
    values = forward_lines(graph, at)[1]
    known = {
        symbol(name): value if hasattr(value, "free_symbols") else symbolic(value) for name, value in values.items()
    }
    found = expression.xreplace(known)
    if found.is_Rational:
        return normal_form(Fraction(int(found.p), int(found.q)))
    return found if found.is_real and found.is_finite else None

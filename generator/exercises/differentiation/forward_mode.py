"""The derivative of a function by forward mode on its computational graph, and what forward mode costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Self

from generator.draw import Draw, Level
from generator.exact import Log
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    wanted,
)
from generator.exercises.differentiation._derivative import (
    ROUTE,
    decimal_help,
    final_checks,
    meanings,
    question_words,
    rows_tex,
)
from generator.exercises.differentiation._drawn_graph import draw_graph, graph_conditions, graph_of, graph_pattern
from generator.exercises.differentiation._graph_drawing import OUTPUT, graph_drawing
from generator.figure import Figure
from generator.solver import graphs, jacobian_chain
from generator.solver.graphs import Graph, GraphSteps
from generator.working import Line, line, product, total

LEGEND = r"\text{on an edge: the value it carries; grey box: the derivative of this value with respect to } x"
WIDTHS: Mapping[Level, tuple[tuple[int, int], ...]] = {
    "easy": ((3, 5), (2, 3), (2, 2)),
    "medium": ((5, 8), (3, 4), (2, 3)),
    "hard": ((4, 5), (2, 3), (2, 3), (2, 3)),
}
"""Bounds for the numbers of units, from the input layer on; the output is one number."""


@exercise(title="Forward-mode differentiation", source=("B10",))
@dataclass(frozen=True, slots=True)
class ForwardMode(Exercise):
    """Steps from x to y, the point at which the derivative is evaluated, and the sizes of a network's layers."""

    steps: Annotated[tuple[str, ...], Length(2, 10), GraphSteps()]
    at: Annotated[int | Fraction | Log, Between(-100, 100)]
    sizes: Annotated[tuple[Annotated[int, Between(1, 50)], ...], Length(3, 6)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        steps, at = draw_graph(d, level)
        sizes = d.given("sizes", lambda: (*(d.integer(low, high) for low, high in WIDTHS[level]), 1))
        return cls(steps, at, sizes)

    @property
    def graph(self) -> Graph:
        """The steps as a graph."""
        return graph_of(self.steps)

    def pattern(self) -> str:
        return graph_pattern(self.graph)

    def conditions(self) -> Iterable[Condition]:
        forwards, backwards = (self.multiplications(forwards=way).result for way in (True, False))
        yield wanted("reverse mode takes fewer multiplications than forward mode", backwards < forwards)
        yield from graph_conditions(self.graph, self.at)

    def multiplications(self, *, forwards: bool) -> Line:
        """The worked number of multiplications of one mode for the drawn layers."""
        products = (jacobian_chain.forward_products if forwards else jacobian_chain.reverse_products)(self.sizes)
        return line("", total(product(sides) for sides in products))

    def solve(self) -> Solution:
        graph = self.graph
        chains = graphs.forward_chains(graph, "x")
        inner = {name: chain for name, chain in chains.items() if name != graph.output}
        final = graphs.shortest(graphs.in_input(graph, chains[graph.output].result))
        slopes = graphs.tangent_lines(graph, self.at)
        counts = {"forward": self.multiplications(forwards=True), "reverse": self.multiplications(forwards=False)}
        table = Part(
            "a",
            "table",
            {_key(name): chain.result for name, chain in inner.items()},
            len(inner),
            work={"chains": tuple(inner.values())},
            space=Space("boxes", names=tuple(chain.left for chain in inner.values())),
        )
        formula = Part(
            "b",
            "expression",
            final,
            3,
            work={
                "chain": chains[graph.output],
                "final": graphs.whole_tex(graph, final),
                "meanings": meanings(graph, chains[graph.output].result),
            },
            tex=graphs.whole_tex(graph, final),
        )
        value = Part(
            "c",
            "number",
            slopes[1][graph.output],
            3,
            work={
                "forward": tuple(graphs.forward_lines(graph, self.at)[0].values()),
                "tangents": tuple(slopes[0].values()),
                "decimal": decimal_help(slopes[1][graph.output]),
            },
        )
        cost = Part(
            "d",
            "table",
            {name: entry.result for name, entry in counts.items()},
            2,
            work=counts,
            space=Space("boxes", names=(r"\text{forward}", r"\text{reverse}")),
        )
        reason = Part("e", "derivation", None, 2, space=Space("lines", 4))
        return Solution(
            (table, formula, value, cost, reason),
            work={
                **question_words(graph),
                "order": tuple(chain.left for chain in inner.values()),
                "layers": len(self.sizes) - 1,
            },
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        graph, here = self.graph, {"x": graphs.real(self.at)}
        known = graphs.numeric_values(graph, here)
        table = {name: graphs.numeric(entry, known) for name, entry in solution["a"].answer.items()}
        found = {_key(name): graphs.difference(graph, here, name, "x") for name in graph.names[1:-1]}
        yield agree("a", ROUTE, table, found)
        yield from final_checks(graph, self.at, solution)
        counts = {
            name: jacobian_chain.counted(self.sizes, forwards=name == "forward") for name in ("forward", "reverse")
        }
        yield agree("d", "matrices of these sizes multiplied entry by entry", solution["d"].answer, counts)

    def slips(self) -> Iterable[Slip]:
        graph = self.graph
        right = {
            name: chain.result for name, chain in graphs.forward_chains(graph, "x").items() if name != graph.output
        }
        for mistake in graphs.mistakes(graph):
            wrong = mistake.slopes()
            found = {name: graphs.shortest(wrong[name]) for name in right if wrong[name] != right[name]}
            if found:
                table = {_key(name): found.get(name, right[name]) for name in right}
                rows = {graphs.derivative_tex(name, "x"): value for name, value in found.items()}
                yield Slip("a", mistake.name, table, tex=rows_tex(rows))
            whole = graphs.shortest(graphs.in_input(graph, wrong[graph.output]))
            yield Slip("b", mistake.name, whole, tex=graphs.whole_tex(graph, whole))
            value = graphs.at_point(graph, self.at, wrong[graph.output])
            if value is not None:
                yield Slip("c", mistake.name, value)
        forward, reverse = (self.multiplications(forwards=way).result for way in (True, False))
        yield Slip("d", "the two modes exchanged", {"forward": reverse, "reverse": forward}, apart=True)
        every = sum(before * after for before, after in pairwise(self.sizes))
        yield Slip("d", "entries of all Jacobians counted", {"forward": every, "reverse": every}, apart=True)

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution
        graph = self.graph
        slopes = graphs.tangent_lines(graph, self.at)[1]
        ends = [(source, step.name) for step in graph.steps for source in step.sources]
        text = "The computational graph; beside every operation stands the quantity that it computes."
        worked = f"The computational graph at x = {self.at}, with values and derivatives."
        return {
            "graph": graph_drawing(graph, description=text),
            "worked": graph_drawing(
                graph,
                description=worked,
                legend=LEGEND,
                values=graphs.forward_lines(graph, self.at)[1],
                boxes={end: slopes[end[0]] for end in (*ends, (graph.output, OUTPUT))},
            ),
        }


def _key(name: str) -> str:
    """The name of a derivative by x in the table of answers."""
    return f"d{graphs.name_tex(name)}/dx"

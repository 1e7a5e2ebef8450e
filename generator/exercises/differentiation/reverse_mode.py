"""The derivative of a function by reverse mode on its computational graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
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
from generator.solver import graphs
from generator.solver.graphs import Graph, GraphSteps

LEGEND = (
    r"\text{on an edge: the value it carries; grey box: the share of the derivative of } %s"
    r" \text{ that flows back along it}"
)


@exercise(title="Reverse-mode differentiation", source=("B9",))
@dataclass(frozen=True, slots=True)
class ReverseMode(Exercise):
    """Steps such as ``f_3 = f_1 + f_2`` from x to y, and the point at which the derivative is evaluated."""

    steps: Annotated[tuple[str, ...], Length(2, 10), GraphSteps()]
    at: Annotated[int | Fraction | Log, Between(-100, 100)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        return cls(*draw_graph(d, level))

    @property
    def graph(self) -> Graph:
        """The steps as a graph."""
        return graph_of(self.steps)

    def pattern(self) -> str:
        return graph_pattern(self.graph)

    def conditions(self) -> Iterable[Condition]:
        yield from graph_conditions(self.graph, self.at)

    def solve(self) -> Solution:
        graph = self.graph
        chains = graphs.reverse_chains(graph)
        inner = {name: chain for name, chain in chains.items() if name != "x"}
        final = graphs.shortest(graphs.in_input(graph, chains["x"].result))
        gradients = graphs.reverse_lines(graph, self.at)
        return Solution(
            (
                Part(
                    "a",
                    "table",
                    {_key(graph, name): chain.result for name, chain in inner.items()},
                    len(inner),
                    work={"chains": tuple(inner.values())},
                    space=Space("boxes", names=tuple(chain.left for chain in inner.values())),
                ),
                Part(
                    "b",
                    "expression",
                    final,
                    3,
                    work={
                        "chain": chains["x"],
                        "final": graphs.whole_tex(graph, final),
                        "meanings": meanings(graph, chains["x"].result),
                    },
                    tex=graphs.whole_tex(graph, final),
                ),
                Part(
                    "c",
                    "number",
                    gradients[1]["x"],
                    3,
                    work={
                        "forward": tuple(graphs.forward_lines(graph, self.at)[0].values()),
                        "reverse": tuple(gradients[0].values()),
                        "decimal": decimal_help(gradients[1]["x"]),
                    },
                    space=Space("lines", rows=8),
                ),
            ),
            work={
                **question_words(graph),
                "order": tuple(chain.left for chain in inner.values()),
                "shared": tuple(graphs.name_tex(name) for name in graph.shared()),
            },
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        graph, here = self.graph, {"x": graphs.real(self.at)}
        known = graphs.numeric_values(graph, here)
        table = {name: graphs.numeric(entry, known) for name, entry in solution["a"].answer.items()}
        found = {_key(graph, name): graphs.difference(graph, here, graph.output, name) for name in graph.names[1:-1]}
        yield agree("a", ROUTE, table, found)
        yield from final_checks(graph, self.at, solution)

    def slips(self) -> Iterable[Slip]:
        graph = self.graph
        right = {name: chain.result for name, chain in graphs.reverse_chains(graph).items() if name != "x"}
        for mistake in graphs.mistakes(graph):
            wrong = mistake.derivatives()
            found = {name: graphs.shortest(wrong[name]) for name in right if wrong[name] != right[name]}
            if found:
                table = {_key(graph, name): found.get(name, right[name]) for name in right}
                rows = {graphs.derivative_tex(graph.output, name): value for name, value in found.items()}
                yield Slip("a", mistake.name, table, tex=rows_tex(rows))
            whole = graphs.shortest(graphs.in_input(graph, wrong["x"]))
            yield Slip("b", mistake.name, whole, tex=graphs.whole_tex(graph, whole))
            value = graphs.at_point(graph, self.at, wrong["x"])
            if value is not None:
                yield Slip("c", mistake.name, value)

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution
        graph = self.graph
        text = "The computational graph; beside every operation stands the quantity that it computes."
        worked = f"The computational graph at x = {self.at}, with values and derivatives."
        return {
            "graph": graph_drawing(graph, description=text),
            "worked": graph_drawing(
                graph,
                description=worked,
                legend=LEGEND % graphs.name_tex(graph.output),
                values=graphs.forward_lines(graph, self.at)[1],
                boxes={**graphs.share_values(graph, self.at), (graph.output, OUTPUT): 1},
            ),
        }


def _key(graph: Graph, name: str) -> str:
    """The name of a derivative of the output in the table of answers."""
    return f"d{graph.output}/d{graphs.name_tex(name)}"

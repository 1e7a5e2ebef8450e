"""Forward propagation through a computational graph of whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Self

from generator.draw import Draw, Level
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
    must,
    wanted,
)
from generator.exercises.differentiation._drawn_graph import graph_of
from generator.exercises.differentiation._graph_drawing import can_be_drawn_without_crossings, graph_drawing
from generator.figure import Figure
from generator.notation import Value
from generator.solver import graphs
from generator.solver.graphs import Graph, GraphSteps, Operation, Step

STEPS: Mapping[Level, int] = {"easy": 5, "medium": 7, "hard": 9}
DEEPEST = 6
"""A longer chain of operations would have to be drawn too small."""
LARGEST = 25
"""No drawn value is larger than this."""
ATTEMPTS = 1000
CHOICES: tuple[Operation, ...] = ("max", "min")
_OPERATIONS: tuple[Operation, ...] = (
    *("add", "add", "add", "multiply", "multiply", "subtract", "max", "max", "min", "min", "square"),
)
_INTEGER = frozenset((*_OPERATIONS, "negative", "abs"))


@exercise(title="Forward pass through a graph", source=("E2a",))
@dataclass(frozen=True, slots=True)
class GraphForwardTable(Exercise):
    """Steps such as ``f_3 = max(f_1, f_2)`` or ``f_2 = x + 3`` from x to y, and the value of x."""

    steps: Annotated[tuple[str, ...], Length(2, 12), GraphSteps(operations=_INTEGER)]
    at: Annotated[int, Between(-100, 100)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        at = d.given("at", lambda: d.nonzero(-3, 5))
        return cls(steps=d.given("steps", lambda: _draw_steps(d, STEPS[level], at)), at=at)

    @property
    def graph(self) -> Graph:
        """The steps as a graph."""
        return graph_of(self.steps)

    def values(self, graph: Graph) -> Mapping[str, Value]:
        """The values of all quantities of a graph, this one's or a slip's, at the given x."""
        return graphs.forward_lines(graph, self.at)[1]

    def conditions(self) -> Iterable[Condition]:
        graph = self.graph
        problem = _problem(graph, self.at)
        yield must(f"every value has a moderate size{problem}", not problem)
        values = self.values(graph)
        results = [values[step.name] for step in graph.steps]
        yield wanted("all values are integers", all(isinstance(value, int) for value in results))
        yield wanted("no value is 0", all(results))
        computed = [values[step.name] for step in graph.steps if step.operation not in ("max", "min")]
        yield wanted("no two sums, products or squares are equal", len(set(computed)) == len(computed))
        for step in graph.steps:
            if step.operation in ("max", "min"):
                first, second = (values[entry] if isinstance(entry, str) else entry for entry in step.operands)
                yield wanted(f"no tie in {step}", first != second)
        kinds = {step.operation for step in graph.steps}
        yield wanted("there are a maximum and a minimum", {"max", "min"} <= kinds)
        yield wanted("there is a product or a square", bool(kinds & {"multiply", "square"}))
        yield wanted("a quantity is used by several steps", bool(graph.shared()))
        yield wanted("the graph is compact enough to be drawn", _is_compact(graph))
        yield wanted("no edges need cross in its drawing", can_be_drawn_without_crossings(graph))

    def solve(self) -> Solution:
        graph = self.graph
        lines = graphs.forward_lines(graph, self.at)[0]
        values = self.values(graph)
        names = tuple(graphs.name_tex(step.name) for step in graph.steps)
        table = Part(
            "a",
            "table",
            {graphs.name_tex(step.name): values[step.name] for step in graph.steps},
            len(names),
            work={"lines": tuple(lines.values())},
            space=Space("boxes", names=names),
        )
        return Solution((table,), work={"output": names[-1], "kinds": {step.operation for step in graph.steps}})

    def check(self, solution: Solution) -> Iterable[Check]:
        graph, inputs = self.graph, {"x": graphs.real(self.at)}
        found = {graphs.name_tex(step.name): graphs.composed_value(graph, inputs, step.name) for step in graph.steps}
        yield agree("a", "every quantity as one nested expression of x", solution["a"].answer, found)

    def slips(self) -> Iterable[Slip]:
        for name, graph in _misread(self.graph):
            if _problem(graph, self.at):
                continue  # values that nobody would go on with
            values = self.values(graph)
            table = {graphs.name_tex(step.name): values[step.name] for step in graph.steps}
            yield Slip("a", name, table, apart=True)

    def pattern(self) -> str:
        return f"{len(self.graph.shared())} shared"

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution
        graph = self.graph
        text = "The computational graph; beside every operation stands the name of its result."
        worked = f"The computational graph with the value on every edge for x = {self.at}."
        return {
            "graph": graph_drawing(graph, description=text, constants_apart=True),
            "worked": graph_drawing(graph, description=worked, values=self.values(graph), constants_apart=True),
        }


def _problem(graph: Graph, at: int) -> str:
    try:
        graphs.numeric_values(graph, {"x": graphs.real(at)})
        graphs.forward_lines(graph, at)
    except ValueError as problem:
        return f" (found: {problem})"
    return ""


def _depth(graph: Graph) -> int:
    """The longest chain of steps."""
    depth = dict.fromkeys(graph.inputs, 0)
    for step in graph.steps:
        depth[step.name] = 1 + max(depth[source] for source in step.sources)
    return depth[graph.output]


def _is_compact(graph: Graph) -> bool:
    return _depth(graph) <= DEEPEST and max(len(graph.users(name)) for name in graph.names) <= 3


def _misread(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The graphs that come from reading one kind of operation wrongly, where it occurs."""
    kinds = {step.operation for step in graph.steps}
    if kinds & {"max", "min"}:
        yield "maximum and minimum exchanged", _changed(graph, {"max": "min", "min": "max"})
    if "square" in kinds:
        doubled = (replace(step, operation="multiply", operands=(2, *step.operands)) for step in graph.steps)
        yield "square read as double", _with(graph, "square", doubled)
    if "subtract" in kinds:
        turned = (replace(step, operands=step.operands[::-1]) for step in graph.steps)
        yield "differences taken the other way round", _with(graph, "subtract", turned)


def _with(graph: Graph, operation: Operation, others: Iterable[Step]) -> Graph:
    """The graph with other steps in place of those of one operation."""
    pairs = zip(graph.steps, others, strict=True)
    return Graph(graph.inputs, tuple(other if step.operation == operation else step for step, other in pairs))


def _changed(graph: Graph, into: Mapping[Operation, Operation]) -> Graph:
    steps = tuple(replace(step, operation=into.get(step.operation, step.operation)) for step in graph.steps)
    return Graph(graph.inputs, steps)


def _draw_steps(d: Draw, count: int, at: int) -> tuple[str, ...]:
    """Steps with small values, drawn again until there are enough of them in a graph that is easy to draw."""
    for _ in range(ATTEMPTS):
        steps = _drawn(d, count, at)
        if len(steps) == count and _is_compact(Graph(("x",), steps)):
            return tuple(map(str, steps))
    # Only a pinned x that leaves no room leads here.
    return ("f_1 = x^2", "f_2 = f_1 + x", "f_3 = min(f_1, f_2)", "y = max(x, f_3)")


def _drawn(d: Draw, count: int, at: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    values: dict[str, int] = {"x": at}
    unused = ["x"]
    for left in range(count - 1, -1, -1):
        name = f"f_{len(steps) + 1}" if left else "y"
        for _ in range(40):
            step = _candidate(d, name, tuple(values), unused)
            value = _value(step, values)
            waiting = len([entry for entry in unused if entry not in step.operands]) + 1
            times = list(values.values()).count(value)  # type: ignore[arg-type]  # None is never among them
            fresh = times == 0 or (step.operation in CHOICES and times == 1)
            if value is not None and fresh and waiting <= min(left + 1, 3) and _tells(step, steps, count):
                break
        else:
            return tuple(steps)
        steps.append(step)
        values[name] = value
        unused = [*(entry for entry in unused if entry not in step.operands), name]
    return tuple(steps)


def _tells(step: Step, before: Sequence[Step], count: int) -> bool:
    """Whether a step is no repetition, and a maximum or minimum depends on the values."""
    if any(step.operation == other.operation and step.operands == other.operands for other in before):
        return False
    if step.operation not in CHOICES:
        return True
    made = {other.name: other for other in before}
    sources = [made[source] for source in step.sources if source in made]
    related = any(
        set(step.operands) & set(source.operands) and (len(source.sources) == 1 or _chooses(source))
        for source in sources
    )
    return not related and sum(map(_chooses, before)) < count // 2


def _chooses(step: Step) -> bool:
    return step.operation in CHOICES


def _candidate(d: Draw, name: str, known: tuple[str, ...], unused: list[str]) -> Step:
    operation = d.pick(_OPERATIONS)
    first = d.pick(unused if d.chance(1, 2) else known)
    if operation == "square":
        return Step(name, operation, (first,))
    others = [entry for entry in known if entry != first]
    if not others or (operation in ("add", "subtract", "multiply") and d.chance(1, 3)):
        return Step(name, operation, (first, d.integer(1, 4) if operation != "multiply" else d.integer(2, 3)))
    pair = (first, d.pick(others))
    return Step(name, operation, d.shuffled(pair) if operation == "subtract" else tuple(sorted(pair, key=known.index)))


def _value(step: Step, values: Mapping[str, int]) -> int | None:
    """The value of a step where it is a good one to draw, else None."""
    first, *rest = (values[entry] if isinstance(entry, str) else int(entry) for entry in step.operands)
    if step.operation == "multiply" and {first, *rest} & {0, 1}:
        return None
    if step.operation in ("max", "min") and first == rest[0]:
        return None
    results = {
        "add": lambda: first + rest[0],
        "subtract": lambda: first - rest[0],
        "multiply": lambda: first * rest[0],
        "max": lambda: max(first, rest[0]),
        "min": lambda: min(first, rest[0]),
        "square": lambda: first * first,
    }
    value = results[step.operation]()
    return value if value and abs(value) <= LARGEST else None

"""Whether an acyclic graph can be drawn from left to right without crossings, and which edge then runs above which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from math import factorial, prod
from operator import itemgetter

from generator.figure.ranking import Edge

Line = tuple[Edge, ...]
"""The edges that a sweeping line meets, from top to bottom."""

LIMIT = 20_000
"""States after which a search is given up."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A drawing without crossings as a line that sweeps over it meets it.

    `nodes` stand in the order in which the line meets them, from left to right; `edges` (parallel ones once) from top
    to bottom, so that of any two edges that the line meets at a time the upper one comes first.
    """

    nodes: tuple[int, ...]
    edges: tuple[Edge, ...]


def upward_drawing(size: int, edges: Sequence[Edge]) -> Sweep | None:
    """Find a drawing of the nodes 0 … size - 1 without crossings in which every edge runs from left to right.

    None says that there is none, or that the search met its limit. It never met it, on thousands of random graphs,
    where up to twelve operations on one or two quantities each lead to one result, from any number of inputs and
    constants (there are then two choices at an operation at most), nor where there are up to seven nodes.
    The edges must form no cycle; edges with the same ends lie side by side.
    """
    distinct = tuple(dict.fromkeys(edges))
    if size > 2 and len(distinct) > 3 * size - 6:  # more than any graph without crossings has (Euler)
        return None
    turned = tuple((target, source) for source, target in distinct)
    # A drawing can be swept from either side, and in one of the two directions nodes may have few successors.
    backwards = _choices(size, turned) < _choices(size, distinct)
    steps = _Search(size, turned if backwards else distinct).steps()
    if steps is None:
        return None
    nodes, stack = [step.node for step in steps], _stacked(steps)
    if backwards:
        nodes, stack = nodes[::-1], [(source, target) for target, source in stack]
    return Sweep(tuple(nodes), tuple(stack))


@dataclass(frozen=True, slots=True)
class _Step:
    """The sweeping line passes a node: its outgoing edges, from the top, come right below the edge `beneath`."""

    node: int
    beneath: Edge | None
    out: tuple[Edge, ...]


def _stacked(steps: Sequence[_Step]) -> list[Edge]:
    """Order all edges from top to bottom; an edge takes its place next to those that it continues."""
    stack: list[Edge] = []
    for step in steps:
        place = 0 if step.beneath is None else stack.index(step.beneath) + 1
        stack[place:place] = step.out
    return stack


def _choices(size: int, edges: Sequence[Edge]) -> int:
    """Bound the number of ways that a sweep may have to try."""
    users = [sum(source == node for source, _ in edges) for node in range(size)]
    sources = size - len({target for _, target in edges})
    return prod(map(factorial, users)) * int(size ** max(0, sources - 1))


class _Search:
    """Sweep from left to right; the edges that the line meets form a sequence from top to bottom.

    A node can be passed when its incoming edges stand next to each other; its outgoing ones take their place, in an
    order to be chosen. To pass it at once loses nothing: what happens above and below goes on undisturbed. Only
    when no such node is left, a further source is put into one of the gaps. States that failed are not tried again.
    """

    def __init__(self, size: int, edges: Sequence[Edge]) -> None:
        self._into = {node: sum(target == node for _, target in edges) for node in range(size)}
        self._out = {node: tuple(edge for edge in edges if edge[0] == node) for node in range(size)}
        self._failed: set[tuple[frozenset[int], tuple[int, ...]]] = set()
        self._after: dict[tuple[int, int | None], frozenset[int]] = {}

    def steps(self) -> tuple[_Step, ...] | None:
        """The steps of a sweep over the whole graph, or None."""
        return self._rest((), frozenset(self._into))

    def _rest(self, line: Line, ahead: frozenset[int]) -> tuple[_Step, ...] | None:
        """The steps from a state on: the edges that the line meets and the nodes ahead of it."""
        if not ahead:
            return ()
        state = (ahead, _heads(line))
        if state in self._failed or len(self._failed) >= LIMIT:
            return None
        if not self._is_jammed(line):
            for step, after in self._moves(line, ahead):
                rest = self._rest(after, ahead - {step.node})
                if rest is not None:
                    return (step, *rest)
                if len(self._failed) >= LIMIT:
                    break
        self._failed.add(state)
        return None

    def _is_jammed(self, line: Line) -> bool:
        """Whether an edge between two that meet can never end, as something that follows it is out of their gap."""
        heads = [head for _, head in line]
        upper: dict[int, int] = {}
        for lower, node in enumerate(heads):
            between = heads[upper.get(node, lower) + 1 : lower]
            if between:
                outside = {*heads[: upper[node]], *heads[lower + 1 :], *self._reached(node)}
                if any(outside & self._reached(head, past=node) for head in between):
                    return True
            upper[node] = lower
        return False

    def _reached(self, start: int, past: int | None = None) -> frozenset[int]:
        """A node and all that follow it, but for those that only follow through the node `past`."""
        if (start, past) not in self._after:
            following = (self._reached(t, past) for _, t in self._out[start] if t != past)
            self._after[start, past] = frozenset({start}).union(*following)
        return self._after[start, past]

    def _moves(self, line: Line, ahead: frozenset[int]) -> Iterator[tuple[_Step, Line]]:
        start = 0
        for node, run in groupby(line, key=itemgetter(1)):
            stop = start + sum(1 for _ in run)
            if stop - start == self._into[node]:
                yield from self._passed(node, line, start, stop)
                return
            start = stop
        for node in sorted(node for node in ahead if not self._into[node]):
            # Between two edges to the same node there is nothing to gain: all that starts there must end there.
            for gap in range(len(line) + 1):
                if not 0 < gap < len(line) or line[gap - 1][1] != line[gap][1]:
                    yield from self._passed(node, line, gap, gap)

    def _passed(self, node: int, line: Line, start: int, stop: int) -> Iterator[tuple[_Step, Line]]:
        """Pass a node whose incoming edges are line[start:stop]."""
        beneath = line[stop - 1] if stop else None
        for out in permutations(self._out[node]):
            yield _Step(node, beneath, out), (*line[:start], *out, *line[stop:])


def _heads(line: Line) -> tuple[int, ...]:
    """What a sequence of edges leads to; neighbours with the same end count once, and top and bottom are alike."""
    heads = tuple(head for head, _ in groupby(target for _, target in line))
    return min(heads, heads[::-1])

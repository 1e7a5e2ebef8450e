from __future__ import annotations

from itertools import combinations, pairwise, permutations
from random import Random

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure.ranking import Edge
from generator.figure.upward import Sweep, upward_drawing

Graph = tuple[int, tuple[Edge, ...]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(2, 7))
    numbers = draw(st.permutations(range(size)))
    pairs = st.sampled_from(list(combinations(numbers, 2)))
    return size, tuple(draw(st.lists(pairs, min_size=1, max_size=12)))


def random_graph(random: Random, size: int, edges: int) -> Graph:
    numbers = random.sample(range(size), size)
    return size, tuple(random.sample(list(combinations(numbers, 2)), edges))


def operations(random: Random, count: int) -> Graph:
    """Operations on one or two of the quantities before them, from x to one result that uses all that is left over."""
    edges: list[Edge] = []
    for node in range(1, count + 1):
        edges += [(source, node) for source in random.sample(range(node), min(node, random.choice((1, 2, 2))))]
    used = {source for source, _ in edges}
    unused = [node for node in range(count + 1) if node not in used]
    result = unused[0]
    for place, node in enumerate(unused[1:], count + 1):
        edges += [(result, place), (node, place)]
        result = place
    return result + 1, tuple(edges)


def assert_drawn(sweep: Sweep, graph: Graph) -> None:
    """Follow the line over the drawing: where it passes a node, nothing runs through between the node's edges."""
    size, edges = graph
    assert sorted(sweep.nodes) == list(range(size))
    assert sorted(sweep.edges) == sorted(set(edges))
    at = {node: place for place, node in enumerate(sweep.nodes)}
    assert all(at[source] < at[target] for source, target in edges)
    for node in sweep.nodes:
        left = [edge for edge in sweep.edges if at[edge[0]] < at[node] <= at[edge[1]]]
        right = [edge for edge in sweep.edges if at[edge[0]] <= at[node] < at[edge[1]]]
        ends, starts = ([node in edge for edge in line] for line in (left, right))
        assert sum(a != b for a, b in pairwise([False, *ends, False])) <= 2
        assert sum(a != b for a, b in pairwise([False, *starts, False])) <= 2
        if any(ends) and any(starts):
            assert left[: ends.index(True)] == right[: starts.index(True)]


def can_be_drawn(graph: Graph) -> bool:
    """Try every order of the nodes from left to right, each with the equations of level planarity."""
    size, edges = graph
    return any(
        is_level_planar(size, at, edges)
        for at in permutations(range(size))
        if all(at[source] < at[target] for source, target in edges)
    )


def is_level_planar(size: int, at: tuple[int, ...], edges: tuple[Edge, ...]) -> bool:
    """Decide whether monotone edges can avoid each other, every node having its own level.

    Two edges must lie the same way round at both levels between which both run; this has a solution exactly if no
    pair is thereby turned round (Fulek, Pelsmajer, Schaefer, Štefankovič 2013, theorem on level planarity).
    """
    node_at = {level: node for node, level in enumerate(at)}

    def point(edge: Edge, level: int) -> object:
        return node_at[level] if node_at[level] in edge else (edge, level)

    links: dict[tuple[object, object], list[tuple[object, object]]] = {}
    for level in range(size - 1):
        both = [edge for edge in dict.fromkeys(edges) if at[edge[0]] <= level < at[edge[1]]]
        for e, f in combinations(both, 2):
            here, there = (point(e, level), point(f, level)), (point(e, level + 1), point(f, level + 1))
            if here[0] != here[1] and there[0] != there[1]:
                for a, b in ((here, there), (here[::-1], there[::-1])):
                    links.setdefault(a, []).append(b)
                    links.setdefault(b, []).append(a)
    seen: set[tuple[object, object]] = set()
    for start in links:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            fresh = [pair for pair in links[waiting.pop()] if pair not in group]
            group.update(fresh)
            waiting += fresh
        if start[::-1] in group:
            return False
        seen |= group
    return True


@given(graphs())
def test_a_drawing_that_is_found_has_no_crossings(graph: Graph) -> None:
    sweep = upward_drawing(*graph)
    if sweep is not None:
        assert_drawn(sweep, graph)


@pytest.mark.parametrize(("size", "fewest", "most"), [(4, 3, 6), (5, 6, 9), (6, 7, 10)])
def test_a_drawing_is_found_wherever_trying_everything_finds_one(size: int, fewest: int, most: int) -> None:
    random = Random(size)
    outcomes = set()
    for _ in range(60):
        graph = random_graph(random, size, random.randint(fewest, most))
        sweep = upward_drawing(*graph)
        outcomes.add(sweep is not None)
        assert (sweep is not None) == can_be_drawn(graph), graph
    assert outcomes == ({True, False} if size > 4 else {True})


@pytest.mark.parametrize("count", [5, 8, 11])
def test_operations_are_drawn_exactly_if_the_graph_with_an_edge_from_end_to_end_is_planar(count: int) -> None:
    # Platt 1976; Di Battista and Tamassia 1988.
    random = Random(count)
    outcomes = set()
    for _ in range(150):
        size, edges = operations(random, count)
        sweep = upward_drawing(size, edges)
        closed = networkx.Graph([*edges, (0, size - 1)])
        planar, _ = networkx.check_planarity(closed)
        outcomes.add(planar)
        assert (sweep is not None) == planar, edges
        if sweep is not None:
            assert_drawn(sweep, (size, edges))
    assert outcomes == {True, False}


def test_a_source_may_lie_between_edges() -> None:
    # The edges 0 → 1 and 0 → 3 enclose the source 2, whose users they are.
    graph = (5, ((0, 1), (0, 3), (2, 1), (2, 3), (1, 4), (3, 4)))
    sweep = upward_drawing(*graph)
    assert sweep is not None
    assert_drawn(sweep, graph)


def test_a_planar_graph_may_have_no_drawing_from_left_to_right() -> None:
    # Two nodes feed two others: one of each pair would have to lie within the cycle, but 0 precedes and 5 follows all.
    edges = ((0, 1), (0, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 5), (4, 5))
    assert upward_drawing(6, edges) is None
    assert upward_drawing(5, edges[:-2]) is not None


def test_parallel_edges_and_lone_nodes_do_no_harm() -> None:
    graph = (4, ((0, 1), (0, 1), (1, 2), (0, 2)))
    sweep = upward_drawing(*graph)
    assert sweep is not None
    assert_drawn(sweep, graph)


def test_twelve_operations_leave_little_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(12)
    graphs = [operations(random, 8) for _ in range(200)]
    drawn = [graph for graph in graphs if 11 <= graph[0] <= 13 and upward_drawing(*graph)]
    assert len(drawn) > 10
    monkeypatch.setattr("generator.figure.upward.LIMIT", 100)
    assert all(upward_drawing(*graph) for graph in drawn)


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = operations(Random(1), 6)
    monkeypatch.setattr("generator.figure.upward.LIMIT", 0)
    assert upward_drawing(*graph) is None

from __future__ import annotations

from itertools import combinations, pairwise, permutations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure.layering import Layering, heights, layered
from generator.figure.ordering import crossings
from generator.figure.ranking import Edge
from generator.figure.upward import upward_drawing


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, tuple[Edge, ...]]:
    size = draw(st.integers(2, 8))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] < pair[1])
    return size, tuple(draw(st.lists(pairs, min_size=1, max_size=10, unique=True)))


def count_crossings(layering: Layering) -> int:
    """Pairs of pieces between two neighbouring columns whose ends stand in opposite orders."""
    at = {node: (c, row) for c, column in enumerate(layering.columns) for row, node in enumerate(column)}
    pieces = [(at[a], at[b]) for path in layering.paths for a, b in pairwise(path)]
    return sum(
        a[0] == c[0] and ((a < c and b > d) or (a > c and b < d)) for (a, b), (c, d) in combinations(pieces, 2)
    )  # fmt: skip


@given(graphs())
def test_edges_run_forwards_one_column_at_a_time(graph: tuple[int, tuple[Edge, ...]]) -> None:
    size, edges = graph
    layering = layered(size, edges)
    rank = {node: c for c, column in enumerate(layering.columns) for node in column}
    assert set(range(size)) <= set(rank)
    for (source, target), path in zip(edges, layering.paths, strict=True):
        assert (path[0], path[-1]) == (source, target)
        assert all(rank[b] == rank[a] + 1 for a, b in pairwise(path))


def test_no_order_of_two_columns_has_fewer_crossings() -> None:
    edges = ((0, 4), (0, 6), (1, 5), (1, 7), (2, 4), (2, 5), (3, 6), (3, 4))
    fewest = min(
        crossings((left, right), edges)
        for left, right in product(permutations(range(4)), permutations(range(4, 8)))
    )  # fmt: skip
    assert fewest > 0
    assert layered(8, edges).crossings <= fewest


def test_a_graph_that_must_cross_crosses_once() -> None:
    # Two nodes feed two others, between one node that precedes them all and one that follows.
    edges = ((0, 1), (0, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 5), (4, 5))
    assert layered(6, edges).crossings == 1


def test_one_source_within_the_fan_of_another_avoids_a_crossing() -> None:
    # In two columns, a pair of nodes that feeds another pair crosses once.
    layering = layered(5, ((0, 2), (0, 3), (1, 2), (1, 3), (2, 4), (3, 4)))
    assert layering.crossings == 0
    assert count_crossings(layering) == 0


def test_a_column_more_can_free_a_graph_of_crossings() -> None:
    # The graph is planar, but with every node as early as possible two edges cross.
    assert layered(6, ((0, 2), (1, 2), (1, 3), (3, 4), (0, 4), (2, 5), (4, 5))).crossings == 0


@given(graphs())
def test_crossings_are_left_only_where_no_drawing_avoids_them(graph: tuple[int, tuple[Edge, ...]]) -> None:
    layering = layered(*graph)
    assert layering.crossings == count_crossings(layering)
    assert (layering.crossings == 0) == (upward_drawing(*graph) is not None)


def test_wide_columns_are_ordered_without_crossings_too() -> None:
    # A ladder of operations that all use x as well, numbered so that barycentres go astray, in columns of up to six.
    random = Random(7)
    for _ in range(40):
        numbers = random.sample(range(12), 12)
        chains = [numbers[1:6], numbers[6:11]]
        edges = [(numbers[0], chain[0]) for chain in chains] + [(chain[-1], numbers[11]) for chain in chains]
        edges += [pair for chain in chains for pair in pairwise(chain)]
        edges += [(numbers[0], node) for chain in chains for node in random.sample(chain[1:], 2)]
        layering = layered(12, tuple(random.sample(edges, len(edges))))
        assert layering.crossings == count_crossings(layering) == 0


def test_inputs_stand_next_to_their_use() -> None:
    layering = layered(5, ((0, 1), (1, 2), (2, 3), (4, 3)))
    rank = {node: c for c, column in enumerate(layering.columns) for node in column}
    assert rank[4] == rank[2]


@given(graphs(), st.floats(5, 40))
def test_nodes_of_a_column_keep_their_gap_and_order(graph: tuple[int, tuple[Edge, ...]], gap: float) -> None:
    size, edges = graph
    layering = layered(size, edges)
    y = heights(layering, [(10.0, 10.0)] * size, gap)
    for column in layering.columns:
        for upper, lower in pairwise(column):
            reach = sum(10.0 if node < size else 0.0 for node in (upper, lower))
            assert y[upper] - y[lower] >= reach + gap - 1e-6


def test_a_chain_is_level_and_a_diamond_even() -> None:
    y = heights(layered(3, ((0, 1), (1, 2))), [(10, 10)] * 3, 20)
    assert y[0] == pytest.approx(y[1]) == pytest.approx(y[2])
    y = heights(layered(4, ((0, 1), (0, 2), (1, 3), (2, 3))), [(10, 10)] * 4, 20)
    assert y[0] == pytest.approx(y[3], abs=0.1)
    assert y[1] + y[2] == pytest.approx(2 * y[0], abs=0.1)

from __future__ import annotations

from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure.layering import Edge, crossings, heights, layered, topological


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, tuple[Edge, ...]]:
    size = draw(st.integers(2, 8))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] < pair[1])
    return size, tuple(draw(st.lists(pairs, min_size=1, max_size=10, unique=True)))


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


def test_a_complete_pair_of_columns_must_cross() -> None:
    edges = ((0, 2), (0, 3), (1, 2), (1, 3), (2, 4), (3, 4))
    assert layered(5, edges).crossings == 1


def test_a_column_more_can_free_a_graph_of_crossings() -> None:
    # The graph is planar, but with every node as early as possible two edges cross.
    assert layered(6, ((0, 2), (1, 2), (1, 3), (3, 4), (0, 4), (2, 5), (4, 5))).crossings == 0


def test_inputs_stand_next_to_their_use() -> None:
    layering = layered(5, ((0, 1), (1, 2), (2, 3), (4, 3)))
    rank = {node: c for c, column in enumerate(layering.columns) for node in column}
    assert rank[4] == rank[2]


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        topological(3, ((0, 1), (1, 2), (2, 0)))


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

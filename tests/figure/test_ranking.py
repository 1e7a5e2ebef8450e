from __future__ import annotations

from itertools import pairwise

import pytest

from generator.figure.ranking import Ranks, packed, rankings, topological


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        topological(3, ((0, 1), (1, 2), (2, 0)))


def test_inputs_or_all_that_fan_out_are_drawn_to_their_use_or_nothing() -> None:
    # 0 → 1 → 2 → 5, with the input 3 and the fan 3 → 4 → (5, 6) used late.
    edges = ((0, 1), (1, 2), (2, 5), (3, 4), (4, 5), (4, 6))
    inputs, early = (0, 1, 2, 0, 1, 3, 2), (0, 1, 2, 0, 1, 3, 2)
    assert rankings(7, edges) == tuple(dict.fromkeys((inputs, early)))
    assert (0, 1, 2, 2, 3) in rankings(5, ((0, 1), (1, 2), (2, 4), (3, 4)))


def test_parallel_edges_have_a_column_to_bend_in() -> None:
    assert rankings(3, ((0, 1), (0, 1), (1, 2))) == ((0, 2, 3),)


def test_nodes_are_packed_as_early_as_their_predecessors_allow_and_inputs_as_late() -> None:
    edges = ((0, 1), (1, 2), (3, 2), (2, 4), (2, 4))
    assert packed(edges, (3, 0, 1, 2, 4), lambda ranks: True) == (0, 1, 2, 1, 4)


def test_nodes_are_packed_only_where_they_fit() -> None:
    def one_to_a_column(ranks: Ranks) -> bool:
        return len(set(ranks)) == len(ranks)

    ranks = packed(((0, 1), (1, 2), (3, 2)), (0, 3, 1, 2), one_to_a_column)
    assert sorted(ranks) == [0, 1, 2, 3]
    assert all(ranks[a] < ranks[b] for a, b in pairwise((0, 1, 2)))
    assert ranks[3] < ranks[2]

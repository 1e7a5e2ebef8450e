from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.solver import jacobian_chain


def test_a_chain_by_hand() -> None:
    # 5 inputs, layers of 4 and 2 units, 1 output: (2x4)(4x5) then (1x2)(2x5), or (1x2)(2x4) then (1x4)(4x5).
    assert jacobian_chain.forward_products((5, 4, 2, 1)) == ((2, 4, 5), (1, 2, 5))
    assert jacobian_chain.reverse_products((5, 4, 2, 1)) == ((1, 2, 4), (1, 4, 5))
    assert jacobian_chain.counted((5, 4, 2, 1), forwards=True) == 50
    assert jacobian_chain.counted((5, 4, 2, 1), forwards=False) == 28


@given(st.lists(st.integers(1, 6), min_size=3, max_size=6))
def test_formulas_count_what_takes_place(sizes: list[int]) -> None:
    assert sum(map(prod, jacobian_chain.forward_products(sizes))) == jacobian_chain.counted(sizes, forwards=True)
    assert sum(map(prod, jacobian_chain.reverse_products(sizes))) == jacobian_chain.counted(sizes, forwards=False)


@pytest.mark.parametrize("sizes", [(4, 3, 2, 1), (7, 5, 3, 1)])
def test_one_output_favours_reverse_mode(sizes: tuple[int, ...]) -> None:
    assert jacobian_chain.counted(sizes, forwards=False) < jacobian_chain.counted(sizes, forwards=True)
    assert jacobian_chain.counted(sizes[::-1], forwards=True) < jacobian_chain.counted(sizes[::-1], forwards=False)

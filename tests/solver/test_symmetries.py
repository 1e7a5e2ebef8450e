from __future__ import annotations

from itertools import permutations, product
from math import tanh
from typing import get_args

import pytest
import sympy

from generator.solver.hidden_units import ODD, Activation
from generator.solver.symmetries import count, count_factors, equal_networks
from generator.working import product as product_term

NAMES: tuple[Activation, ...] = get_args(Activation)


def test_counts_of_textbooks() -> None:
    assert count((3,), flips=True) == 48
    assert count((3,), flips=False) == 6
    assert count((2, 3), flips=True) == 8 * 48
    size = sympy.Symbol("M")
    assert count((size,), flips=True, factorial=sympy.factorial) == 2**size * sympy.factorial(size)


@pytest.mark.parametrize("flips", [False, True])
@pytest.mark.parametrize("letters", [("M",), ("M_1", "M_2")])
def test_factors_that_are_printed_make_up_the_count(letters: tuple[str, ...], flips: bool) -> None:
    printed = product_term(count_factors(letters, flips=flips)).value()
    assert printed == count(sympy.symbols(letters), flips=flips, factorial=sympy.factorial)
    sizes = (3, 4)[: len(letters)]
    assert product_term(count_factors(sizes, flips=flips)).value() == count(sizes, flips=flips)
    assert len(count_factors(sizes, flips=flips)) == len(letters) * (1 + flips)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("hidden", [(1,), (2,), (3,), (4,), (6,), (2, 2), (2, 3), (3, 4)])
def test_networks_that_are_built_and_run_are_as_many(name: Activation, hidden: tuple[int, ...]) -> None:
    assert equal_networks(hidden, name) == count(hidden, flips=name in ODD)


def test_networks_in_plain_loops() -> None:
    """Three units of tanh, one input and output: the signed orders listed one by one."""
    incoming, outgoing = (0.3, -1.1, 0.7), (2.0, 0.4, -0.9)
    original = [sum(v * tanh(w * x) for w, v in zip(incoming, outgoing, strict=True)) for x in (0.5, 1.7, -2.2)]
    found = set()
    for order in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            units = tuple(
                (sign * incoming[unit], sign * outgoing[unit]) for unit, sign in zip(order, signs, strict=True)
            )
            outputs = [sum(v * tanh(w * x) for w, v in units) for x in (0.5, 1.7, -2.2)]
            if all(abs(one - other) < 1e-12 for one, other in zip(outputs, original, strict=True)):
                found.add(units)
    assert len(found) == 48 == equal_networks((3,), "tanh")

from __future__ import annotations

from itertools import permutations, product
from math import tanh
from typing import get_args

import pytest
import sympy

from generator.solver.symmetries import ODD, Activation, count, equal_networks, mirrored_sum

NAMES: tuple[Activation, ...] = get_args(Activation)
Z = sympy.Symbol("z", real=True)
DEFINITIONS = {
    "tanh": sympy.tanh(Z),
    "arctan": sympy.atan(Z),
    "softsign": Z / (1 + sympy.Abs(Z)),
    "sigmoid": 1 / (1 + sympy.exp(-Z)),
    "relu": sympy.Max(0, Z),
    "softplus": sympy.log(1 + sympy.exp(Z)),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_form_of_the_mirrored_sum_is_that_sum(name: Activation) -> None:
    definition = DEFINITIONS[name]
    for form in mirrored_sum(name):
        difference = sympy.Add(*form).subs(sympy.Symbol("z"), Z) - definition - definition.subs(Z, -Z)
        assert all(abs(sympy.N(difference.subs(Z, point))) < 1e-12 for point in (-2, sympy.Rational(-1, 3), 1, 5))
    assert sympy.simplify(mirrored_sum(name)[0][0].subs(sympy.Symbol("z"), Z) - definition.rewrite(sympy.exp)) == 0


@pytest.mark.parametrize("name", NAMES)
def test_exactly_odd_activations_have_a_mirrored_sum_of_zero(name: Activation) -> None:
    assert (mirrored_sum(name)[-1] == (0,)) == (name in ODD)


def test_counts_of_textbooks() -> None:
    assert count((3,), flips=True) == 48
    assert count((3,), flips=False) == 6
    assert count((2, 3), flips=True) == 8 * 48
    size = sympy.Symbol("M")
    assert count((size,), flips=True, factorial=sympy.factorial) == 2**size * sympy.factorial(size)


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

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
import sympy

from generator.solver.hidden_units import (
    ODD,
    Activation,
    exchange_forms,
    mirrored_sum,
    network_equations,
    sign_change_forms,
    sign_change_loss,
)

NAMES: tuple[Activation, ...] = get_args(Activation)
Z = sympy.Symbol("z", real=True)
DEFINITIONS: dict[Activation, sympy.Expr] = {
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
        difference = form.value() - definition - definition.subs(Z, -Z)
        assert all(abs(sympy.N(difference.subs(Z, point))) < 1e-12 for point in (-2, sympy.Rational(-1, 3), 1, 5))
    first, second = mirrored_sum(name)[0].children()
    assert sympy.simplify(first.value() - definition.rewrite(sympy.exp)) == 0
    assert sympy.simplify(second.value() - definition.subs(Z, -Z).rewrite(sympy.exp)) == 0


def test_the_sum_of_an_odd_function_with_its_mirror_image_vanishes() -> None:
    definition, *others = (form.value() for form in mirrored_sum("odd"))
    assert definition.replace(sympy.Function("varphi"), lambda side: side**3 + side) == 0
    assert others == [0, 0]


def test_what_a_sign_change_takes_away() -> None:
    """Unit j gave v phi(z); with all its weights turned it gives -v phi(-z)."""
    v, z, phi = sympy.Symbol("v_{jk}"), sympy.Symbol("z_j"), sympy.Function("varphi")
    forms = [form.value() for form in sign_change_forms()]
    assert all(sympy.expand(form - v * phi(z) - v * phi(-z)) == 0 for form in forms)
    for name, definition in DEFINITIONS.items():
        lost = sign_change_loss(name).value().subs(v, 3)
        for point in (-2.0, 0.5):
            expected = 3 * (definition + definition.subs(Z, -Z)).subs(Z, point)
            symbols = dict.fromkeys(getattr(lost, "free_symbols", ()), point)
            assert abs(sympy.N(sympy.sympify(lost).subs(symbols)) - sympy.N(expected)) < 1e-12


@pytest.mark.parametrize("units", [1, 2, 3, 5])
def test_an_exchange_changes_nothing_but_the_order_of_the_terms(units: int) -> None:
    before, after = exchange_forms(units)
    weights, values = (
        sympy.symbols([name.format(unit) for unit in range(1, units + 1)]) for name in ("v_{{{}k}}", "h_{}")
    )
    assert before.value() == after.value() == sum(weight * value for weight, value in zip(weights, values, strict=True))
    assert (before.tex() != after.tex()) == (units > 1)
    assert sorted(before.tex().split(" + ")) == sorted(after.tex().split(" + "))


@pytest.mark.parametrize("name", NAMES)
def test_exactly_odd_activations_have_a_mirrored_sum_of_zero(name: Activation) -> None:
    assert (mirrored_sum(name)[-1].value() == 0) == (name in ODD)


@pytest.mark.parametrize("hidden", [(3,), (2, 3)])
def test_the_equations_in_the_question_are_those_of_the_network(hidden: tuple[int, ...]) -> None:
    """Odd whole numbers for weights and inputs, the square for the activation; against products of matrices."""
    sizes = (2, *hidden, 2)
    weights = [
        np.array([[1 + 2 * ((3 * row + 5 * column + layer) % 7) for column in range(above)] for row in range(below)])
        for layer, (below, above) in enumerate(pairwise(sizes))
    ]
    expected = [np.array([1, -3])]
    for layer, weight in enumerate(weights):
        entering = expected[-1] @ weight
        expected.append(entering**2 if layer < len(hidden) else entering)
    named = dict(zip(("N", "M", "K") if len(hidden) == 1 else ("N", "M_1", "M_2", "K"), sizes, strict=True))
    for layer, (left, indices, formula) in enumerate(network_equations(len(hidden))):
        unit, size = indices.replace(r" = 1, \ldots, ", " ").split()
        assert left.endswith(f"_{unit}")
        assert named[size] == sizes[layer + 1]
        value = formula.value().subs({sympy.Symbol(name, integer=True): number for name, number in named.items()})
        for place in range(sizes[layer + 1]):
            found = value.subs(sympy.Symbol(unit, integer=True), place + 1).doit()
            found = found.replace(sympy.Function("varphi"), lambda entering: entering**2)
            found = found.replace(
                sympy.Function(f"w^{{({layer + 1})}}"), lambda i, j, layer=layer: int(weights[layer][i - 1, j - 1])
            )
            below = ("x", "h", "h")[layer] if len(hidden) == 1 else ("x", "h^{(1)}", "h^{(2)}")[layer]
            found = found.replace(sympy.Function(below), lambda i, layer=layer: int(expected[layer][i - 1]))
            assert found == expected[layer + 1][place]

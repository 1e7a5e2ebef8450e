from __future__ import annotations

from math import exp, log
from typing import get_args

import pytest
import sympy

from generator.solver.activations import PLAIN, Name, activation, branches_tex, expression

NAMES: tuple[Name, ...] = get_args(Name)
X, Y, A, C, S = sympy.symbols("x y a c s", real=True)
SMOOTH = [name for name in NAMES if activation(name).steps]


def real(value: sympy.Expr) -> sympy.Expr:
    return value.subs({sympy.Symbol(symbol.name): symbol for symbol in (X, Y, A, C, S)})


@pytest.mark.parametrize("name", SMOOTH)
def test_every_step_of_a_derivative_equals_the_derivative(name: Name) -> None:
    layer = activation(name)
    derivative = sympy.diff(real(layer.definition[0].value), X)
    for step in (*layer.steps, layer.slope[0].value):
        assert sympy.simplify(real(step) - derivative) == 0


@pytest.mark.parametrize("name", SMOOTH)
def test_the_derivative_by_the_output_is_the_derivative(name: Name) -> None:
    layer = activation(name)
    definition = real(layer.definition[0].value)
    found = real(layer.by_output[0].value).subs({Y: definition, S: 1 / (1 + sympy.exp(-X))})
    assert sympy.simplify((found - real(layer.slope[0].value)).rewrite(sympy.exp)) == 0


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SMOOTH])
@pytest.mark.parametrize("sign", [-1, 1])
def test_pieces_are_differentiated_piece_by_piece(name: Name, sign: int) -> None:
    layer, size = activation(name), sympy.Symbol("t", positive=True)
    # Near 1/2 every layer has one piece on either side of 0; beyond 1 the hard tanh has two more.
    for scale in (sympy.Rational(1, 2), 3):
        x = sign * scale
        shift = {X: x + sign * size / 100, A: sympy.Rational(2, 3), C: sympy.Rational(1, 5)}
        definition = real(expression(layer.definition))
        values = [definition.subs({**shift, X: sympy.Rational(x) + sign * d}) for d in (0, sympy.Rational(1, 10**6))]
        slope = float((values[1] - values[0]) * sign * 10**6)
        at = {X: x, A: sympy.Rational(2, 3), C: sympy.Rational(1, 5)}
        assert float(real(expression(layer.slope)).subs(at)) == pytest.approx(slope, abs=1e-5)
        at[Y] = values[0]
        assert float(real(expression(layer.by_output)).subs(at)) == pytest.approx(slope, abs=1e-5)


@pytest.mark.parametrize("name", ["prelu", "elu"])
def test_parameter_messages_are_derivatives_by_the_parameter(name: Name) -> None:
    layer = activation(name)
    for x in (-2, 3):
        by_a = sympy.diff(real(expression(layer.definition)).subs(X, x), A)
        assert sympy.simplify(by_a - real(expression(layer.by_parameter)).subs(X, x)) == 0


@pytest.mark.parametrize("name", NAMES)
def test_both_writings_of_a_layer_agree(name: Name) -> None:
    for x in (-2.5, -0.3, 0.2, 4.0):
        symbolic = real(expression(activation(name).definition)).subs({X: x, A: 0.4, C: 0.4})
        assert float(symbolic) == pytest.approx(PLAIN[name](x, 0.4))


@pytest.mark.parametrize("name", NAMES)
def test_records_can_be_parsed(name: Name) -> None:
    layer = activation(name)
    for branches in (layer.slope, layer.by_output, layer.by_parameter):
        if branches:
            assert sympy.sympify(str(expression(branches))) == expression(branches)


def test_values_by_hand() -> None:
    assert PLAIN["sigmoid"](log(3), 0) == pytest.approx(3 / 4)
    assert PLAIN["tanh"](log(2), 0) == pytest.approx(3 / 5)
    assert PLAIN["elu"](-log(2), 3) == pytest.approx(-1.5)
    assert PLAIN["softplus"](log(4), 0) == pytest.approx(log(5))
    assert PLAIN["silu"](1.0, 0) == pytest.approx(1 / (1 + exp(-1)))


def test_cases_in_print() -> None:
    assert branches_tex(activation("prelu").slope) == (
        r"\begin{cases} 1 & \text{if } x > 0 \\ a & \text{if } x < 0 \end{cases}"
    )

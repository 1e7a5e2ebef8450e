from __future__ import annotations

from math import exp, log
from typing import get_args

import pytest
import sympy

from generator.solver.activations import PLAIN, Name, activation, branches_tex, expression
from generator.solver.written import evaluated

NAMES: tuple[Name, ...] = get_args(Name)
X, Y, A, C, S = sympy.symbols("x y a c s", real=True)
SMOOTH = [name for name in NAMES if activation(name).derivation]
POINTS = (-2.5, -0.3, 0.2, 4.0)


def real(value: sympy.Expr) -> sympy.Expr:
    return value.subs({sympy.Symbol(symbol.name): symbol for symbol in (X, Y, A, C, S)})


@pytest.mark.parametrize("name", SMOOTH)
def test_every_step_of_a_derivative_equals_the_derivative(name: Name) -> None:
    layer = activation(name)
    assert layer.derivation is not None
    derivative = sympy.diff(real(layer.definition[0].value.doit()), X)
    assert layer.derivation.forms[-1] == layer.slope[0].value
    for step in layer.derivation.forms:
        assert sympy.simplify(real(step.doit()) - derivative) == 0


@pytest.mark.parametrize("name", [*SMOOTH, "elu"])
def test_every_step_to_the_output_equals_the_next(name: Name) -> None:
    layer = activation(name)
    assert layer.by_output_steps is not None
    assert layer.by_output_steps.forms[-1] == layer.by_output[-1].value
    for x in (-1.2, -0.4) if name == "elu" else (-1.2, 0.7):
        numbers = {"x": x, "y": PLAIN[name](x, 0.3), "s": 1 / (1 + exp(-x)), "a": 0.3}
        values = [evaluated(form, numbers) for form in layer.by_output_steps.forms]
        slope = (PLAIN[name](x + 1e-6, 0.3) - PLAIN[name](x - 1e-6, 0.3)) / 2e-6
        assert values == pytest.approx([slope] * len(values), abs=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_pieces_are_the_layer(name: Name) -> None:
    for x in POINTS:
        found = expression(activation(name).pieces).subs({"x": x, "a": 0.4, "c": 0.4})
        assert float(found) == pytest.approx(PLAIN[name](x, 0.4))


def test_what_a_layer_is_made_of() -> None:
    for name in ("sigmoid", "softplus"):
        outer, inner = activation(name).made_of
        whole = outer.doit().subs("u", inner.doit())
        assert sympy.simplify(whole - activation(name).definition[0].value.doit()) == 0
    first, second = activation("silu").made_of
    assert sympy.simplify(first * second.doit() - activation("silu").definition[0].value.doit()) == 0


@pytest.mark.parametrize("name", ["softplus", "silu"])
def test_both_sides_of_an_aside_are_equal(name: Name) -> None:
    aside = activation(name).aside
    assert aside is not None
    for x in POINTS:
        numbers = {"x": x, "y": PLAIN[name](x, 0), "s": 1 / (1 + exp(-x))}
        left, right = (evaluated(form, numbers) for form in aside.forms)
        assert left == pytest.approx(right)


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_own_letters(name: Name) -> None:
    layer, plain = activation(name, "2"), activation(name)
    for one, other in zip((*layer.pieces, *layer.by_output), (*plain.pieces, *plain.by_output), strict=True):
        renamed = {letter: sympy.Symbol(f"{letter}_2") for letter in (sympy.Symbol(n) for n in "xys")}
        assert one.value.doit() == other.value.doit().subs(renamed)


@pytest.mark.parametrize("name", SMOOTH)
def test_the_derivative_by_the_output_is_the_derivative(name: Name) -> None:
    layer = activation(name)
    definition = real(layer.definition[0].value.doit())
    found = real(layer.by_output[0].value.doit()).subs({Y: definition, S: 1 / (1 + sympy.exp(-X))})
    assert sympy.simplify((found - real(layer.slope[0].value.doit())).rewrite(sympy.exp)) == 0


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
    for x in POINTS:
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
    assert branches_tex(activation("softplus").definition) == r"\ln(1 + e^{x})"
    assert branches_tex(activation("silu").slope) == r"\frac{1}{1 + e^{- x}} + \frac{x e^{- x}}{(1 + e^{- x})^{2}}"
    assert branches_tex(activation("elu").by_output).startswith(r"\begin{cases} 1 & \text{if } y > 0 \\ y + a &")

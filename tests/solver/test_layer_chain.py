from __future__ import annotations

import math

import pytest

from generator.solver.layer_chain import Chain


def test_a_single_sigmoid_unit() -> None:
    chain = Chain([2.0], [[[0.5]], [[3.0]]], ["sigmoid"], 0.0, [1.0], "squared")
    h = 1 / (1 + math.exp(-1))
    values, loss = chain.run()
    assert values["after", 0, 0, 0].real == pytest.approx(h)
    assert loss.real == pytest.approx((3 * h - 1) ** 2 / 2)
    assert chain.slope(("before", 1, 0, 0)) == pytest.approx(3 * h - 1)
    assert chain.slope(("after", 0, 0, 0)) == pytest.approx(3 * (3 * h - 1))
    assert chain.slope(("weight", 0, 0, 0)) == pytest.approx(2 * h * (1 - h) * 3 * (3 * h - 1))


@pytest.mark.parametrize(
    ("activation", "argument", "value", "slope"),
    [
        ("relu", 2.0, 2.0, 1.0),
        ("relu", -2.0, 0.0, 0.0),
        ("leaky-relu", -2.0, -0.5, 0.25),
        ("prelu", 3.0, 3.0, 1.0),
        ("hard-tanh", -2.0, -1.0, 0.0),
        ("hard-tanh", 0.5, 0.5, 1.0),
        ("tanh", 0.3, math.tanh(0.3), 1 - math.tanh(0.3) ** 2),
    ],
)
def test_activations_on_either_side_of_a_kink(activation: str, argument: float, value: float, slope: float) -> None:
    # An absolute error to a far target passes on the message -1.
    chain = Chain([1.0], [[[argument]], [[1.0]]], [activation], 0.25, [9.0], "absolute")  # type: ignore[list-item]
    assert chain.run()[0]["after", 0, 0, 0].real == pytest.approx(value)
    assert chain.slope(("before", 0, 0, 0)) == pytest.approx(-slope)


def test_the_constant_of_a_parametric_relu() -> None:
    chain = Chain([1.0], [[[-2.0, 3.0]], [[4.0], [1.0]]], ["prelu"], 0.25, [0.0], "squared")
    # Output 4 * (-1/2) + 3 = 1, so the gradient is 1 * 4 * (-2).
    assert chain.slope(("constant", 0, 0, 0)) == pytest.approx(-8)

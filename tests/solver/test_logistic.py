from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from generator.exact import Log
from generator.solver import logistic

tenths = st.integers(-40, 40).map(lambda k: k / 10)
samples = st.lists(st.tuples(tenths, st.integers(0, 1)), min_size=4, max_size=12).map(
    lambda rows: tuple(zip(*rows, strict=True))
)


def direct_loss(parameters: tuple[float, float], xs: tuple[float, ...], ys: tuple[int, ...]) -> float:
    chances = [1 / (1 + math.exp(-(parameters[0] + parameters[1] * x))) for x in xs]
    return -sum(math.log(p if y else 1 - p) for p, y in zip(chances, ys, strict=True))


@given(samples, st.tuples(tenths, tenths))
def test_loss_is_minus_the_log_likelihood(
    sample: tuple[tuple[float, ...], tuple[int, ...]], at: tuple[float, float]
) -> None:
    assert logistic.loss(at, *sample) == pytest.approx(direct_loss(at, *sample))
    assert logistic.loss_grid(*sample, [at[0]], [at[1]])[0][0] == pytest.approx(direct_loss(at, *sample))


@given(samples, st.tuples(tenths, tenths))
def test_derivatives_are_those_of_the_loss(
    sample: tuple[tuple[float, ...], tuple[int, ...]], at: tuple[float, float]
) -> None:
    h = 1e-5
    xs, ys = sample
    for axis in (0, 1):
        up, down = (tuple(v + sign * h * (i == axis) for i, v in enumerate(at)) for sign in (1, -1))
        slope = (logistic.loss((up[0], up[1]), xs, ys) - logistic.loss((down[0], down[1]), xs, ys)) / (2 * h)
        assert logistic.gradient(at, xs, ys)[axis] == pytest.approx(slope, abs=1e-4)
        one, other = logistic.gradient((up[0], up[1]), xs, ys), logistic.gradient((down[0], down[1]), xs, ys)
        row = [(a - b) / (2 * h) for a, b in zip(one, other, strict=True)]
        assert logistic.hessian(at, xs)[axis] == pytest.approx(row, abs=1e-4)
    assert min(np.linalg.eigvalsh(np.array(logistic.hessian(at, xs)))) >= -1e-12


@given(samples)
def test_newton_finds_the_minimum_of_a_general_optimiser(sample: tuple[tuple[float, ...], tuple[int, ...]]) -> None:
    found = logistic.minimum(*sample)
    assert (found is not None) == logistic.overlapping(*sample)
    assume(found is not None and max(map(abs, found)) < 15)
    assert found is not None
    other = minimize(lambda at: logistic.loss((at[0], at[1]), *sample), (0, 0), method="Nelder-Mead",
                     options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000})  # fmt: skip
    assert logistic.loss(found, *sample) <= other.fun + 1e-9
    assert found == pytest.approx(other.x, abs=1e-3)


@pytest.mark.parametrize(
    ("zeros", "ones", "overlap"),
    [
        ([-2, -1], [1, 2], False),
        ([-2, 0], [0, 2], False),  # a point of both classes on the threshold: the slope still runs off
        ([-2, 1], [0, 2], True),
        ([-1, 1], [0, 0], True),
        ([1, 2], [-2, -1], False),
    ],
)
def test_overlap(zeros: list[float], ones: list[float], overlap: bool) -> None:
    xs, ys = (*zeros, *ones), (0,) * len(zeros) + (1,) * len(ones)
    assert logistic.overlapping(xs, ys) is overlap
    assert (logistic.minimum(xs, ys) is not None) is overlap


def test_symmetric_sample_by_hand() -> None:
    # Inputs -1, 1 twice each, three of four labels following the sign: sigma(slope) = 3/4, so the slope is ln 3.
    xs, ys = (-1, -1, -1, -1, 1, 1, 1, 1), (0, 0, 0, 1, 1, 1, 1, 0)
    assert logistic.minimum(xs, ys) == pytest.approx((0, math.log(3)))


def test_probability_is_exact() -> None:
    assert logistic.probability(Log(Fraction(3))) == Fraction(3, 4)
    assert logistic.probability(Log(Fraction(2, 5))) == Fraction(2, 7)
    assert logistic.probability(0) == Fraction(1, 2)
    with pytest.raises(ValueError, match="not rational"):
        logistic.probability(1)


@pytest.mark.parametrize("z", [-800.0, -1.0, 0.0, 2.0, 800.0])
def test_sigmoid_does_not_overflow(z: float) -> None:
    assert logistic.sigmoid(z) == pytest.approx(1 / (1 + math.exp(-max(-700.0, z))))
    assert logistic.sigmoid(z) + logistic.sigmoid(-z) == pytest.approx(1)

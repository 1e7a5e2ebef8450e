from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from generator.solver import pooling

IMAGE = ((1, 5, 2), (7, 3, 4), (0, 6, 8))


def test_windows_leave_out_the_padding() -> None:
    covered = pooling.windows((3, 3), window=2, stride=2, padding=1)
    assert covered == ((((0, 0),), ((0, 1), (0, 2))), (((1, 0), (2, 0)), ((1, 1), (1, 2), (2, 1), (2, 2))))


def test_no_window_fits_into_too_small_an_input() -> None:
    assert pooling.windows((2, 2), window=3, stride=1, padding=0) == ()


@pytest.mark.parametrize(
    ("mode", "output"),
    [
        ("max", ((7, 5), (7, 8))),
        ("average", ((4, Fraction(7, 2)), (4, Fraction(21, 4)))),
        ("l2", ((2 * sympy.sqrt(21), 3 * sympy.sqrt(6)), (sympy.sqrt(94), 5 * sympy.sqrt(5)))),
    ],
)
def test_pooled_by_hand(mode: pooling.Mode, output: pooling.Values) -> None:
    covered = pooling.windows((3, 3), window=2, stride=1, padding=0)
    assert pooling.pooled(IMAGE, covered, 4, mode) == output


def test_a_mean_counts_padding_only_where_told_so() -> None:
    covered = pooling.windows((3, 3), window=2, stride=2, padding=1)
    assert pooling.pooled(IMAGE, covered, 4, "average")[0] == (Fraction(1, 4), Fraction(7, 4))
    assert pooling.pooled(IMAGE, covered, None, "average")[0] == (1, Fraction(7, 2))


@pytest.mark.parametrize(
    ("mode", "routed"),
    [
        ("max", ((0, -2, 0), (4, 0, 0), (0, 0, 5))),
        ("average", ((0.25, -0.25, -0.5), (1, 1.75, 0.75), (0.75, 2, 1.25))),
    ],
)
def test_gradients_that_arrive_twice_are_added(mode: pooling.Mode, routed: pooling.Values) -> None:
    covered = pooling.windows((3, 3), window=2, stride=1, padding=0)
    reached = pooling.receivers(IMAGE, covered, mode)
    assert pooling.backward(IMAGE, reached, ((0, 0), (0, 0)), 4, mode, ((1, -2), (3, 5))) == routed


def test_a_norm_hands_on_the_direction() -> None:
    image = ((3, 0), (0, -4))
    covered = pooling.windows((2, 2), window=2, stride=2, padding=0)
    reached = pooling.receivers(image, covered, "l2")
    routed = pooling.backward(image, reached, ((5,),), 4, "l2", ((10,),))
    assert routed == ((6, 0), (0, -8))


def test_the_first_of_equal_maxima_takes_the_gradient() -> None:
    covered = pooling.windows((1, 3), window=1, stride=1, padding=0)
    assert set(pooling.receivers(((2, 2, 2),), covered, "max")) == {(0, 0), (0, 1), (0, 2)}
    wide = ((((0, 0), (0, 1), (0, 2)),),)
    assert pooling.receivers(((1, 2, 2),), wide, "max") == {(0, 1): ((0, 0),)}

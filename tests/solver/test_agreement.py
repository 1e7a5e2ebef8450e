from fractions import Fraction

import numpy as np
import pytest
import sympy

from generator.solver.agreement import differ


@pytest.mark.parametrize(
    ("exact", "found"),
    [
        (Fraction(1, 3), 1 / 3),
        (((1, 2), (3, 4)), np.array([[1.0, 2.0], [3.0, 4.0]])),
        ({"a": (1, Fraction(1, 2))}, {"a": [1, 0.5]}),
        (sympy.exp(-2), 0.1353352832366127),
        ("B", "B"),
        (10**6, 10**6 + 1e-5),
    ],
)
def test_equal_values_agree(exact: object, found: object) -> None:
    assert differ(exact, found, 1e-9) is None


@pytest.mark.parametrize(
    ("exact", "found"),
    [
        (1, 1 + 1e-6),
        (1, float("nan")),
        (float("nan"), float("nan")),
        ((1, 2), (1, 2, 3)),
        (((1, 2),), np.array([1.0, 2.0])),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, 1),
        ("B", "C"),
        (1, "1"),
        ((0, 0), (0, 1e-6)),
    ],
)
def test_different_values_do_not(exact: object, found: object) -> None:
    assert differ(exact, found, 1e-9) is not None

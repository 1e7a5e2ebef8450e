import math
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator.exact import Log, log, parse_number, symbolic


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3/4", Fraction(-3, 4)),
        ("8/4", 2),
        ("0.25", Fraction(1, 4)),
        ("log(3)", Log(Fraction(3))),
        ("- log(3/2)", Log(Fraction(2, 3))),
        ("2*log(3)", Log(Fraction(9))),
        ("log(1)", 0),
    ],
)
def test_numbers_are_read(text: str, value: object) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "1/0", "log(0)", "log(-2)", "log(1/0)", "__import__('os')", "1e9", "9" * 40, "2**9", "log(log(2))"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_number(text)


@given(st.fractions(min_value=Fraction(1, 99), max_value=99, max_denominator=99))
def test_logarithms_survive_text_and_sympy(argument: Fraction) -> None:
    value = log(argument)
    assert parse_number(str(value)) == value
    assert float(symbolic(value)) == pytest.approx(math.log(argument))
    assert sympy.sympify(str(value)) == symbolic(value)


def test_one_has_no_proper_logarithm() -> None:
    with pytest.raises(ValueError, match="no proper"):
        Log(Fraction(1))

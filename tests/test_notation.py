from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator import notation
from generator.exact import log


@pytest.mark.parametrize(
    ("value", "tex"),
    [
        (-3, "-3"),
        (Fraction(-3, 4), r"-\frac{3}{4}"),
        (Fraction(4, 2), "2"),
        (Decimal("0.90"), "0.90"),
        (log(3), r"\ln 3"),
        (log(Fraction(1, 3)), r"-\ln 3"),
        (log(Fraction(2, 3)), r"\ln\frac{2}{3}"),
        ((1, Fraction(1, 2)), r"\begin{pmatrix} 1 \\ \frac{1}{2} \end{pmatrix}"),
        (((1, 2), (3, 4)), r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"),
        (sympy.log(sympy.Symbol("x")), r"\ln(x)"),
        (r"\theta", r"\theta"),
    ],
)
def test_tex(value: object, tex: str) -> None:
    assert notation.tex(value) == tex


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 6))
def test_rounding_goes_half_away_from_zero(value: Fraction, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    # The decimal module with 60 digits is the other way; ties are exact in both.
    wide = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(unit, rounding=ROUND_HALF_UP)
    assert notation.rounded(value, places) == wide


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 1000), 2, "0.00"),
        (sympy.exp(-2) / (1 + sympy.exp(-2)), 3, "0.119"),
        (log(2), 4, "0.6931"),
        (2, 1, "2.0"),
    ],
)
def test_rounded(value: object, places: int, text: str) -> None:
    assert str(notation.rounded(value, places)) == text


def test_terminating_decimals() -> None:
    assert notation.terminating(Fraction(9, 50)) == Decimal("0.18")
    assert notation.terminating(Fraction(1, 3)) is None
    assert str(notation.terminating(Fraction(0))) == "0"


def test_records_hold_strings_that_sympy_parses() -> None:
    value = {"w": ((Fraction(3, 4), log(3)), (sympy.Symbol("x") ** 2, Decimal("0.5"))), "n": 2}
    found = notation.plain(value)
    assert found == {"w": [["3/4", "log(3)"], ["x**2", "0.5"]], "n": "2"}
    assert sympy.sympify(found["w"][0][1]) == sympy.log(3)


def test_canonical_values_compare_alike() -> None:
    assert notation.canonical((Fraction(4, 2), Decimal("0.50"))) == notation.canonical([2, Fraction(1, 2)])


def test_parentheses_grow_only_where_they_must() -> None:
    x, i, n = sympy.symbols("x i n")
    assert notation.tex(sympy.log(x / 2)) == r"\ln{\left(\frac{x}{2} \right)}"
    assert notation.tex(sympy.sin(sympy.cos(x))) == r"\sin(\cos(x))"
    assert notation.tex(sympy.Sum(sympy.Function("z")(i) ** 2, (i, 1, n))) == r"\sum_{i=1}^{n} z_{i}^{2}"
    assert notation.tex(sympy.Function("L")(x)) == "L(x)"


def test_numbers_stand_without_parentheses_and_sums_start_without_a_sign() -> None:
    third = sympy.Rational(1, 3)
    assert notation.tex(third - sympy.sin(1)) == r"\frac{1}{3} - \sin 1"
    assert notation.tex(-sympy.Rational(3, 5) * sympy.log(sympy.Rational(3, 2))) == r"-\frac{3}{5} \ln\frac{3}{2}"
    assert notation.tex(-(sympy.sin(1) ** 2)) == r"- \sin^{2} 1"
    assert notation.tex(1 - sympy.Symbol("x")) == "1 - x"
    assert notation.tex(-1 - sympy.Symbol("x")) == "- x - 1"

from __future__ import annotations

from fractions import Fraction

import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator.exact import Log
from generator.solver.single_logarithm import joined, single
from generator.working import line, num

multiples = st.lists(
    st.tuples(st.integers(-3, 3), st.fractions(Fraction(1, 9), 9, max_denominator=9)), min_size=1, max_size=4
)


@given(multiples, st.fractions(-2, 2, max_denominator=5))
def test_one_logarithm_of_the_same_value(pairs: list[tuple[int, Fraction]], rest: Fraction) -> None:
    logs = (factor * sympy.log(sympy.Rational(x.numerator, x.denominator)) for factor, x in pairs)
    value = sympy.Add(*logs, sympy.Rational(rest.numerator, rest.denominator))
    found = sympy.sympify(joined(value))
    assert len(found.atoms(sympy.log)) <= 1
    assert abs(sympy.N(found - value, 30)) < 1e-20


def test_a_root_is_taken_out_only_where_it_comes_out_even() -> None:
    assert joined(sympy.log(9) / 2 + sympy.log(2)) == sympy.log(6)
    assert joined(sympy.log(3) / 2) == sympy.log(3) / 2


def test_numbers_and_other_functions_stay_as_they_are() -> None:
    assert joined(Fraction(1, 2)) == Fraction(1, 2)
    power = sympy.exp(sympy.Rational(1, 2))
    assert joined(power + sympy.log(2) - sympy.log(3)) == power + sympy.log(sympy.Rational(2, 3))


def test_the_work_is_printed_and_its_value_has_one_logarithm() -> None:
    worked = line("m", single(num(-1) * Log(Fraction(4, 9))), "y z")
    assert worked.tex == r"m = y z = -1 \cdot \ln\frac{4}{9} = \ln\frac{9}{4}"
    assert worked.operations()["multiplications"] == 1

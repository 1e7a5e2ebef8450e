from decimal import Decimal
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator.exact import log
from generator.working import Term, apply, line, lines_in, num, product, total


def test_a_line_prints_formula_substitution_and_result() -> None:
    worked = line("r_1", num(4) * 1 + num(2) * -1, formula="c x_1 + e x_2")
    assert worked.tex == r"r_1 = c x_1 + e x_2 = 4 \cdot 1 + 2 \cdot (-1) = 2"
    assert worked.aligned == r"r_1 &= c x_1 + e x_2 = 4 \cdot 1 + 2 \cdot (-1) = 2"
    assert worked.operations() == {"additions": 1, "multiplications": 2}


def test_a_rounded_result_says_so_and_is_what_later_lines_use() -> None:
    s = line("s", apply("sigma", 2), places=1)
    assert s.tex == r"s = \sigma(2) \approx 0.9"
    slope = line("d", num(2) * s.result * (1 - num(s.result)))
    assert slope.tex == r"d = 2 \cdot 0.9 \cdot (1 - 0.9) = 0.18"
    assert slope.result == Decimal("0.18")


def test_a_rounded_result_that_is_exact_keeps_the_equals_sign() -> None:
    assert line("s", apply("sigma", 0), places=1).tex == r"s = \sigma(0) = 0.5"


def test_the_sigmoid_of_a_logarithm_is_rational() -> None:
    assert line("s", apply("sigma", log(3))).result == Fraction(3, 4)


def test_nothing_is_printed_twice() -> None:
    assert line("x", 3).tex == "x = 3"
    assert line("x", 3, formula="3").tex == "x = 3"
    assert line("", num(1) + 2).tex == "1 + 2 = 3"


@pytest.mark.parametrize(
    ("term", "tex"),
    [
        (num(3) - num(-2), "3 - (-2)"),
        (num(3) + num(-2), "3 - 2"),
        (num(-3) * num(-2), r"-3 \cdot (-2)"),
        ((num(1) + 2) * 3, r"(1 + 2) \cdot 3"),
        (-(num(1) + 2), "-(1 + 2)"),
        (num(5) - (num(1) - 2), "5 - (1 - 2)"),
        (num(-2) ** 2, "(-2)^{2}"),
        (num(Fraction(1, 2)) ** 2, r"\left(\frac{1}{2}\right)^{2}"),
        (num(Fraction(-1, 2)) * Fraction(1, 3), r"-\frac{1}{2} \cdot \frac{1}{3}"),
        ((num(1) + 2) / (num(3) * 4), r"\frac{1 + 2}{3 \cdot 4}"),
        (num(2) * log(3), r"2 \cdot \ln 3"),
        (apply("floor", num(7) / 2) + 1, r"\left\lfloor \frac{7}{2} \right\rfloor + 1"),
    ],
)
def test_parentheses_stand_where_they_must(term: Term, tex: str) -> None:
    assert term.tex() == tex


numbers = st.integers(-9, 9) | st.fractions(min_value=-9, max_value=9, max_denominator=9)


def _terms(children: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    some = st.lists(children, min_size=2, max_size=3)
    return st.one_of(
        some.map(total), some.map(product), children.map(lambda t: -t), children.map(lambda t: t**2),
        st.tuples(children, children).map(lambda pair: pair[0] - pair[1]),
    )  # fmt: skip


@given(st.recursive(numbers.map(num), _terms, max_leaves=8))
def test_what_is_printed_evaluates_to_what_is_claimed(term: Term) -> None:
    """Reads the printed TeX as arithmetic again: parentheses, signs and fractions must carry the whole meaning."""
    text = term.tex().replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "*")
    text = text.replace(r"\frac{", "((").replace("}{", ")/(").replace("^{2}", "**2").replace("}", "))")
    assert sympy.sympify(text) == sympy.Rational(str(Fraction(term.value())))


def test_lines_are_found_in_nested_work() -> None:
    one, two = line("a", num(1) + 1), line("b", num(2) * 3)
    assert list(lines_in({"x": (one, {"y": [two]}), "z": 3})) == [one, two]

from decimal import Decimal
from fractions import Fraction

import pytest

from generator.working import apply, line, num, product, reworked, total

GROWTH = apply("exp", Decimal("0.7"))
SHARE = line("p", GROWTH / total((apply("exp", Decimal("0.7")), 1)), places=4)
SLOPE = line("s", product((SHARE.result, 1 - num(SHARE.result))), places=3)


@pytest.mark.parametrize(
    ("places", "share", "slope"),
    [
        # e^0.7 = 2.01, 2.01 / 3.01 = 0.6678, and then 0.67 * 0.33
        (2, Fraction(201, 301), Fraction("0.2211")),
        # e^0.7 = 2.014, 2.014 / 3.014 = 0.66822, and then 0.668 * 0.332
        (3, Fraction(2014, 3014), Fraction("0.221776")),
        # e^0.7 = 2.0138, 2.0138 / 3.0138 = 0.66819, and then 0.6682 * 0.3318
        (4, Fraction(20138, 30138), Fraction("0.22170876")),
    ],
)
def test_every_step_is_rounded_and_later_lines_use_what_was_rounded(
    places: int, share: Fraction, slope: Fraction
) -> None:
    assert reworked((SHARE, SLOPE), places) == {SHARE: share, SLOPE: slope}


def test_a_calculator_rounds_nothing() -> None:
    found = reworked((SHARE, SLOPE), None)
    assert found[SHARE] == pytest.approx(0.66818777216816616, abs=1e-15)
    assert found[SLOPE] == pytest.approx(0.22171287329310907, abs=1e-15)


def test_numbers_of_the_question_stay_as_they_are() -> None:
    work = line("y", product((Decimal("0.125"), num(Fraction(1, 3)))), places=4)
    assert reworked((work,), 2) == {work: Fraction(1, 24)}


def test_every_operation_can_be_worked_out_again() -> None:
    functions = ("exp", "ln", "sin", "cos", "tanh", "sqrt", "sigma", "relu", "abs", "floor")
    for name in functions:
        done = line("y", apply(name, Decimal("1.44")))  # type: ignore[arg-type]  # the names are listed above
        assert float(reworked((done,), None)[done]) == pytest.approx(float(done.result))
    mixed = line("y", -(num(3) ** 2) / num(4) + apply("abs", Decimal("-0.5")) - num(2) * 3)
    assert float(reworked((mixed,), 4)[mixed]) == -7.75

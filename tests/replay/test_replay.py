import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.replay import NotNumericError, evaluate, replay
from generator.working import Term, line, num, product, total


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        ("3", 3),
        ("-3 + 2", -1),
        (r"4 \cdot 1 + 2 \cdot (-1)", 2),
        (r"-2^{2}", -4),
        (r"(-2)^{2}", 4),
        (r"\frac{1 + 2}{3 \cdot 4}", Fraction(1, 4)),
        (r"\left(\frac{1}{2}\right)^{2}", Fraction(1, 4)),
        (r"2 \cdot 0.9 \cdot (1 - 0.9)", Fraction(9, 50)),
        (r"\left\lfloor \frac{7}{2} \right\rfloor + 1", 4),
        (r"\max\left(-3, 0\right)", 0),
        (r"\sqrt{\frac{9}{4}}", Fraction(3, 2)),
        (r"\left|2 - 5\right|", 3),
        (r"10{,}000 \cdot 2", 20000),
        (r"\frac{1}{2}(3 + 1)", 2),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{pmatrix} 1 \\ 1 \end{pmatrix}", ((3,), (7,))),
        (r"2 \begin{pmatrix} 1 \\ 2 \end{pmatrix} - \begin{pmatrix} 1 \\ 1 \end{pmatrix}", ((1,), (3,))),
        ("3!", 6),
    ],
)
def test_arithmetic_is_read_as_printed(tex: str, value: object) -> None:
    assert evaluate(tex) == value


def test_transcendental_values() -> None:
    assert evaluate(r"\sigma\left(\ln 3\right)") == pytest.approx(0.75)
    assert evaluate(r"\exp\left(2\right)") == pytest.approx(math.e**2)
    assert evaluate(r"2 \ln 3") == pytest.approx(2 * math.log(3))
    assert evaluate(r"\frac{2 e^{-1}}{3}") == pytest.approx(2 / (3 * math.e))
    assert evaluate(r"\operatorname{sign}\left(2 - 3\right)") == -1


@pytest.mark.parametrize(
    "tex", ["", "x", r"\lambda", "f(2)", r"1 + \dots", r"\frac{1}{0}", r"\ln 0", "2 +", "(2", r"x_1 2"]
)
def test_what_is_not_arithmetic_is_left_alone(tex: str) -> None:
    with pytest.raises(NotNumericError):
        evaluate(tex)


@pytest.mark.parametrize(
    ("text", "links", "misses"),
    [
        ("$r_1 = c x_1 = 4 \\cdot 1 = 4$", 1, 0),
        ("$r_1 = 4 \\cdot 1 = 5$", 1, 1),
        ("$$\\begin{aligned} y &= 1 + 2 \\\\ &= 3 \\\\ z &= 3 \\cdot 3 = 8 \\end{aligned}$$", 2, 1),
        ("$$\\begin{aligned} y &= 1 + 2 \\\\ &\\quad + 3 = 6 \\end{aligned}$$", 1, 0),
        ("$s \\approx 0.9$", 0, 0),
        ("$s = \\sigma(2) \\approx 0.9$", 1, 0),
        ("$s = \\sigma(2) \\approx 0.8$", 1, 1),
        ("$\\frac{1}{3} = 0.33$ and $\\frac{1}{3} \\approx 0.33$", 2, 1),
        (r"$a = \begin{pmatrix} 1 \\ 2 \end{pmatrix} + \begin{pmatrix} 1 \\ 1 \end{pmatrix}$", 0, 0),
        (r"$2 \begin{pmatrix} 1 \\ 2 \end{pmatrix} = \begin{pmatrix} 2 \\ 5 \end{pmatrix}$", 1, 1),
        (r"$\exp(2) = e^{2} = 2 e$ and $e^0 = 2$", 2, 1),
        ("costs 3 dollars = nothing", 0, 0),
    ],
)  # fmt: skip
def test_links_are_found_and_recomputed(text: str, links: int, misses: int) -> None:
    found = replay(text)
    assert (found.links, len(found.misses)) == (links, misses)


numbers = st.integers(-9, 9) | st.fractions(min_value=-9, max_value=9, max_denominator=9)


def _terms(children: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    some = st.lists(children, min_size=2, max_size=3)
    return some.map(total) | some.map(product) | children.map(lambda t: t**2) | children.map(lambda t: 1 - t)


@given(st.recursive(numbers.map(num), _terms, max_leaves=6), st.booleans())
def test_a_wrong_last_number_is_always_found(term: Term, wrong: bool) -> None:
    worked = line("", term)
    text = f"$7 = 7, \\quad {worked.tex} {'= 123456789' if wrong else ''}$"
    assert bool(replay(text).misses) == (wrong and worked.tex != "" and term.value() != 123456789)

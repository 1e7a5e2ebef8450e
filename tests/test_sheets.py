from decimal import Decimal
from fractions import Fraction

import pytest
import sympy

from generator.document.tree import Boxes
from generator.exact import log
from generator.exercise import Part, Space
from generator.sheets import answer_space


@pytest.mark.parametrize(
    ("answer", "wide"),
    [(3, False), (Fraction(-4, 7), False), (Decimal("0.25"), False), (log(3), True), (6 * sympy.log(2) + 1, True)],
)
def test_an_answer_that_is_no_plain_number_has_a_wide_box(answer: object, wide: bool) -> None:
    for part in (
        Part("a", "number", answer, 2),
        Part("a", "vector", (1, answer), 2, space=Space("boxes", names=("w_1", "w_2"))),
        Part("a", "table", {"w_1": 1, "w_2": answer}, 2),
    ):
        _, boxes = answer_space(part, Fraction(2))
        assert isinstance(boxes, Boxes)
        assert boxes.wide == wide

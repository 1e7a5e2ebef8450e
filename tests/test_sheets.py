from decimal import Decimal
from fractions import Fraction

import pytest
import sympy

from generator.document.tree import Boxes
from generator.exact import log
from generator.exercise import Part, Space
from generator.sheets import answer_space, name_tex


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("y", "y"),
        ("w_1", "w_1"),
        ("w_12", "w_{12}"),
        ("dy/dw_12", r"\partial y/\partial w_{12}"),
        ("lambda", r"\lambda"),
        ("lambda_1", r"\lambda_1"),
        ("beta_12", r"\beta_{12}"),
        ("dL/dtheta_1", r"\partial L/\partial \theta_1"),
        ("delta", r"\delta"),
        ("difference", r"\text{difference}"),
        ("meta", r"\text{meta}"),
        (r"\lambda_1", r"\lambda_1"),
        (r"\hat{\theta}", r"\hat{\theta}"),
        (r"\text{eta and more}", r"\text{eta and more}"),
    ],
)
def test_names_of_values_are_printed_as_symbols(name: str, tex: str) -> None:
    assert name_tex(name) == tex


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

from fractions import Fraction

import pytest

from generator.formats.answer import answer_tex, name_tex


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


def test_named_values_are_equations_in_a_row() -> None:
    answer = {"w_12": Fraction(1, 2), "equal": (1, 2)}
    assert answer_tex(answer) == r"w_{12} = \frac{1}{2},\; \text{equal} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}"
    assert answer_tex({"equal": 3}, {"equal": "(i = j)"}) == "(i = j) = 3"

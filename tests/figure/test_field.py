from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure import Circle, FieldLayer, Figure, Label, field_figure


def filled(figure: Figure) -> dict[float, int]:
    """How many units are filled in each row, by height."""
    rows: dict[float, int] = {}
    for element in figure.elements:
        if isinstance(element, Circle):
            row = round(element.y, 3)
            rows[row] = rows.get(row, 0) + (element.fill != 1.0)
    return rows


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ([FieldLayer(3)] * 3, 7),
        ([FieldLayer(7)] * 3, 19),
        ([FieldLayer(5, 2), FieldLayer(3), FieldLayer(5, 1, 2)], 25),
    ],
)
def test_the_cone_spans_the_receptive_field(look: SimpleNamespace, layers: list[FieldLayer], size: int) -> None:
    figure = field_figure(layers, description="The network.")
    assert filled(figure)[min(filled(figure))] == size
    assert rf"\text{{receptive field: {size} inputs}}" in [e.tex for e in figure.elements if isinstance(e, Label)]
    assert f"{size} units of x" in figure.description
    look.assert_inside(figure)


@given(st.lists(st.builds(FieldLayer, st.integers(1, 4), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=3))
def test_the_span_agrees_with_the_usual_formula(layers: list[FieldLayer]) -> None:
    size, step = 1, 1
    for layer in layers:
        size += (layer.kernel - 1) * layer.dilation * step
        step *= layer.stride
    assert f"{size} units of x" in field_figure(layers, description="The network.").description


def test_the_question_shows_one_unit_only() -> None:
    figure = field_figure([FieldLayer(3), FieldLayer(3)], cone=False, description="The network.")
    assert sorted(filled(figure).values()) == [0, 0, 1]
    assert "span" not in figure.description
    assert not any(isinstance(e, Label) and "receptive" in e.tex for e in figure.elements)


def test_every_layer_is_told_with_its_settings() -> None:
    figure = field_figure([FieldLayer(5, 2, 1), FieldLayer(3, 1, 2, r"P")], description="The network.")
    assert "H_1 (kernel 5, stride 2, dilation 1); P (kernel 3, stride 1, dilation 2)" in figure.description


def test_faulty_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        field_figure([FieldLayer(0)], description="x")
    with pytest.raises(ValueError, match="at least 1"):
        field_figure([], description="x")
    with pytest.raises(ValueError, match="more than the 120"):
        field_figure([FieldLayer(3, 3)] * 5, description="x")

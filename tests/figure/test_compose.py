from __future__ import annotations

from types import SimpleNamespace

import pytest

from generator.figure import Figure, Label, Rectangle, beside, grid_figure, stacked


def grid(size: int) -> Figure:
    return grid_figure([["1"] * size] * size, description=f"A grid of {size}.")


def test_figures_stand_beside_one_another(look: SimpleNamespace) -> None:
    small, large = grid(2), grid(5)
    figure = beside([small, large], gap=20, captions=["a", "b"])
    look.assert_inside(figure)
    frames = [e for e in figure.elements if isinstance(e, Rectangle)]
    assert frames[0].x + frames[0].width < frames[1].x
    assert frames[0].y + frames[0].height / 2 == pytest.approx(frames[1].y + frames[1].height / 2)
    assert "a: A grid of 2." in figure.description
    assert "b: A grid of 5." in figure.description


def test_the_first_of_a_stack_is_on_top() -> None:
    figure = stacked([grid(2), grid(5)], gap=10)
    frames = [e for e in figure.elements if isinstance(e, Rectangle)]
    assert frames[0].y > frames[1].y + frames[1].height
    assert frames[0].x + frames[0].width / 2 == pytest.approx(frames[1].x + frames[1].width / 2)


def test_what_is_too_wide_is_scaled_with_its_letters() -> None:
    figure = beside([grid(20), grid(20)], max_width=400)
    assert figure.width == pytest.approx(400)
    sizes = {e.size for e in figure.elements if isinstance(e, Label)}
    assert max(sizes) < 9.5


def test_a_figure_needs_words() -> None:
    with pytest.raises(ValueError, match="description"):
        Figure(10, 10, (), " ")

from __future__ import annotations

from math import exp
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure import Curve, Figure, Label, Line, Mark, PlotCurve, Rectangle, plot_figure
from generator.figure.axes import tick_labels, ticks


def sigmoid(a: float, b: float) -> PlotCurve:
    points = [(x / 10, 1 / (1 + exp(-a - b * x / 10))) for x in range(-60, 61)]
    return PlotCurve(points, rf"\phi_0={a},\ \phi_1={b}")


def sigmoids(*curves: PlotCurve, **more: object) -> Figure:
    return plot_figure(
        curves, x_range=(-6, 6), y_range=(-0.05, 1.05), description="Sigmoids.",
        **more,  # type: ignore[arg-type]  # options of one plot or another
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-6, 6, ["-6", "-4", "-2", "0", "2", "4", "6"][:]),
        (0.5, 3, None),
    ],
)
def test_ticks_are_round(low: float, high: float, values: list[str] | None) -> None:
    if values:
        assert list(tick_labels(low, high)) == values
    else:
        assert list(tick_labels(low, high)) == ["0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]


@given(st.floats(-1000, 1000), st.floats(0.01, 1000))
def test_ticks_lie_in_their_range_and_are_as_labelled(low: float, span: float) -> None:
    values, written = ticks(low, low + span), tick_labels(low, low + span)
    assert 2 <= len(values) <= 8
    for value, text in zip(values, written, strict=True):
        assert low - 1e-6 * span <= value <= low + span + 1e-6 * span
        assert float(text) == pytest.approx(value, abs=1e-9 * max(1, abs(value)))


def test_names_stand_beside_curves_that_have_room(look: SimpleNamespace) -> None:
    figure = sigmoids(sigmoid(0, 1), sigmoid(0, 3), marks=[Mark(0, 0.5, r"(0,\tfrac12)", guides=True)])
    look.assert_inside(figure)
    assert figure.width < 345
    boxes = [e.bounds() for e in figure.elements if isinstance(e, Label)]
    curves = [e for e in figure.elements if isinstance(e, Curve)]
    assert len(curves) == 2
    assert not any(look.within(point, box) for curve in curves for point in curve.points for box in boxes)


def test_curves_that_crowd_are_named_in_a_legend() -> None:
    crowd = [PlotCurve([(-6, n / 50), (6, n / 50)], rf"f_{n}") for n in range(20)]
    figure = sigmoids(*crowd)
    frame = next(e for e in figure.elements if isinstance(e, Rectangle))
    names = [e for e in figure.elements if isinstance(e, Label) and e.tex.startswith("f_")]
    assert len(names) == 20
    assert all(name.x > frame.x + frame.width for name in names)


def test_curves_are_told_apart_by_their_dashes() -> None:
    figure = sigmoids(sigmoid(0, 1), sigmoid(2, 1), sigmoid(0, 3), sigmoid(1, -1))
    assert len({e.dash for e in figure.elements if isinstance(e, Curve)}) == 4


def test_curves_are_cut_at_the_frame() -> None:
    steep = PlotCurve([(x, x * x - 9) for x in range(-6, 7)], "f")
    figure = plot_figure([steep], x_range=(-6, 6), y_range=(-4, 4), description="A parabola.")
    frame = next(e for e in figure.elements if isinstance(e, Rectangle)).bounds()
    runs = [e for e in figure.elements if isinstance(e, Curve)]
    assert len(runs) == 2  # the vertex lies below the frame, both arms pass through it
    for run in runs:
        box = run.bounds()
        assert box.bottom >= frame.bottom - 1e-6
        assert box.top <= frame.top + 1e-6


def test_guides_run_from_the_mark_to_both_axes() -> None:
    figure = sigmoids(sigmoid(0, 1), marks=[Mark(2, 0.5, guides=True)])
    frame = next(e for e in figure.elements if isinstance(e, Rectangle))
    guides = [e for e in figure.elements if isinstance(e, Line) and e.dash]
    x = frame.x + frame.width * 8 / 12
    assert [guide.x2 for guide in guides] == pytest.approx([x, x])
    assert min(guides[0].y1, guides[0].y2) == pytest.approx(frame.y)
    assert guides[1].x1 == pytest.approx(frame.x)


def test_empty_axes_have_a_grid_to_draw_into() -> None:
    figure = sigmoids(grid=True)
    assert not any(isinstance(e, Curve) for e in figure.elements)
    assert "Empty, with ticks at −6, −4, −2, 0, 2, 4, 6 and 0" in figure.description


def test_the_description_tells_axes_curves_and_marks() -> None:
    said = sigmoids(sigmoid(0, 1), marks=[Mark(0, 0.5, "P")], y_label="p").description
    for part in ("x from −6 to 6", "p from −0.05 to 1.05", "Curve φ_0 = 0, φ_1 = 1", "(0, 0.5)", "point P at (0, 0.5)"):
        assert part in said


def test_a_reversed_axis_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot run from 1 to 0"):
        plot_figure([], x_range=(1, 0), y_range=(0, 1), description="x")

from __future__ import annotations

from types import SimpleNamespace

import pytest

from generator.figure import Curve, Figure, Label, Line, Rectangle, heatmap_figure

AXIS = [-3 + 6 * step / 30 for step in range(31)]
BOWL = [[(x - 1) ** 2 + y * y for x in AXIS] for y in AXIS]


def bowl(**more: object) -> Figure:
    return heatmap_figure(
        BOWL, x_range=(-3, 3), y_range=(-3, 3), contours=[1, 4, 9], minimum=(1, 0), size=(180, 180),
        description="A bowl.", **more,  # type: ignore[arg-type]  # one optional label
    )  # fmt: skip


def cells(figure: Figure) -> list[Rectangle]:
    return [e for e in figure.elements if isinstance(e, Rectangle) and e.fill is not None]


def grey_at(figure: Figure, x: float, y: float) -> float:
    """The grey that is seen at a point of the page: that of the last shade painted over it."""
    return [c.fill for c in cells(figure) if c.x <= x <= c.x + c.width and c.y <= y <= c.y + c.height and c.fill][-1]


def test_low_is_light_and_equal_values_are_equally_grey() -> None:
    figure = bowl()
    frame = next(e for e in figure.elements if isinstance(e, Rectangle) and e.fill is None)

    def at(x: float, y: float) -> float:
        return grey_at(figure, frame.x + (x + 3) * 30, frame.y + (y + 3) * 30)

    assert at(1, 0) > at(2.1, 0.1) > at(-1.5, 0.1) > at(-2.9, -2.9)
    assert at(1.1, 1.7) == at(1.1, -1.7)


def test_the_cross_is_at_the_minimum() -> None:
    figure = bowl()
    frame = next(e for e in figure.elements if isinstance(e, Rectangle) and e.fill is None)
    arms = [e for e in figure.elements if isinstance(e, Line) and e.width > 1.2]
    assert len(arms) == 2
    for arm in arms:
        assert ((arm.x1 + arm.x2) / 2, (arm.y1 + arm.y2) / 2) == pytest.approx((frame.x + 120, frame.y + 90))


def test_contours_are_labelled_and_the_scale_repeats_their_values(look: SimpleNamespace) -> None:
    figure = bowl(minimum_label=r"\hat\phi")
    look.assert_inside(figure)
    written = [e.tex for e in figure.elements if isinstance(e, Label)]
    assert [written.count(level) for level in ("4", "9")] == [2, 2]
    assert r"\hat\phi" in written
    assert sum(isinstance(e, Curve) for e in figure.elements) == 3


def test_the_picture_stays_small() -> None:
    assert len(bowl().elements) < 1200


def test_the_description_holds_levels_minimum_and_a_table() -> None:
    said = bowl().description
    for part in (
        "x from −3 to 3", "Values run from 0 (light) to 25 (dark)", "Contour lines at 1, 4 and 9.",
        "minimum at x = 1, y = 0", "For y = 0: 16 at −3",
    ):  # fmt: skip
        assert part in said


def test_faulty_maps_are_refused() -> None:
    with pytest.raises(ValueError, match="2 to 81"):
        heatmap_figure([[1.0]], x_range=(0, 1), y_range=(0, 1), description="x")
    with pytest.raises(ValueError, match="must rise"):
        heatmap_figure(BOWL, x_range=(0, 1), y_range=(0, 1), contours=[2, 1], description="x")
    with pytest.raises(ValueError, match="cannot run from 1 to 1"):
        heatmap_figure(BOWL, x_range=(1, 1), y_range=(0, 1), description="x")


def test_a_flat_map_can_be_drawn() -> None:
    assert cells(heatmap_figure([[2.0, 2.0], [2.0, 2.0]], x_range=(0, 1), y_range=(0, 1), description="Flat."))

from __future__ import annotations

from types import SimpleNamespace

import pytest

from generator.figure import Curve, Label, Rectangle, grid_figure, patch_figure

INPUT = [["1", "2", "-1", "1"], ["1", "0", "1", "0"], ["0", "1", "0", "2"], ["2", "1", "0", "-1"]]
KERNEL = [["1", "0"], ["2", "1"]]
OUTPUT = [["1", "3", "2"], ["0", "2", "4"], ["0", "1", "-1"]]


def test_entries_stand_in_rows_and_columns(look: SimpleNamespace) -> None:
    figure = grid_figure(INPUT, description="The input.")
    labels = [e for e in figure.elements if isinstance(e, Label)]
    assert [label.tex for label in labels] == [entry for row in INPUT for entry in row]
    assert len({round(label.x, 6) for label in labels}) == len({round(label.y, 6) for label in labels}) == 4
    assert labels[0].y > labels[-1].y
    look.assert_inside(figure)


def test_padding_is_shaded_and_filled_with_zeros() -> None:
    figure = grid_figure(KERNEL, padding=1, description="The kernel.")
    assert sum(isinstance(e, Label) and e.tex == "0" for e in figure.elements) == 12 + 1
    assert sum(isinstance(e, Rectangle) and e.fill is not None for e in figure.elements) == 12


def test_a_patch_is_outlined_along_its_border_only() -> None:
    block = grid_figure(INPUT, highlight=[(0, 0), (0, 1), (1, 0), (1, 1)], description="A patch.")
    apart = grid_figure(INPUT, highlight=[(0, 0), (0, 2), (2, 0), (2, 2)], description="A patch with holes.")
    assert sum(isinstance(e, Curve) for e in block.elements) == 8
    assert sum(isinstance(e, Curve) for e in apart.elements) == 16


def test_cells_widen_for_wide_entries(look: SimpleNamespace) -> None:
    figure = grid_figure([[r"-\frac{13}{4}", "0"], ["0", r"\frac{\ln 3}{2}"]], description="Fractions.")
    cell = figure.width / 2
    for label in figure.elements:
        if isinstance(label, Label):
            assert label.bounds().right - label.bounds().left < cell
    assert grid_figure(KERNEL, description="Integers.").width < figure.width
    look.assert_clear(figure, lines=False)


def test_the_step_of_a_convolution(look: SimpleNamespace) -> None:
    figure = patch_figure(
        INPUT, KERNEL, OUTPUT, padding=1, patch=[(0, 2), (0, 3), (1, 2), (1, 3)], output_cell=(0, 1),
        captions=["X", "K", "Y"], description="One step.",
    )  # fmt: skip
    look.assert_inside(figure)
    written = [e.tex for e in figure.elements if isinstance(e, Label)]
    assert written.count(r"\star") == written.count("=") == written.count("K") == 1
    assert len(written) == 36 + 4 + 9 + 2 + 3
    for said in (
        "Input of 4 × 4 cells: row 1: 1, 2, −1, 1;",
        "padded on every side by 1 cell holding 0",
        "Marked (counted with the padding): row 1, column 3; row 1, column 4; row 2, column 3; row 2, column 4.",
        "Kernel of 2 × 2 cells: row 1: 1, 0; row 2: 2, 1.",
        "Output of 3 × 3 cells: row 1: 1, 3, 2; row 2: 0, 2, 4; row 3: 0, 1, −1. Marked: row 1, column 2.",
    ):
        assert said in figure.description


def test_empty_cells_are_left_to_the_student() -> None:
    figure = grid_figure([["", ""], ["", ""]], name="Y", description="The answer.")
    assert [e.tex for e in figure.elements if isinstance(e, Label)] == ["Y ="]
    assert "row 1: empty, empty" in figure.description


def test_faulty_grids_are_refused() -> None:
    with pytest.raises(ValueError, match="one and the same length"):
        grid_figure([["1"], ["1", "2"]], description="x")
    with pytest.raises(ValueError, match="one and the same length"):
        grid_figure([], description="x")
    with pytest.raises(ValueError, match="outside the grid of 2 rows and 2 columns"):
        grid_figure(KERNEL, highlight=[(2, 0)], description="x")

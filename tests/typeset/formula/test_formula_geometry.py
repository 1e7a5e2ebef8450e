"""Sizes and places follow the font's MATH table and the rules of TeX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.typeset.formula import Formula, set_formula
from generator.typeset.formula.paint import Run, Stroke

SIZE = 10.0


def strokes(formula: Formula) -> list[Stroke]:
    return [mark for mark in formula._marks if isinstance(mark, Stroke)]


def runs(formula: Formula) -> list[Run]:
    return [mark for mark in formula._marks if isinstance(mark, Run)]


def test_a_fraction_bar_lies_on_the_axis(constants: dict[str, float]) -> None:
    (bar,) = strokes(set_formula(r"\frac{a + b}{2}", SIZE, True))
    assert bar.rule.height == pytest.approx(constants["FractionRuleThickness"] * SIZE)
    assert bar.y + bar.rule.height / 2 == pytest.approx(constants["AxisHeight"] * SIZE)


def test_numerator_and_denominator_are_shifted_and_centred(constants: dict[str, float]) -> None:
    formula = set_formula(r"\frac{1}{22}", SIZE, True)
    over, under = runs(formula)
    (bar,) = strokes(formula)
    assert over.y == pytest.approx(constants["FractionNumeratorDisplayStyleShiftUp"] * SIZE)
    assert under.y == pytest.approx(-constants["FractionDenominatorDisplayStyleShiftDown"] * SIZE)
    middle = bar.x + bar.rule.width / 2
    assert over.chars[0][0] + over.chars[0][1].advance / 2 == pytest.approx(middle)


@pytest.mark.parametrize(
    "tex", [r"\frac{-6}{\frac{3}{2}}", r"\frac{1}{1 + \frac{1}{1 + \frac{3}{2}}}", r"x^{\frac{3}{2}}"]
)
def test_numbers_in_fractions_are_never_smaller_than_indices(tex: str) -> None:
    index = runs(set_formula("x_1", SIZE))[1].size
    assert min(run.size for run in runs(set_formula(tex, SIZE, True))) == index


def test_scripts_are_shifted_by_the_constants(constants: dict[str, float]) -> None:
    _, up = runs(set_formula("x^1", SIZE))
    _, down = runs(set_formula("x_1", SIZE))
    assert up.y == pytest.approx(constants["SuperscriptShiftUp"] * SIZE)
    assert down.y == pytest.approx(-constants["SubscriptShiftDown"] * SIZE)
    assert up.size == down.size == pytest.approx(0.7 * SIZE)


def test_a_root_is_covered_by_its_rule(constants: dict[str, float]) -> None:
    formula = set_formula(r"\sqrt{\frac{a}{b}}", SIZE, True)
    top = max(strokes(formula), key=lambda stroke: stroke.y)
    sign = next(run for run in runs(formula) if len(run.chars) == 1 and run.chars[0][0] == 0)
    assert top.rule.height == pytest.approx(constants["RadicalRuleThickness"] * SIZE)
    assert top.x == pytest.approx(sign.chars[0][1].advance)
    fraction = set_formula(r"\frac{a}{b}", SIZE, True)
    assert top.y > fraction.height
    assert top.rule.width == pytest.approx(fraction.width)


def test_limits_are_above_and_below_in_displays_only() -> None:
    display, text = (set_formula(r"\sum_{i=1}^n", SIZE, style) for style in (True, False))
    assert display.height > text.height
    assert display.width < text.width
    assert set_formula(r"\sum\nolimits_i", SIZE, True).width > set_formula(r"\sum_i", SIZE, True).width


def test_limits_are_centred() -> None:
    upper, operator, lower = runs(set_formula(r"\prod_{1}^{1}", SIZE, True))
    middles = [run.chars[0][0] + run.chars[0][1].advance / 2 for run in (upper, operator, lower)]
    assert middles == pytest.approx([middles[0]] * 3)
    assert upper.y > operator.y > lower.y


@given(rows=st.integers(1, 30), fence=st.sampled_from(["()", "[]", "||", "{}"]))
def test_delimiters_cover_their_content(rows: int, fence: str) -> None:
    content = r"\begin{matrix}" + r"\\".join("1" * rows) + r"\end{matrix}"
    left, right = ("\\{", "\\}") if fence == "{}" else tuple(fence)
    inner, whole = set_formula(content, SIZE), set_formula(rf"\left{left}{content}\right{right}", SIZE)
    needed = inner.height + inner.depth
    assert whole.height + whole.depth >= min(0.9 * needed, needed - 0.5 * SIZE)
    assert whole.height + whole.depth <= 1.25 * needed + SIZE


@given(rows=st.integers(1, 20))
def test_delimiters_are_centred_on_the_axis(rows: int) -> None:
    formula = set_formula(r"\begin{pmatrix}" + r"\\".join("1" * rows) + r"\end{pmatrix}", SIZE)
    axis = 0.258 * SIZE
    assert formula.height - axis == pytest.approx(formula.depth + axis, abs=0.2)


def test_big_delimiters_grow() -> None:
    heights = [set_formula(rf"\{name}(", SIZE).height for name in ("big", "Big", "bigg", "Bigg")]
    assert heights == sorted(set(heights))
    assert set_formula("(", SIZE).height < heights[0]


def test_an_accent_raises_the_top_but_not_the_scripts() -> None:
    assert set_formula(r"\hat{x}", SIZE).height > set_formula("x", SIZE).height
    assert set_formula(r"\hat{x}", SIZE).width == set_formula("x", SIZE).width
    plain = [run.y for run in runs(set_formula("x^2", SIZE))]
    hatted = [run.y for run in runs(set_formula(r"\hat{x}^2", SIZE))]
    assert plain[-1] == hatted[-1]


@pytest.mark.parametrize("command", ["hat", "tilde", "bar", "dot"])
def test_an_accent_sits_over_its_letter(command: str) -> None:
    letter, mark = (glyph for run in runs(set_formula(rf"\{command}{{o}}", SIZE)) for glyph in run.chars)
    assert abs(mark[0] - letter[0]) < 0.6 * SIZE


def test_columns_of_a_matrix_are_centred() -> None:
    formula = set_formula(r"\begin{matrix} 1 & 222 \\ 333 & 4 \end{matrix}", SIZE)
    first, second = runs(formula)
    digit = first.chars[0][1].advance
    assert first.chars[0][0] == pytest.approx(digit)  # 1 above the middle of 333
    assert second.chars[3][0] == pytest.approx(first.chars[2][0])  # 4 below the middle of 222


def test_cells_of_a_grid_are_equal_and_enclosed() -> None:
    formula = set_formula(r"\begin{array}{|c|c|} \hline 1 & -12 \\ \hline 0 & 2 \\ \hline \end{array}", SIZE)
    upright = sorted(stroke.x for stroke in strokes(formula) if stroke.rule.height > stroke.rule.width)
    level = sorted(stroke.y for stroke in strokes(formula) if stroke.rule.height < stroke.rule.width)
    assert len(upright) == len(level) == 3
    assert upright[1] - upright[0] == pytest.approx(upright[2] - upright[1])
    assert level[1] - level[0] == pytest.approx(level[2] - level[1])
    assert level[1] - level[0] >= 1.5 * SIZE


def test_extra_space_between_rows_is_kept() -> None:
    close, open_ = (
        set_formula(rf"\begin{{aligned}} a &= b \\{extra} c &= d \end{{aligned}}", SIZE) for extra in ("", "[5pt]")
    )
    assert open_.height + open_.depth - close.height - close.depth == pytest.approx(5)


def test_relations_of_aligned_rows_stand_below_each_other() -> None:
    formula = set_formula(r"\begin{aligned} 1 &= 2 \\ 111 &= 2 \end{aligned}", SIZE)
    first, second = runs(formula)
    assert first.chars[1][0] == pytest.approx(second.chars[3][0])


def test_colours_are_kept_apart() -> None:
    colours = {mark.colour for mark in set_formula(r"a \textcolor{red}{b} \color{gray} c", SIZE)._marks}
    assert colours == {None, "#c00000", "#808080"}


def test_a_phantom_takes_room_without_ink() -> None:
    assert set_formula(r"\phantom{xyz}", SIZE).width == set_formula("xyz", SIZE).width
    assert set_formula(r"\phantom{xyz}", SIZE)._marks == ()

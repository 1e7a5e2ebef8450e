"""Formulas are taken apart by rows, and broken at relations and operators where they are too wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.typeset.formula import Formula, FormulaError, set_formula
from generator.typeset.formula.paint import Run
from generator.typeset.formula.spacing import Kind

ALIGNED = r"\begin{aligned} f &= a + b \\ &= \frac{c}{d} \\[3pt] &= \sum_{i=1}^n x_i \end{aligned}"


def left(formula: Formula) -> float:
    return min(mark.chars[0][0] for mark in formula._marks if isinstance(mark, Run))


def test_an_aligned_display_has_rows_of_one_width() -> None:
    formula = set_formula(ALIGNED, 10.0, True)
    assert len(formula.rows) == 3
    assert {row.width for row in formula.rows} == {formula.width}
    total = sum(row.height + row.depth for row in formula.rows)
    assert total == pytest.approx(formula.height + formula.depth)


@pytest.mark.parametrize("name", ["aligned", "align*", "align", "gather*", "gathered", "split"])
def test_displays_of_several_lines_have_rows(name: str) -> None:
    assert len(set_formula(rf"\begin{{{name}}} a = b \\ c = d \end{{{name}}}", 10.0, True).rows) == 2


def test_rows_have_room_between_lines() -> None:
    formula = set_formula(r"\begin{aligned} a &= b \\ &= c \\ &= d \end{aligned}", 10.0, True)
    assert all(row.height + row.depth >= 12 for row in formula.rows)


@pytest.mark.parametrize("tex", ["x = 1", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"x = " + ALIGNED])
def test_other_formulas_are_their_only_row(tex: str) -> None:
    formula = set_formula(tex, 10.0, True)
    assert formula.rows == (formula,)


def test_a_formula_that_fits_is_not_split() -> None:
    formula = set_formula("a = b", 10.0)
    assert formula.split(200) == (formula,)


def test_relations_start_the_next_lines() -> None:
    formula = set_formula("y = a + a + a + a = b + b + b + b = c + c + c + c", 10.0, True)
    lines = formula.split(0.45 * formula.width)
    assert len(lines) == 3
    assert [line._parts[0].kind for line in lines[1:]] == [Kind.REL, Kind.REL]
    relation = formula._parts[1].x
    assert [line._parts[0].x for line in lines[1:]] == pytest.approx([relation, relation])
    assert len({line.width for line in lines}) == 1


def test_operators_start_to_the_right_of_the_relation() -> None:
    formula = set_formula("y = a + a + a + a + a + a", 10.0)
    _, second = formula.split(0.8 * formula.width)
    assert second._parts[0].kind is Kind.BIN
    assert second._parts[0].x == pytest.approx(formula._parts[2].x)


def test_without_a_relation_it_breaks_before_operators() -> None:
    formula = set_formula("a + a + a + a + a - b - b - b - b - b", 10.0)
    lines = formula.split(0.6 * formula.width)
    assert [line._parts[0].kind for line in lines[1:]] == [Kind.BIN]


def test_lists_break_after_commas() -> None:
    formula = set_formula(", ".join([r"\frac{aaaaaaa}{b}"] * 4), 10.0, True)
    assert len(formula.split(0.7 * formula.width)) == 2


def test_parentheses_are_broken_last() -> None:
    formula = set_formula("y = (a + a + a) + (b + b + b)", 10.0)
    _, second = formula.split(0.75 * formula.width)
    assert second._parts[0].kind is Kind.BIN
    assert second._parts[1].kind is Kind.OPEN


def test_a_wide_row_is_split_and_the_others_stay_aligned() -> None:
    tex = r"\begin{aligned} y &= a + a + a + a + a + a + a + a \\ &= b \end{aligned}"
    formula = set_formula(tex, 10.0, True)
    lines = formula.split(0.7 * formula.width)
    assert len(lines) == 3
    assert lines[0]._parts[2].x == pytest.approx(lines[2]._parts[1].x)
    row = formula.rows[1].split(0.7 * formula.width)
    assert [line.width for line in row] == [0.7 * formula.width]


def test_what_cannot_be_broken_is_an_error_that_names_the_formula() -> None:
    formula = set_formula(r"\left(a + b + c + d + e + f\right)", 10.0)
    with pytest.raises(FormulaError, match="too wide") as caught:
        formula.split(20)
    assert r"\left(a + b" in str(caught.value)


@given(terms=st.lists(st.sampled_from(["x", "+ 1", "= y", r"\cdot z", ", w", "(a + b)"]), min_size=1, max_size=40))
def test_every_line_fits_and_nothing_is_lost(terms: list[str]) -> None:
    formula = set_formula(" ".join(["a", *terms]), 10.0)
    lines = formula.split(90)
    assert all(line.width <= 90.01 for line in lines)
    assert sum(len(line._parts) for line in lines) == len(formula._parts)


def test_pieces_of_an_inline_formula_begin_with_relations_and_end_after_operators() -> None:
    formula = set_formula("y = a + -b \\cdot (c - d)", 10.0)
    pieces = formula.pieces
    assert [piece.formula._parts[0].kind for piece in pieces[:2]] == [Kind.ORD, Kind.REL]
    assert [piece.formula._parts[-1].kind for piece in pieces[1:-1]] == [Kind.BIN] * 3
    assert [piece.penalty for piece in pieces] == [500, 700, 700, 1400, 0]
    assert sum(piece.formula.width + piece.gap for piece in pieces) == pytest.approx(formula.width)
    assert all(left(piece.formula) == pytest.approx(0) for piece in pieces)


def test_two_formulas_side_by_side_are_parted_between_them() -> None:
    formula = set_formula(r"x_1 = 3, \quad x_2 = 5, z", 10.0)
    pieces = formula.pieces
    cheapest = min(pieces[:-1], key=lambda piece: piece.penalty)
    assert cheapest.formula._parts[-1].kind is Kind.PUNCT
    assert cheapest.gap == pytest.approx(10 + 10 / 6, abs=0.1)  # the quad, and what follows every comma
    assert [piece.penalty for piece in pieces] == [500, 50, 500, 0]
    assert sum(piece.formula.width + piece.gap for piece in pieces) == pytest.approx(formula.width)
    assert all(left(piece.formula) == pytest.approx(0, abs=0.01) for piece in pieces)


@pytest.mark.parametrize("tex", [r"x,\quad", r"x,\quad = 3", r",\quad x", r"(a,\quad b)"])
def test_spaces_after_commas_lose_nothing(tex: str) -> None:
    formula = set_formula(tex, 10.0)
    assert sum(piece.formula.width + piece.gap for piece in formula.pieces) == pytest.approx(formula.width)


def test_a_formula_without_operators_is_its_only_piece() -> None:
    formula = set_formula("f(x)", 10.0)
    assert [piece.formula for piece in formula.pieces] == [formula]

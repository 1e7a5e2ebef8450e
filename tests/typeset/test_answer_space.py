"""Room to answer in: what stands before it, how wide and how high it is, and what of it may give way."""

from __future__ import annotations

from itertools import pairwise

import pytest

from generator.document.tree import AnswerSpace, BlankBox, Boxes, GridSpace, Inlines, Lines, Math, Text
from generator.typeset.answers import answer_flow
from generator.typeset.boxes import Column, Rule, Strip
from generator.typeset.formula import Formula

COLUMN = Column(20.0, 430.0)
FRACTION = 28.0  # points that a fraction written by hand needs


def strips(space: AnswerSpace) -> tuple[Strip, ...]:
    return answer_flow(space, COLUMN).strips


def names(*tex: str) -> tuple[Inlines, ...]:
    return tuple((Math(f"{name} ="),) for name in tex)


def rows(space: Boxes) -> list[list[str]]:
    return [[p.ink.tex.rstrip(" =") for p in s.placed if isinstance(p.ink, Formula)] for s in strips(space)]


@pytest.mark.parametrize("space", [Lines(9), BlankBox(9 * 23.0)])
def test_a_quarter_of_the_room_may_give_way_but_not_its_ends(space: AnswerSpace) -> None:
    spare = [strip.spare for strip in strips(space)]
    assert (len(spare), sum(spare)) == (9, 2)
    assert not any([*spare[:3], *spare[-3:]])


def test_few_lines_stay_as_they_are() -> None:
    assert not any(strip.spare for strip in strips(Lines(3)))


def test_an_empty_frame_is_as_high_as_it_was_asked_for_and_closed() -> None:
    pieces = strips(BlankBox(180.0))
    assert sum(piece.height for piece in pieces) == pytest.approx(180.0)
    level = [(place, p.y) for place, piece in enumerate(pieces) for p in piece.placed if isinstance(p.ink, Rule)]
    assert [place for place, _ in level] == [0, len(pieces) - 1]
    assert level[1][1] == pytest.approx(-pieces[-1].height)
    assert {tuple((bar.x, bar.width) for bar in piece.bars) for piece in pieces} == {((20.0, 0.5), (449.5, 0.5))}


def test_boxes_whose_names_go_together_stand_in_one_row() -> None:
    assert rows(Boxes(names("r_1", "r_2", "r_3", "s_1", "s_2", "s_3", "y"))) == [
        ["r_1", "r_2", "r_3"],
        ["s_1", "s_2", "s_3"],
        ["y"],
    ]
    assert rows(Boxes(names("c_1", "m_1", "c_2", "m_2", "c_3", "m_3"))) == [
        ["c_1", "m_1"],
        ["c_2", "m_2"],
        ["c_3", "m_3"],
    ]
    assert rows(Boxes(names("u_1", "u_2", "h_1", "h_2", "o_1"))) == [["u_1", "u_2"], ["h_1", "h_2"], ["o_1"]]


def test_no_more_than_three_boxes_stand_side_by_side() -> None:
    assert [len(row) for row in rows(Boxes(names(*(f"f_{n}" for n in range(1, 8)))))] == [3, 3, 1]


def test_boxes_share_the_width_and_hold_a_fraction() -> None:
    (strip,) = strips(Boxes(names("a_1", "a_2", "a_3")))
    frames = sorted({p.x for p in strip.placed if isinstance(p.ink, Rule) and p.ink.width > 50})
    (width,) = {p.ink.width for p in strip.placed if isinstance(p.ink, Rule) and p.ink.width > 50}
    assert len(frames) == 3
    assert frames[-1] + width == pytest.approx(COLUMN.right)
    assert all(right - left > width + 20 for left, right in pairwise(frames))
    assert strip.height >= FRACTION


def test_a_box_behind_a_long_name_keeps_within_the_column() -> None:
    (strip,) = strips(Boxes(((Text("the name of a value that takes many words to be told apart from others"),),)))
    assert max(p.x + p.ink.width for p in strip.placed) <= COLUMN.right + 0.01


@pytest.mark.parametrize(("large", "across", "down"), [(False, 30.0, 20.0), (True, 60.0, FRACTION)])
def test_a_grid_stands_behind_its_name(large: bool, across: float, down: float) -> None:
    (strip,) = strips(GridSpace(2, 3, (Math("Y ="),), large=large))
    (label,) = [p for p in strip.placed if isinstance(p.ink, Formula)]
    uprights = sorted(p.x for p in strip.placed if isinstance(p.ink, Rule) and p.ink.height > 1)
    assert label.x == COLUMN.x
    assert uprights[0] > label.x + label.ink.width
    assert all(right - left >= across for left, right in pairwise(uprights))
    assert strip.height >= 2 * down
    assert label.y == pytest.approx(-strip.height / 2, abs=4.0)


def test_many_large_cells_still_fit() -> None:
    (strip,) = strips(GridSpace(9, 9, (Math("J ="),), large=True))
    assert max(p.x + p.ink.width for p in strip.placed) <= COLUMN.right + 1.0

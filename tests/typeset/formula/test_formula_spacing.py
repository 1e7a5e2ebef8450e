"""The spaces between atoms are those of TeX's table."""

from __future__ import annotations

from itertools import pairwise

import pytest

from generator.typeset.formula.commands import COMMANDS
from generator.typeset.formula.parser import Parser
from generator.typeset.formula.style import style_of

SIZE = 18.0  # one mu is a point

# The TeXbook, page 170, without binary operators, which need operands; in mu; negative: not between scripts.
ATOMS = {
    "Ord": "1",
    "Op": r"\mathop{1}",
    "Rel": "=",
    "Open": "(",
    "Close": ")",
    "Punct": ",",
    "Inner": r"\left[1\right]",
}
TABLE = {
    "Ord": (0, 3, -5, 0, 0, 0, -3),
    "Op": (3, 3, -5, 0, 0, 0, -3),
    "Rel": (-5, -5, 0, -5, 0, 0, -5),
    "Open": (0, 0, 0, 0, 0, 0, 0),
    "Close": (0, 3, -5, 0, 0, 0, -3),
    "Punct": (-3, -3, -3, -3, -3, -3, -3),
    "Inner": (-3, 3, -5, -3, 0, -3, -3),
}


def gaps(tex: str, level: int = 1) -> list[float]:
    """The distances between neighbours, in mu of the style."""
    style = style_of(SIZE, level)
    parts = Parser(tex, COMMANDS).formula().lay(style)
    mu = style.size / 18
    return [round((right.x - left.x - left.box.width) / mu, 6) for left, right in pairwise(parts)]


PAIRS = [(left, right, TABLE[left][place]) for left in TABLE for place, right in enumerate(ATOMS)]


@pytest.mark.parametrize(("left", "right", "space"), PAIRS)
def test_pairs_in_text_style(left: str, right: str, space: int) -> None:
    assert gaps(ATOMS[left] + ATOMS[right]) == [abs(space)]


@pytest.mark.parametrize(("left", "right", "space"), PAIRS)
def test_pairs_in_script_style(left: str, right: str, space: int) -> None:
    assert gaps(ATOMS[left] + ATOMS[right], level=2) == [max(space, 0)]


@pytest.mark.parametrize("tex", ["1+1", ")+(", r"1-\mathop{1}", r"1\cdot\left[1\right]", r"1\times 1"])
def test_binary_operators_have_medium_spaces(tex: str) -> None:
    assert gaps(tex) == [4, 4]
    assert gaps(tex, level=2) == [0, 0]


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("-1", [0]),
        ("(-1)", [0, 0, 0]),
        ("=-1", [5, 0]),
        (",-1", [3, 0]),
        ("1--1", [4, 4, 0]),
        (r"1\cdot-1", [4, 4, 0]),
        ("1+=1", [0, 5, 5]),
        ("1+", [0]),
        (r"\mathop{1}-1", [3, 0]),
    ],
)
def test_a_sign_without_operand_is_ordinary(tex: str, expected: list[float]) -> None:
    assert gaps(tex) == expected


def test_a_minus_that_starts_a_cell_after_a_relation_is_a_sign() -> None:
    assert gaps(r"1:=-1") == [5, 5, 0]


@pytest.mark.parametrize("tex", [":=", r"\coloneqq"])
def test_definition_is_one_relation(tex: str) -> None:
    assert gaps(f"1{tex}1") == [5, 5]


def test_comma_in_braces_takes_no_space() -> None:
    assert gaps("1{,}000") == [0, 0, 0, 0]
    assert gaps("0.18") == [0, 0, 0]


def test_functions_are_operators() -> None:
    assert gaps(r"2\log 2") == [3, 3]
    assert gaps(r"\exp(") == [0]
    assert gaps(r"1+\exp(", level=2) == [0, 0, 0]


def test_explicit_spaces_add_to_the_spaces_of_atoms() -> None:
    parts = Parser(r"1\,1\quad=", COMMANDS).formula().lay(style_of(SIZE, 1))
    digit = parts[0].box.width
    assert parts[2].x == pytest.approx(digit + 3)
    assert parts[4].x == pytest.approx(2 * digit + 3 + 18 + 5)


def test_dots_are_centred_between_operators() -> None:
    formula = Parser(r"1,\dots,1+\dots+1", COMMANDS).formula()
    chars = [getattr(node, "char", "") for node in formula.nodes]
    assert "…" in chars
    assert "⋯" in chars
    assert chars.index("…") < chars.index("⋯")

"""Chains of equalities in Markdown with TeX: every link between two numbers recomputed from what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from generator.replay.arithmetic import NotNumericError, Result, Scalar, evaluate

_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_LAYOUT = re.compile(r"\\(?:begin|end)\{(?:aligned|gathered|cases)\}|\\(?:text|quad|qquad)(?:\{[^{}]*\})?")
_RELATION = re.compile(r"(=|\\approx|\\Rightarrow|\\implies|\\iff|\\to|\\le(?:q)?\b|\\ge(?:q)?\b|\\ne(?:q)?\b|<|>|:)")
_CONTINUED = re.compile(r"\\\\\s*&?\s*\\q?quad\s*([+-])")
_NESTED = re.compile(r"\\begin\{(pmatrix|bmatrix|array)\}.*?\\end\{\1\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Miss:
    """Two neighbouring pieces of a chain that are not equal, as printed."""

    left: str
    relation: str
    right: str

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


@dataclass(frozen=True, slots=True)
class Replay:
    """How many links between numbers were recomputed, and which do not hold."""

    links: int
    misses: tuple[Miss, ...]


def replay(markdown: str) -> Replay:
    r"""Recompute every ``=`` and ``\approx`` between two numeric pieces of the formulas of a text.

    ``=`` must hold exactly (to 1e-9 where a root or transcendental function is involved); after ``\approx`` the
    right piece must be the left one rounded to the decimals that it prints.
    """
    links = 0
    misses = []
    for formula in _formulas(markdown):
        for left, relation, right in _links(formula):
            try:
                one, other = evaluate(left), evaluate(right)
            except NotNumericError:
                continue
            links += 1
            if not _holds(one, relation, other, right):
                misses.append(Miss(left.strip(), relation, right.strip()))
    return Replay(links, tuple(misses))


def _formulas(markdown: str) -> Iterator[str]:
    for display, inline in _FORMULA.findall(markdown):
        yield display or inline


def _links(formula: str) -> Iterator[tuple[str, str, str]]:
    """Neighbouring pieces with the relation between them; a row that starts with a relation goes on with the chain."""
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return f"\x00{len(hidden) - 1}\x00"

    def shown(piece: str) -> str:
        return re.sub("\x00(\\d+)\x00", lambda match: hidden[int(match[1])], piece)

    last = ""
    # A row that goes on with a sum belongs to the row before it.
    whole = _CONTINUED.sub(r" \1", _NESTED.sub(hide, formula))
    for row in _LAYOUT.sub(" ", whole).split(r"\\"):
        for statement in re.split(r",\s*(?=\\q?quad|\s{2,}|\\;)", row.replace("&", " ")):
            pieces = [piece.strip().rstrip(",.;") for piece in _RELATION.split(statement)]
            pieces[0] = pieces[0] or last
            for left, relation, right in zip(pieces[::2], pieces[1::2], pieces[2::2], strict=False):
                if relation in ("=", r"\approx"):
                    yield shown(left), relation, shown(right)
            last = pieces[-1]


def _holds(one: Result, relation: str, other: Result, printed: str) -> bool:
    if isinstance(one, tuple) or isinstance(other, tuple):
        if not (isinstance(one, tuple) and isinstance(other, tuple)):
            return False
        same_shape = [len(row) for row in one] == [len(row) for row in other]
        return same_shape and all(
            _near(a, relation, b, printed)
            for row, other_row in zip(one, other, strict=False)
            for a, b in zip(row, other_row, strict=False)
        )
    return _near(one, relation, other, printed)


def _near(exact: Scalar, relation: str, claimed: Scalar, printed: str) -> bool:
    if isinstance(exact, Fraction) and isinstance(claimed, Fraction):
        slack, difference = Fraction(0), abs(exact - claimed)
    else:
        slack = Fraction(1, 10**9) * max(Fraction(1), abs(Fraction(claimed)))
        difference = abs(Fraction(exact) - Fraction(claimed))
    if relation == "=":
        return difference <= slack
    decimals = max((len(found) for found in re.findall(r"\.(\d+)", printed)), default=0)
    return difference <= Fraction(1, 2 * 10**decimals) + slack

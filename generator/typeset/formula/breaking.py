"""Where a formula that is too wide is broken: before relations, then before operators, then after commas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from generator.typeset.formula.row import Part
from generator.typeset.formula.spacing import Kind

_LINE = 100.0  # the price of every further line
_SLACK = 30.0  # the price of a line that is empty
_INNER = 60.0  # the further price of a break within each pair of parentheses
_PRICES = {Kind.REL: 0.0, Kind.BIN: 12.0}
_COMMA = 25.0
_PENALTIES = {Kind.REL: 500.0, Kind.BIN: 700.0}  # \relpenalty and \binoppenalty, doubled within parentheses
_NEVER_LAST = (None, Kind.REL)  # no piece by themselves
_QUAD_PENALTY = 50.0  # between two formulas that stand side by side
_INDENT_SHARE = 0.4  # lines align at the first relation if that leaves them this share of the width

Line = tuple[Part, ...]


class Indents(NamedTuple):
    """Where continuation lines start: those that begin with a relation, and all others."""

    relation: float
    other: float


def broken(parts: Sequence[Part], width: float, indent: float) -> list[Line] | None:
    """Parts on lines no wider than ``width``, each at its place; None if that cannot be done.

    Relations start below the first relation and operators to the right of it, or both are indented. Of all
    ways to break, the one with the least price is taken, as TeX does for paragraphs.
    """
    aligned = _alignment(parts)
    if aligned and aligned.other <= _INDENT_SHARE * width:
        lines = _cheapest(parts, width, aligned)
        if lines:
            return lines
    return _cheapest(parts, width, Indents(indent, indent))


def _alignment(parts: Sequence[Part]) -> Indents | None:
    """The place of the first relation that has something before it, and of what follows it."""
    for place, part in enumerate(parts[:-1]):
        if place and part.kind is Kind.REL:
            return Indents(part.x, parts[place + 1].x)
    return None


def _breaks(parts: Sequence[Part]) -> Iterator[tuple[int, float]]:
    """Places before which a line may start, with their prices."""
    level = 0
    for place, part in enumerate(parts):
        if part.kind is Kind.CLOSE:
            level = max(0, level - 1)
        inner = _INNER * level
        before = parts[place - 1] if place else None
        if before and part.kind in _PRICES:
            yield place, _PRICES[part.kind] + inner
        elif before and before.kind is Kind.PUNCT and part.kind is not None:
            yield place, _COMMA + inner
        if part.kind is Kind.OPEN:
            level += 1


def pieces(parts: Sequence[Part], quad: float) -> Iterator[tuple[Line, float]]:
    """The parts cut where a line of text may end, each piece with the penalty for ending a line behind it.

    That is before relations and after operators: TeX cuts after relations, but a line that ends in a lone equals sign
    is hard to read. Where a `quad` of space follows a comma, one formula ends and another begins.
    """
    start, level = 0, 0
    for place, (before, part) in enumerate(pairwise(parts), 1):
        level += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(before.kind, 0) if before.kind is not None else 0
        penalty = _penalty(before, part, quad)
        if penalty is None or place == start or (part.kind in _NEVER_LAST and place == len(parts) - 1):
            continue
        yield tuple(parts[start:place]), penalty * (2 if level > 0 else 1)
        start = place if part.kind is not None else place + 1
    yield tuple(parts[start:]), 0.0


def _penalty(before: Part, part: Part, quad: float) -> float | None:
    """What it costs to end a line between two parts, None where no line may end."""
    if part.kind is before.kind:
        return None
    if before.kind is Kind.PUNCT and part.kind is None and part.box.width >= quad:
        return _QUAD_PENALTY
    if part.kind is Kind.REL:
        return _PENALTIES[Kind.REL]
    return _PENALTIES[Kind.BIN] if before.kind is Kind.BIN else None


def _cheapest(parts: Sequence[Part], width: float, indents: Indents) -> list[Line] | None:
    places = [(0, 0.0), *_breaks(parts), (len(parts), 0.0)]
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for end in range(1, len(places)):
        for start in range(end):
            if start not in best:
                continue
            line = _placed(parts[places[start][0] : places[end][0]], indents if start else None)
            right = line[-1].x + line[-1].box.width
            if right > width + 0.01:
                continue
            price = best[start][0] + places[end][1] + _LINE
            if end < len(places) - 1:
                price += _SLACK * (1 - right / width) ** 2
            if end not in best or price < best[end][0]:
                best[end] = price, [*best[start][1], start]
    if len(places) - 1 not in best:
        return None
    starts = best[len(places) - 1][1]
    ends = [*starts[1:], len(places) - 1]
    return [
        _placed(parts[places[a][0] : places[b][0]], indents if a else None) for a, b in zip(starts, ends, strict=True)
    ]


def _placed(parts: Sequence[Part], indents: Indents | None) -> Line:
    """The parts of a line; a continuation is moved to its indent, and loses the space at its start and end."""
    line = list(parts)
    while line and line[-1].kind is None and len(line) > 1:
        line.pop()
    if indents is None:
        return tuple(line)
    while len(line) > 1 and line[0].kind is None:
        line.pop(0)
    indent = indents.relation if line[0].kind is Kind.REL else indents.other
    return tuple(part._replace(x=part.x - line[0].x + indent) for part in line)

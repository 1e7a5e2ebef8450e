r"""What stands between ``\begin`` and ``\end``: matrices, cases, arrays, aligned and gathered equations."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.typeset.formula.array import Array, Format
from generator.typeset.formula.lexer import Token
from generator.typeset.formula.parser import Parser
from generator.typeset.formula.row import Empty, Node, Row

_FENCES = {
    "matrix": None,
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
_CASES = {"cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}")}
_ALIGNED = frozenset({"aligned", "align", "split", "alignat", "alignedat", "eqnarray", "flalign"})
_GATHERED = frozenset({"gathered", "gather", "multline", "equation"})
_COUNTED = frozenset({"alignat", "alignedat"})  # they take the number of pairs of columns, which is not needed
_JOT = 0.3
_RULED = 1.25  # stretch of rows with lines between them: TeX's own rows touch their lines
_PAIRS = 2.0  # between pairs of aligned columns, in em
_LENGTH = r"\[\s*(-?[\d.]+)\s*(pt|em|ex|mm|cm)\s*\]"
_EMS = {"pt": 0.1, "em": 1.0, "ex": 0.45, "mm": 0.2845, "cm": 2.845}  # a point counts as a tenth of an em

Rows = list[tuple[Row, ...]]


def begin(parser: Parser, token: Token) -> Node:
    r"""An environment, from its name to its ``\end``."""
    name, start = parser.raw(token)
    plain = name.rstrip("*")
    known = plain in _FENCES or plain in _CASES or plain in _ALIGNED | _GATHERED | {"array", "smallmatrix"}
    if not known:
        raise parser.error(Token(name, start, start), f"unknown environment {name}")
    parser.adjacent(r"\[[tbc]\]")  # where it stands on the line; a display is centred in any case
    spec = _spec(parser, token) if plain == "array" else None
    if plain in _COUNTED:
        parser.raw(token)
    rows, rules, extra = _rows(parser, token, name)
    count = max((len(row) for row in rows), default=1)
    if spec and count > len(spec[0]):
        raise parser.error(token, f"a row has {count} cells but the array has {len(spec[0])} columns")
    if plain in _ALIGNED:
        rows = [tuple(_led(cell) if place % 2 else cell for place, cell in enumerate(row)) for row in rows]
    form = _format(plain, count, spec)
    if any(rules):
        form = replace(form, stretch=_RULED)
    return Array(form, tuple(rows), rules, extra, plain in _ALIGNED | _GATHERED)


def _format(name: str, count: int, spec: tuple[str, tuple[float, ...], tuple[bool, ...]] | None) -> Format:
    none = (False,) * (count + 1)
    if spec:
        return Format(*spec)
    if name in _ALIGNED:
        columns = ("rl" * count)[:count]
        gaps = tuple(_PAIRS if place % 2 == 0 and 0 < place < count else 0.0 for place in range(count + 1))
        return Format(columns, gaps, none, level=0, jot=_JOT)
    if name in _GATHERED:
        return Format("c" * count, (0.0,) * (count + 1), none, level=0, jot=_JOT)
    between = (0.0, *(1.0,) * (count - 1), 0.0)
    if name in _CASES:
        level = 0 if name == "dcases" else 1
        return Format("l" * count, between, none, level=level, stretch=1.2, fences=_CASES[name])
    if name == "smallmatrix":
        gaps = (0.24, *(0.4,) * (count - 1), 0.24)
        return Format("c" * count, gaps, none, level=2, stretch=0.9)
    return Format("c" * count, between, none, fences=_FENCES[name])


def _led(cell: Row) -> Row:
    """A cell that starts with an empty atom, so that a relation at its start is spaced as after a letter."""
    return Row((Empty(), *cell.nodes))


def _spec(parser: Parser, token: Token) -> tuple[str, tuple[float, ...], tuple[bool, ...]]:
    """The columns, gaps and vertical lines that an array's specification asks for."""
    text, start = parser.raw(token)
    text = re.sub(r"\*\{(\d+)\}\{([^{}]*)\}", lambda match: match[2] * int(match[1]), text)
    columns, gaps, lines = "", [0.5], [False]
    for match in re.finditer(r"[lcr]|\||@\{\}|\s+|.", text, re.DOTALL):
        sign = match.group()
        if sign in "lcr":
            columns += sign
            gaps.append(1.0)
            lines.append(False)
        elif sign == "|":
            lines[-1] = True
        elif sign == "@{}":
            gaps[-1] = 0.0
        elif not sign.isspace():
            at = start + match.start()
            raise parser.error(Token(sign, at, at), f"{sign} in the columns of an array; known are l, c, r and |")
    if not columns:
        raise parser.error(Token(text, start, start), "an array without columns")
    gaps[-1] = min(gaps[-1], 0.5)
    return columns, tuple(gaps), tuple(lines)


def _rows(parser: Parser, token: Token, name: str) -> tuple[Rows, tuple[bool, ...], tuple[float, ...]]:
    r"""Cells up to ``\end``, where lines are, and the extra space after each row."""
    rows: Rows = []
    extra: list[float] = []
    rules = [_ruled(parser)]
    while not (ending := parser.take("\\end")):
        cells = [parser.row()]
        while parser.take("&"):
            cells.append(parser.row())
        rows.append(tuple(cells))
        length = None
        if parser.take("\\\\") or parser.take("\\cr"):
            length = parser.adjacent(_LENGTH)
        elif (following := parser.peek()) is None or following.text != "\\end":
            raise parser.error(following or token, f"\\begin{{{name}}} without its \\end{{{name}}}")
        match = re.match(_LENGTH, length) if length else None
        extra.append(float(match[1]) * _EMS[match[2]] if match else 0.0)
        rules.append(_ruled(parser))
    closing, start = parser.raw(ending)
    if closing != name:
        raise parser.error(Token(closing, start, start), f"\\begin{{{name}}} is ended by \\end{{{closing}}}")
    if not rows:
        rows, extra, rules = [(Row(()),)], [0.0], [False, False]
    return rows, tuple(rules), tuple(extra)


def _ruled(parser: Parser) -> bool:
    found = False
    while parser.take("\\hline"):
        found = True
    return found

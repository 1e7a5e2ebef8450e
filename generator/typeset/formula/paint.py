"""Boxes as text and rules on a canvas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase import pdfmetrics

from generator.typeset.fonts import register_fonts
from generator.typeset.formula.box import Box, Glyph, Rule


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one font, size and colour on one baseline, each with the place where it starts."""

    font: str
    size: float
    colour: str | None
    y: float
    chars: tuple[tuple[float, Glyph], ...]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A rule at its place."""

    x: float
    y: float
    rule: Rule
    colour: str | None


def flattened(box: Box, x: float = 0.0, y: float = 0.0) -> tuple[Run | Stroke, ...]:
    """What is to be painted, in order, with neighbouring characters in one run."""
    done: list[Run | Stroke] = []
    pending: list[tuple[float, Glyph]] = []
    state: tuple[str, float, str | None, float] | None = None
    for at, level, ink, colour in _inks(box, x, y, None):
        if isinstance(ink, Rule):
            done.append(Stroke(at, level, ink, colour))
            continue
        here = (ink.font, ink.size, colour, level)
        if here != state:
            if state:
                done.append(Run(*state, tuple(pending)))
            pending, state = [], here
        pending.append((at, ink))
    if state:
        done.append(Run(*state, tuple(pending)))
    return tuple(done)


def _inks(box: Box, x: float, y: float, colour: str | None) -> Iterator[tuple[float, float, Glyph | Rule, str | None]]:
    colour = box.colour or colour
    if box.ink:
        yield x, y, box.ink, colour
    for dx, dy, child in box.children:
        yield from _inks(child, x + dx, y + dy, colour)


def paint(canvas: Any, marks: tuple[Run | Stroke, ...], x: float, y: float) -> None:
    """Paint at (x, y) in the canvas's fill colour, leaving its state as it was.

    The operators are written directly: one text object with adjusted spacing per formula is a fifth of the
    bytes and time of one call per character.
    """
    if not marks:
        return
    register_fonts()
    code = [f"q 1 0 0 1 {_number(x)} {_number(y)} cm"]
    for colour in dict.fromkeys(mark.colour for mark in marks):
        if colour:
            code.append(_fill(colour))
        code += [_filled(mark) for mark in marks if isinstance(mark, Stroke) and mark.colour == colour]
        runs = [mark for mark in marks if isinstance(mark, Run) and mark.colour == colour]
        if runs:
            code.append("BT 0 Tc 0 Tw")
            code += [_shown(canvas, run) for run in runs]
            code.append("ET")
    code.append("Q")
    canvas.addLiteral("\n".join(code))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def _fill(colour: str) -> str:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return " ".join(_number(part) for part in parts) + " rg"


def _filled(stroke: Stroke) -> str:
    sizes = (stroke.x, stroke.y, stroke.rule.width, stroke.rule.height)
    return " ".join(_number(size) for size in sizes) + " re f"


def _shown(canvas: Any, run: Run) -> str:
    """The operators that show a run: one TJ for each of the subsets into which the font is split."""
    font = pdfmetrics.getFont(run.font)
    document = canvas._doc  # the subset of a font belongs to its document
    code = []
    start = 0
    for subset, codes in font.splitString("".join(glyph.char for _, glyph in run.chars), document):
        chars = run.chars[start : start + len(codes)]
        start += len(codes)
        name = font.getSubsetInternalName(subset, document)
        code.append(f"{name} {_number(run.size)} Tf 1 0 0 1 {_number(chars[0][0])} {_number(run.y)} Tm")
        code.append(_spaced(canvas, run.size, chars, codes))
    return "\n".join(code)


def _spaced(canvas: Any, size: float, chars: tuple[tuple[float, Glyph], ...], codes: bytes) -> str:
    """A TJ operator; adjustments are whole thousandths of the size and never add up their rounding."""
    pieces, together = [], b""
    pen = chars[0][0]
    for (x, glyph), code in zip(chars, codes, strict=True):
        adjust = round((pen - x) / size * 1000)
        if adjust:
            pieces.append(f"({canvas._escape(together)})" if together else "")
            pieces.append(str(adjust))
            together = b""
            pen -= adjust * size / 1000
        together += bytes((code,))
        pen += glyph.advance
    pieces.append(f"({canvas._escape(together)})")
    return f"[{' '.join(piece for piece in pieces if piece)}] TJ"

"""The inline content of a paragraph as a row of items: words, spaces, formulas, and where a line may end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.document.tree import Code, Emphasis, Inlines, LineBreak, Mark, Math, Strong, Text
from generator.typeset.boxes import Run
from generator.typeset.error import WideFormulaError
from generator.typeset.formula import Formula, FormulaError, set_formula
from generator.typeset.style import BODY, FORCED, MONO_SCALE, SHRINK, STRETCH
from generator.typeset.words import faces, syllables, text_width

HYPHEN_COST = 50.0
FORMULA_COST = 2.0  # breaking a line inside a formula, times TeX's penalty
STUB, STUB_COST = 6.0, 4.0  # a break that leaves less of the formula than so many type sizes costs so many times more
WITHIN_PIECE_COST = 6000.0  # breaking a line inside the parentheses of a formula that is wider than the line
EMERGENCY_COST = 9000.0  # breaking a line inside a word that is wider than the line
TAIL_COST = 50.0


@dataclass(frozen=True, slots=True)
class Space:
    """A space between words, in the face and size of the text around it."""

    font: str
    size: float


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the chain that is cut into lines.

    `width` may grow by up to `stretch` (without limit where `fill` is set) and lessen by `shrink`. With a `cost`, a
    line may end before this item. An item that `vanishes` is left out where a line begins with it.
    """

    ink: Run | Formula | Space | Mark | None
    width: float = 0.0
    stretch: float = 0.0
    shrink: float = 0.0
    cost: float | None = None
    fill: bool = False
    vanishes: bool = False


FILL = Item(None, fill=True)
STRUT = Item(None)
LINE_END = (FILL, Item(None, cost=FORCED, vanishes=True))


@dataclass(frozen=True, slots=True)
class Voice:
    """How text is set: its size, and whether it is bold or italic."""

    size: float = BODY
    bold: bool = False
    italic: bool = False

    @property
    def font(self) -> str:
        """The name of the face."""
        return {
            (False, False): "Text",
            (True, False): "Text-Bold",
            (False, True): "Text-Italic",
            (True, True): "Text-BoldItalic",
        }[self.bold, self.italic]


def inline_items(inlines: Inlines, voice: Voice, room: float) -> list[Item]:
    """Turn inline content into items, none of them wider than `room` without a place to break.

    Raises FormulaError for a formula that is none, WideFormulaError for one too wide, GlyphError for a letter
    that no face has.
    """
    items: list[Item] = []
    spaced = True  # a space at the beginning of a paragraph, or after another, is none
    for item in _items(inlines, voice, room):
        if isinstance(item.ink, Mark):
            # Marks stay on the line of the word before them.
            items.insert(len(items) - (spaced and bool(items)), item)
        elif not (spaced and isinstance(item.ink, Space)):
            items.append(item)
            spaced = isinstance(item.ink, Space) or item.cost == FORCED
    return items[:-1] if items and isinstance(items[-1].ink, Space) else items


def with_tail(items: list[Item], tail: str) -> list[Item]:
    """Let a paragraph end in words at the right margin, on its last line or, lacking room, on one of their own."""
    gap = Item(None, width=2 * BODY, vanishes=True)
    words = [replace(item, cost=None) for item in text_items(tail, Voice().font, BODY)]
    return [*items, FILL, Item(None, cost=TAIL_COST, vanishes=True), gap, STRUT, FILL, *words, *LINE_END[1:]]


def _items(inlines: Inlines, voice: Voice, room: float) -> Iterator[Item]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield from _fitted(text_items(text, voice.font, voice.size), room)
            case Code(text):
                yield from _fitted(text_items(text, "Mono", voice.size * MONO_SCALE), room)
            case Strong(inner):
                yield from _items(inner, replace(voice, bold=True), room)
            case Emphasis(inner):
                yield from _items(inner, replace(voice, italic=True), room)
            case Math(tex):
                yield from _formula_items(tex, voice.size, room)
            case Mark():
                yield Item(inline)
            case LineBreak():
                yield from LINE_END


@lru_cache(maxsize=4000)
def text_items(text: str, font: str, size: float) -> tuple[Item, ...]:
    """Words and spaces of plain text; runs of white space count as one, U+00A0 never ends a line."""
    found: list[Item] = []
    for piece in re.findall("[ \t\n]+|\u00a0|[^ \t\n\u00a0]+", unicodedata.normalize("NFC", text)):
        if piece == "\u00a0":
            found.append(_space(font, size, cost=None))
        elif piece.isspace():
            found.append(_space(font, size, cost=0.0))
        else:
            found += _word(piece, font, size)
    return tuple(found)


def _space(font: str, size: float, cost: float | None) -> Item:
    width = text_width(" ", font, size)
    give = 0.0 if font == "Mono" else size
    return Item(Space(font, size), width, STRETCH * give, SHRINK * give, cost, vanishes=cost is not None)


def _word(word: str, font: str, size: float) -> Iterator[Item]:
    for place, syllable in enumerate(syllables(word)):
        if place:
            yield Item(None, cost=HYPHEN_COST, vanishes=True)
        for text, face in faces(syllable, font):
            width = text_width(text, face, size)
            yield Item(Run(text, face, size, width), width)


def _fitted(items: Iterable[Item], room: float) -> Iterator[Item]:
    """Cut words that are wider than a line, letter by letter: nothing may leave the frame."""
    for item in items:
        if item.width <= room or not isinstance(item.ink, Run):
            yield item
            continue
        for letter in item.ink.text:
            yield Item(None, cost=EMERGENCY_COST, vanishes=True)
            width = text_width(letter, item.ink.font, item.ink.size)
            yield Item(replace(item.ink, text=letter, width=width), width)


def _formula_items(tex: str, size: float, room: float) -> Iterator[Item]:
    formula = set_formula(tex, size)
    *pieces, last = formula.pieces
    before = 0.0
    for piece in pieces:
        yield from _narrow(piece.formula, tex, room)
        before += piece.formula.width + piece.gap
        stub = min(before, formula.width - before) < STUB * size
        yield Item(None, piece.gap, cost=FORMULA_COST * piece.penalty * (STUB_COST if stub else 1.0), vanishes=True)
    yield from _narrow(last.formula, tex, room)


def _narrow(formula: Formula, tex: str, room: float) -> Iterator[Item]:
    """A piece of a formula; one that is too wide for a line is broken wherever it can be."""
    for place, line in enumerate(_lines(formula, tex, room)):
        if place:
            yield Item(None, cost=WITHIN_PIECE_COST, vanishes=True)
        yield Item(line, line.width)


def _lines(formula: Formula, tex: str, room: float) -> tuple[Formula, ...]:
    if formula.width <= room:
        return (formula,)
    try:
        return formula.split(room)
    except FormulaError as error:
        raise WideFormulaError(tex, formula.width, room) from error

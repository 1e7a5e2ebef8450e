"""The head of the first page: course, title, facts, and who writes the exam."""

from __future__ import annotations

from collections.abc import Sequence

from generator.document.tree import Field, Inline, Inlines, Sheet, Strong, Text
from generator.typeset.boxes import Column, Placed, Rule, Strip
from generator.typeset.flow import Flow, stack, unbroken
from generator.typeset.frame import frame
from generator.typeset.inline import Voice
from generator.typeset.paragraph import label_ink, natural_width, paragraph_strips, set_lines
from generator.typeset.style import BLOCK_SKIP, BODY, HAIR, LABEL_GAP, PARAGRAPH_SKIP, QUESTION, THICK, THIN, TITLE

FIELD_HEIGHT = 27.0
FIELD_GAP = 18.0
BADGE_PAD = 5.0
LEAST_BLANK = 60.0  # of the line that a name is written on


def title_flow(sheet: Sheet, column: Column) -> Flow:
    """Set the title block."""
    title = sheet.title
    flows = [
        _centred(title.course, column, Voice(QUESTION)),
        _centred(title.title, column, Voice(TITLE, bold=True)),
        _badge(sheet.badge, column),
        _facts(title.facts, column),
        *(_student(title.student, column) if title.student else ()),
    ]
    return Flow(unbroken(stack(flows)), 0.0, 2 * BLOCK_SKIP)


def _centred(text: str, column: Column, voice: Voice) -> Flow:
    strips = paragraph_strips((Text(text),), column, voice, "center") if text else []
    return Flow(tuple(strips), PARAGRAPH_SKIP, PARAGRAPH_SKIP)


def _badge(text: str, column: Column) -> Flow:
    """Set the word that tells a key from a question sheet, in a frame that nobody overlooks."""
    if not text:
        return Flow(())
    words = label_ink(text, Voice(QUESTION, bold=True), column.x + column.width / 2, 0.0, anchor=0.5)
    left, right = words[0].x, words[-1].x + words[-1].ink.width
    height = QUESTION + 2 * BADGE_PAD
    box = frame(left - 2 * BADGE_PAD, -height, right - left + 4 * BADGE_PAD, height, THICK)
    ink = (*(word.moved(0.0, -BADGE_PAD - 0.8 * QUESTION) for word in words), *box)
    return Flow((Strip(height, ink),), BLOCK_SKIP, BLOCK_SKIP)


def _facts(facts: Sequence[Field], column: Column) -> Flow:
    """Set date, duration, aids and the like as one centred line, or more where they need them."""
    inlines: list[Inline] = []
    for place, fact in enumerate(facts):
        inlines += [Text("\u2002·\u2002")] if place else []
        inlines += [Strong((Text(fact.label),)), Text(f"\u00a0{fact.value or ''}")]
    strips = paragraph_strips(tuple(inlines), column, Voice(BODY), "center") if inlines else []
    return Flow(tuple(strips), BLOCK_SKIP, BLOCK_SKIP)


def _student(fields: Sequence[Field], column: Column) -> list[Flow]:
    """Set who writes the exam, after each label or on a line to be filled in; two to a row where they fit."""
    share = (column.width - FIELD_GAP) / 2
    pair = 2 if all(_field_width(field) <= share for field in fields) else 1
    rows = [fields[start : start + pair] for start in range(0, len(fields), pair)]
    strips = [strip for row in rows for strip in _field_row(row, column)]
    rule = Strip(THIN, (Placed(column.x, -THIN, Rule(column.width, THIN)),))
    return [Flow((rule,), BLOCK_SKIP, 0.0), Flow(tuple(strips)), Flow((rule,), BLOCK_SKIP)]


def _field_width(field: Field) -> float:
    return natural_width(_field_text(field), Voice()) + (0.0 if field.value is not None else LEAST_BLANK)


def _field_text(field: Field) -> Inlines:
    value = f"\u2002{field.value}" if field.value is not None else ""
    return (Strong((Text(field.label),)), Text(value))


def _field_row(fields: Sequence[Field], column: Column) -> Sequence[Strip]:
    if len(fields) == 1 and _field_width(fields[0]) > column.width:
        return paragraph_strips(_field_text(fields[0]), column, setting="left")
    placed: list[Placed] = []
    share = (column.width - FIELD_GAP * (len(fields) - 1)) / len(fields)
    y = -0.75 * FIELD_HEIGHT
    for place, field in enumerate(fields):
        x = column.x + place * (share + FIELD_GAP)
        line = set_lines(_field_text(field), column.width, Voice(), "left")[0]
        placed += [ink.moved(x, y) for ink in line.placed]
        if field.value is None:
            start = x + line.width + LABEL_GAP
            placed.append(Placed(start, y - 2.0, Rule(x + share - start, HAIR)))
    return [Strip(FIELD_HEIGHT, tuple(placed))]

"""The table of points on the first page: each question's number and points, and a row for the marker's score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from math import fsum

from generator.document.tree import Alignment, PointsTable, Text
from generator.typeset.boxes import Column, Strip
from generator.typeset.columns import CELL_PAD
from generator.typeset.flow import Flow
from generator.typeset.inline import Voice
from generator.typeset.paragraph import natural_width
from generator.typeset.style import BLOCK_SKIP, CELL_HEIGHT, CELL_WIDTH, TOGETHER
from generator.typeset.tables import RULE_PAD, Layout, gridded


def points_flow(table: PointsTable, column: Column) -> Flow:
    """Set the table of points, in several pieces where there are many questions."""
    labels = (table.question_word, table.points_word, table.score_word)
    label = max(map(_cell_width, labels))
    cell = max(map(_cell_width, (table.total_word, table.total)))
    room = max(1, int((column.width - label - cell) // CELL_WIDTH))
    pieces = [table.columns[start : start + room] for start in range(0, len(table.columns), room)] or [()]
    strips: list[Strip] = []
    for piece in pieces:
        ends = [(table.total_word, table.total)] if piece is pieces[-1] else []
        widths = (label, *repeat(CELL_WIDTH, len(piece)), *repeat(cell, len(ends)))
        strips += _piece(labels, [*piece, *ends], widths, column)
    return Flow(tuple(strips), BLOCK_SKIP, BLOCK_SKIP)


def _cell_width(word: str) -> float:
    return max(CELL_WIDTH, natural_width((Text(word),), Voice()) + 2 * CELL_PAD)


def _piece(
    labels: Sequence[str], columns: Sequence[tuple[str, str]], widths: tuple[float, ...], column: Column
) -> Iterator[Strip]:
    """Three rows: the questions, their points, and room for the scores."""
    left = column.x + (column.width - fsum(widths)) / 2
    centred: Alignment = "center"
    layout = Layout(column, left, widths, ("left", *repeat(centred, len(columns))), Voice())
    questions = (labels[0], *(number for number, _ in columns))
    points = (labels[1], *(worth for _, worth in columns))
    scores = (labels[2], *repeat("", len(columns)))
    for number, row in enumerate((questions, points, scores)):
        height = CELL_HEIGHT if row is scores else 0.0
        strip = layout.row([(Text(word),) for word in row], RULE_PAD, RULE_PAD, height)
        yield gridded(strip, layout, TOGETHER) if number else replace(gridded(strip, layout, 0.0), gap=BLOCK_SKIP)

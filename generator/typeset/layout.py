"""A sheet laid out: every letter, rule and figure of every page in its place, before anything is painted."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from generator.document.tree import Sheet, Text
from generator.typeset.blocks import block_flows
from generator.typeset.boxes import Column, Placed, QrCode, Rule, Run
from generator.typeset.contents import numbered, page_numbers
from generator.typeset.flow import stack
from generator.typeset.inline import Voice
from generator.typeset.pages import break_pages, page_ink
from generator.typeset.paragraph import label_ink, natural_width
from generator.typeset.style import BOTTOM, FOOT, HAIR, HEAD, PAPERS, QR_SIDE, SIDE, SMALL, TOP
from generator.typeset.title import title_flow
from generator.typeset.words import text_width

CODE_SIZE = 8.5
RUNNING = Voice(SMALL, italic=True)
QR_GAP = 7.0  # four modules: a QR code needs white around it


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page: its paper in points, and its ink, placed from the paper's lower left corner, in reading order."""

    width: float
    height: float
    ink: tuple[Placed, ...]


def layout_sheet(sheet: Sheet) -> tuple[LaidOutPage, ...]:
    """Lay out a sheet; raises the errors of formulas, letters, tables and contents that cannot be set."""
    width, height = PAPERS[sheet.paper]
    column = Column(SIDE, width - 2 * SIDE)
    strips = stack([title_flow(sheet, column), *block_flows(sheet.blocks, column)])
    pages = [tuple(page_ink(page, height - TOP)) for page in break_pages(strips, height - TOP - BOTTOM)]
    places = page_numbers(pages)
    return tuple(
        LaidOutPage(
            width,
            height,
            (*_head(sheet, column, height), *numbered(page, places), *_foot(sheet, column, number, len(pages))),
        )
        for number, page in enumerate(pages, 1)
    )


def _head(sheet: Sheet, column: Column, height: float) -> list[Placed]:
    """The running head: what this is, whether it is a key, and the variant's code for eye and camera."""
    y = height - HEAD
    code, end = _code(sheet.code, column, y)
    rule = Placed(column.x, y - 6.0, Rule(end - column.x, HAIR))
    middle = column.x + column.width / 2
    badge = label_ink(sheet.badge, Voice(SMALL, bold=True), middle, y, anchor=0.5) if sheet.badge else []
    beside = [*badge, *code]
    room = (beside[0].x if beside else column.right) - column.x - 2 * QR_GAP
    title = label_ink(_shortened(sheet.running_title, room), RUNNING, column.x, y)
    return [*title, *badge, *code[:1], rule, *code[1:]]


def _code(text: str, column: Column, y: float) -> tuple[list[Placed], float]:
    """The variant's code in letters and as a QR code, and where the rule below the head ends."""
    if not text:
        return [], column.right
    qr = Placed(column.right - QR_SIDE, y - 6.0, QrCode(text, QR_SIDE))
    width = text_width(text, "Mono", CODE_SIZE)
    return [Placed(qr.x - QR_GAP - width, y, Run(text, "Mono", CODE_SIZE, width)), qr], qr.x - QR_GAP


def _shortened(title: str, room: float) -> str:
    """A running title that ends in dots where it would run into what stands beside it."""
    if natural_width((Text(title),), RUNNING) <= room:
        return title
    starts = [title[:length].rstrip() + "…" for length in range(len(title))]
    fitting = bisect_right(starts, room, key=lambda start: natural_width((Text(start),), RUNNING))
    return starts[max(0, fitting - 1)]


def _foot(sheet: Sheet, column: Column, page: int, pages: int) -> list[Placed]:
    text = sheet.page_words.format(page=page, pages=pages)
    return label_ink(text, Voice(SMALL), column.x + column.width / 2, FOOT, anchor=0.5)

"""A sheet laid out: every letter, rule and figure of every page in its place, before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass

from generator.document.tree import Sheet, Text
from generator.typeset.blocks import block_flows
from generator.typeset.boxes import Column, Placed, QrCode, Rule, Run
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
    """Lay out a sheet; raises the errors of formulas, letters and tables that cannot be set."""
    width, height = PAPERS[sheet.paper]
    column = Column(SIDE, width - 2 * SIDE)
    strips = stack([title_flow(sheet, column), *block_flows(sheet.blocks, column)])
    pages = break_pages(strips, height - TOP - BOTTOM)
    return tuple(
        LaidOutPage(
            width,
            height,
            (*_head(sheet, column, height), *page_ink(page, height - TOP), *_foot(sheet, column, number, len(pages))),
        )
        for number, page in enumerate(pages, 1)
    )


def _head(sheet: Sheet, column: Column, height: float) -> list[Placed]:
    """The running head: what this is, whether it is a key, and the variant's code for eye and camera."""
    y = height - HEAD
    qr = Placed(column.right - QR_SIDE, y - 6.0, QrCode(sheet.code, QR_SIDE))
    code_width = text_width(sheet.code, "Mono", CODE_SIZE)
    code = Placed(qr.x - QR_GAP - code_width, y, Run(sheet.code, "Mono", CODE_SIZE, code_width))
    rule = Placed(column.x, y - 6.0, Rule(column.width - QR_SIDE - QR_GAP, HAIR))
    middle = column.x + column.width / 2
    badge = label_ink(sheet.badge, Voice(SMALL, bold=True), middle, y, anchor=0.5) if sheet.badge else []
    room = (badge[0].x if badge else code.x) - column.x - 2 * QR_GAP
    title = label_ink(_shortened(sheet.running_title, room), RUNNING, column.x, y)
    return [*title, *badge, code, rule, qr]


def _shortened(title: str, room: float) -> str:
    """A running title that ends in dots where it would run into what stands beside it."""
    if natural_width((Text(title),), RUNNING) <= room:
        return title
    while title and natural_width((Text(title + "…"),), RUNNING) > room:
        title = title[:-1].rstrip()
    return title + "…"


def _foot(sheet: Sheet, column: Column, page: int, pages: int) -> list[Placed]:
    text = sheet.page_words.format(page=page, pages=pages)
    return label_ink(text, Voice(SMALL), column.x + column.width / 2, FOOT, anchor=0.5)

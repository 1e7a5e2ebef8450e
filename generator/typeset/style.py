"""The sizes and distances of the page, in points: one place to change the look of every sheet."""

from __future__ import annotations

from typing import Final

# Paper, width by height, and the frame that text keeps within.
PAPERS: Final = {"a4": (595.276, 841.89), "letter": (612.0, 792.0)}
SIDE: Final = 70.0  # left and right margin
TOP: Final = 74.0  # from the paper's edge to the text
BOTTOM: Final = 66.0
HEAD: Final = 46.0  # from the paper's upper edge to the baseline of the running head
FOOT: Final = 38.0  # from the paper's lower edge to the baseline of the page number
QR_SIDE: Final = 31.0  # 11 mm: read by any phone, modules of half a millimetre

# Type sizes.
BODY: Final = 10.5
SMALL: Final = 9.0
MONO_SCALE: Final = 0.9  # the typewriter face looks larger than the text face at the same size
TITLE: Final = 17.0
SECTION: Final = 14.0
QUESTION: Final = 12.0
LEADING: Final = 1.27  # distance of baselines, in type sizes
STRUT: Final = 0.72  # the part of the leading above the baseline
LINE_GAP: Final = 1.2  # least space above and below a formula in its line
TALL: Final = 1.9  # type sizes; a fraction in display style is taller
TALL_GAP: Final = 2.8  # the same for a tall one

# Word space in type sizes: its width comes from the font, these are its give and take.
STRETCH: Final = 0.13
SHRINK: Final = 0.055

# Vertical space.
PARAGRAPH_SKIP: Final = 5.0
DISPLAY_SKIP: Final = 8.0
ITEM_SKIP: Final = 2.5
BLOCK_SKIP: Final = 8.0
PART_SKIP: Final = 9.0
QUESTION_SKIP: Final = 20.0
SECTION_SKIP: Final = 26.0

# Horizontal space.
PART_INDENT: Final = 24.0
LIST_INDENT: Final = 18.0
SOLUTION_INDENT: Final = 10.0
LABEL_GAP: Final = 5.0
MARK_GAP: Final = 10.0
BOX_PAD: Final = 6.0

# Rules.
HAIR: Final = 0.4
THIN: Final = 0.5
THICK: Final = 0.9
GREY: Final = 0.55  # of rules that guide the pen; black and white printers keep it visible

# Answer spaces.
WRITING_LINE: Final = 23.0
CELL_WIDTH: Final = 36.0
CELL_HEIGHT: Final = 24.0
BOX_HEIGHT: Final = 30.0  # a box holds a fraction written by hand
BOX_WIDTH: Final = 86.0  # at least
LARGE_CELL_WIDTH: Final = 64.0

# Page breaks: what it costs to break before a strip, against the space it leaves empty (EMPTY_PAGE × share³: a tenth of
# a page costs 90, a fifth 720, a third 3,300).
EMPTY_PAGE: Final = 90_000.0
PAGE: Final = 1000.0  # one more page
SCANTY: Final = 1000.0  # a last page with nothing on it, less the more there is, up to SCANTY_SHARE of its height
SCANTY_SHARE: Final = 0.15
SQUEEZED: Final = 100.0  # each writing line that is left out
WITHIN_PARAGRAPH: Final = 60.0
CLUB: Final = 2500.0  # a paragraph's first or last line alone
WITHIN_BLOCK: Final = 120.0
AFTERWARDS: Final = 60.0  # a solution and what wrong methods give
APART: Final = 200.0  # the blocks of a part; a figure or a boxed answer and the text that leads to it
DIVIDED: Final = 400.0  # a small table, the first or last row of a derivation or a listing
KEEP: Final = 800.0  # a prompt and what belongs to it, a formula and the text that announces it
TOGETHER: Final = 100_000.0  # a heading and its text, a label and its line
WHOLE: Final = 260.0  # an answer box or a table up to this height is not divided while a page can hold it
FORCED: Final = -1.0

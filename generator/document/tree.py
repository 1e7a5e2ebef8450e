"""What a sheet consists of: paragraphs, formulas, tables and figures, and questions, parts, answer spaces above.

The tree says what things are, not how they look. Every word in it is already in the sheet's language: what is
made from the tree adds no words of its own. Lengths are in points (1/72 inch); formulas are TeX, less dollars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from generator.figure import Figure

Alignment: TypeAlias = Literal["left", "center", "right"]
Paper: TypeAlias = Literal["a4", "letter"]

# --- inlines: what stands within a line ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain running text. U+00A0 is a space that never ends a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of program text within a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """An inline formula, in TeX."""

    tex: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Marks earned by a step of the solution, such as "2 marks", set at the right margin of its line."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line that ends here."""


Inline: TypeAlias = Text | Strong | Emphasis | Code | Math | Mark | LineBreak
Inlines: TypeAlias = tuple[Inline, ...]

# --- blocks that Markdown can say ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a question or a solution; level 1 is the largest."""

    level: int
    inlines: Inlines


@dataclass(frozen=True, slots=True)
class DisplayMath:
    """A formula on lines of its own, with the marks its last line earns, if any."""

    tex: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Program text, line by line."""

    code: str


@dataclass(frozen=True, slots=True)
class BulletList:
    """An unnumbered list; each item is a sequence of blocks."""

    items: tuple[Blocks, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A numbered list that counts from `start`; each item is a sequence of blocks."""

    items: tuple[Blocks, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a multiple-choice question; `right` is True only in a key."""

    inlines: Inlines
    right: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a multiple-choice question, with a box to tick before each."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one head row; every row has as many cells as `header`, each cell is inline content.

    `to_fill` marks a table whose empty cells the student fills in: it is drawn as a grid with roomy cells.
    """

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    alignments: tuple[Alignment, ...]
    to_fill: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in (*self.rows, self.alignments)) or not self.header:
            raise ValueError("every row of a table, and its alignments, must be as long as its header")


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with its caption, which may be empty."""

    figure: Figure
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """A final answer, boxed in the key."""

    blocks: Blocks


# --- blocks that only a sheet has ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that the document's outline lists; `name` is unique in the document, `level` 0 is the highest."""

    name: str
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents: landmarks of the same sheet, each with the page that it is on."""

    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The title of a group of questions; with a `landmark` the outline lists it."""

    title: str
    landmark: Landmark | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A numbered question; `points` is worded, such as "12 points", and may be empty; `landmark` as for a section."""

    number: str
    title: str
    points: str
    blocks: Blocks
    landmark: Landmark | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question; `label` is set hanging, such as "(a)"; `points` as for a question."""

    label: str
    points: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Solution:
    """Worked solution, in the key, set off from the question's text; `title` is a word such as "Solution"."""

    title: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Lines:
    """Answer space: so many ruled lines to write on."""

    count: int


@dataclass(frozen=True, slots=True)
class GridSpace:
    """Answer space: an empty grid, for a matrix or a feature map, after a label such as "Y =".

    Cells that are `large` hold a fraction written by hand.
    """

    rows: int
    columns: int
    label: Inlines = ()
    large: bool = False

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise ValueError(f"a grid of {self.rows} × {self.columns} cells has no room for an answer")


@dataclass(frozen=True, slots=True)
class Boxes:
    """Answer space: boxes side by side, each after its name."""

    names: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class BlankBox:
    """Answer space: an empty frame as wide as the text and `height` points high."""

    height: float


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True, slots=True)
class PointsTable:
    """The points of each question and their total, with a row in which the marker writes the score.

    `columns` holds a question's number and its points, such as ("3", "12").
    """

    columns: tuple[tuple[str, str], ...]
    total: str
    question_word: str = "Question"
    points_word: str = "Points"
    score_word: str = "Score"
    total_word: str = "Total"


Content: TypeAlias = (
    Paragraph | Heading | DisplayMath | Listing | BulletList | NumberedList | Choices | Table | FigureBlock | AnswerBox
)
AnswerSpace: TypeAlias = Lines | GridSpace | Boxes | BlankBox
Block: TypeAlias = Content | AnswerSpace | Contents | Section | Question | Part | Solution | PageBreak | PointsTable
Blocks: TypeAlias = tuple[Block, ...]

# --- the sheet ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled fact in the title block; `value` None leaves a line to be filled in by hand."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """The head of the first page.

    `facts` are the date, the duration, the aids and the like; `student` holds the fields for name and number.
    """

    course: str
    title: str
    facts: tuple[Field, ...] = ()
    student: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed sheet: a question sheet or a key, for one variant.

    `code` is the variant's code, printed on every page as text and as a QR code, or empty for what is no variant;
    `running_title` stands there too.
    `badge` marks a key, such as "Answer key", in the title and at the head of every page; it is empty on a
    question sheet. `language` is a BCP 47 tag. `page_words` has the places {page} and {pages}. `author` and
    `subject` go into the document's metadata only.
    """

    title: TitleBlock
    language: str
    paper: Paper
    code: str
    running_title: str
    blocks: Blocks
    badge: str = ""
    author: str = ""
    subject: str = ""
    page_words: str = "Page {page} of {pages}"


def plain(inlines: Inlines) -> Iterator[str]:
    """Yield the letters of inline content in reading order, formulas as their TeX."""
    for inline in inlines:
        match inline:
            case Text(text) | Code(text) | Mark(text):
                yield text
            case Math(tex):
                yield tex
            case Strong(inner) | Emphasis(inner):
                yield from plain(inner)
            case LineBreak():
                yield " "
